using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>The segments that a caller has given as one buffer: a datagram is gathered from them, or scattered over them.</summary>
internal static class SegmentList
{
    /// <summary>No more are taken at once (Linux' UIO_MAXIOV).</summary>
    private const int MostSegments = 1024;

    /// <summary>Refuses a list that is none, is empty, or has segments that are part of nothing.</summary>
    internal static void RequireUsable(IList<ArraySegment<byte>> buffers)
    {
        ArgumentNullException.ThrowIfNull(buffers);
        if (buffers.Count == 0)
            throw new ArgumentException("The list has no segments.", nameof(buffers));
        for (int i = 0; i < buffers.Count; i++)
        {
            ArraySegment<byte> segment = buffers[i];
            ArgumentNullException.ThrowIfNull(segment.Array, nameof(segment));
        }
    }

    /// <summary>Whether the segments are more, or together longer, than one send may have.</summary>
    internal static bool IsTooMuch(IList<ArraySegment<byte>> segments) =>
        segments.Count > MostSegments || LengthOf(segments, segments.Count) > UdpProtocol.MaxPayload;

    /// <summary>Why a receive does not begin: its flags, or its segments. Of those only as many count as the next datagram needs; all, if there is none.</summary>
    internal static SocketError RefusalOf(IList<ArraySegment<byte>> segments, SocketFlags flags, UdpEndpoint endpoint)
    {
        if (!ReceiveFlags.AreKnown(flags))
            return SocketError.OperationNotSupported;
        if (segments.Count <= MostSegments)
            return SocketError.Success;
        bool suffice = endpoint.Peek() is > 0 and var length && length <= LengthOf(segments, MostSegments);
        return suffice ? SocketError.Success : SocketError.MessageSize;
    }

    /// <summary>How many bytes of a datagram the segments have room for; no datagram has more than <see cref="UdpProtocol.MaxPayload"/>.</summary>
    internal static int RoomOf(IList<ArraySegment<byte>> segments) => (int)Math.Min(LengthOf(segments, segments.Count), UdpProtocol.MaxPayload);

    /// <summary>Copies the segments, one after the other.</summary>
    internal static void Gather(IList<ArraySegment<byte>> segments, Span<byte> destination)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            segments[i].AsSpan().CopyTo(destination);
            destination = destination[segments[i].Count..];
        }
    }

    /// <summary>Fills the segments, one after the other, as far as the bytes go.</summary>
    internal static void Scatter(ReadOnlySpan<byte> source, IList<ArraySegment<byte>> segments)
    {
        for (int i = 0; i < segments.Count && !source.IsEmpty; i++)
        {
            int length = Math.Min(source.Length, segments[i].Count);
            source[..length].CopyTo(segments[i]);
            source = source[length..];
        }
    }

    private static long LengthOf(IList<ArraySegment<byte>> segments, int count)
    {
        long length = 0;
        for (int i = 0; i < count; i++)
            length += segments[i].Count;
        return length;
    }
}

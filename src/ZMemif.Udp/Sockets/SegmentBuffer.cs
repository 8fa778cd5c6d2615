using System.Buffers;
using System.Runtime.InteropServices;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// One stretch of memory for a list of segments: the only segment itself, or a borrowed buffer that the segments are gathered
/// into before a send, or scattered from after a receive. Whoever has made it gives it back.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SegmentBuffer : IDisposable
{
    /// <summary>How many segments a send may have: UIO_MAXIOV of Linux.</summary>
    private const int MaxSegments = 1024;

    /// <summary>In bytes; no payload is longer.</summary>
    private const int MaxLength = ushort.MaxValue;

    private readonly byte[]? _borrowed;

    private SegmentBuffer(Memory<byte> memory, byte[]? borrowed)
    {
        Memory = memory;
        _borrowed = borrowed;
    }

    internal Memory<byte> Memory { get; }

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
    internal static bool IsTooMuch(IList<ArraySegment<byte>> buffers) => buffers.Count > MaxSegments || LengthOf(buffers) > MaxLength;

    /// <summary>The payload that the segments make together.</summary>
    internal static SegmentBuffer Gather(IList<ArraySegment<byte>> buffers)
    {
        SegmentBuffer gathered = For(buffers);
        if (gathered._borrowed is null)
            return gathered;
        Memory<byte> rest = gathered.Memory;
        for (int i = 0; i < buffers.Count; i++)
        {
            buffers[i].AsMemory().CopyTo(rest);
            rest = rest[buffers[i].Count..];
        }

        return gathered;
    }

    /// <summary>Room for what the segments can hold together.</summary>
    internal static SegmentBuffer For(IList<ArraySegment<byte>> buffers)
    {
        if (buffers.Count == 1)
            return new SegmentBuffer(buffers[0], borrowed: null);
        int length = (int)Math.Min(LengthOf(buffers), MaxLength);
        byte[] borrowed = ArrayPool<byte>.Shared.Rent(length);
        return new SegmentBuffer(borrowed.AsMemory(0, length), borrowed);
    }

    /// <summary>Fills the segments in turn with what has been received.</summary>
    /// <param name="buffers">The same segments as before.</param>
    /// <param name="count">How long it was, in bytes; what there was no room for has been cut.</param>
    internal void Scatter(IList<ArraySegment<byte>> buffers, int count)
    {
        if (_borrowed is null)
            return;
        ReadOnlyMemory<byte> rest = Memory[..Math.Min(count, Memory.Length)];
        for (int i = 0; !rest.IsEmpty; i++)
        {
            int length = Math.Min(rest.Length, buffers[i].Count);
            rest[..length].CopyTo(buffers[i]);
            rest = rest[length..];
        }
    }

    public void Dispose()
    {
        if (_borrowed is not null)
            ArrayPool<byte>.Shared.Return(_borrowed);
    }

    private static long LengthOf(IList<ArraySegment<byte>> buffers)
    {
        long length = 0;
        for (int i = 0; i < buffers.Count; i++)
            length += buffers[i].Count;
        return length;
    }
}

namespace ZMemif.Udp.Sockets;

/// <summary>The segments that a caller has given as one buffer: a datagram is gathered from them, or scattered over them.</summary>
internal static class SegmentList
{
    /// <summary>No more are taken at once (Linux' IOV_MAX).</summary>
    internal const int MostSegments = 1024;

    /// <summary>The bytes of all segments together.</summary>
    internal static long LengthOf(IList<ArraySegment<byte>> segments)
    {
        long length = 0;
        for (int i = 0; i < segments.Count; i++)
            length += segments[i].Count;
        return length;
    }

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
}

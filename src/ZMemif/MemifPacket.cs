using ZMemif.Memory;

namespace ZMemif;

/// <summary>
/// One received packet, still lying in memory that the peer can write at any time: its bytes may change between two
/// looks. Copy before you parse. Valid until <see cref="MemifRxQueue.Release"/>.
/// </summary>
public readonly ref struct MemifPacket
{
    private readonly Generation _generation;
    private readonly ReadOnlySpan<PacketSegment> _segments;

    internal MemifPacket(Generation generation, ReadOnlySpan<PacketSegment> segments, int length)
    {
        _generation = generation;
        _segments = segments;
        Length = length;
    }

    /// <summary>Bytes in all segments together.</summary>
    public int Length { get; }

    /// <summary>Number of pieces that the packet lies in; 1 unless the peer chained buffers.</summary>
    public int SegmentCount => _segments.Length;

    /// <summary>One piece of the packet; the content is volatile.</summary>
    public ReadOnlySpan<byte> GetSegment(int index) => _generation.View(_segments[index]);

    /// <summary>Copies bytes from <paramref name="offset"/> on, as many as there are and as fit.</summary>
    /// <returns>The number of bytes copied.</returns>
    public int CopyTo(int offset, Span<byte> destination)
    {
        int copied = 0;
        for (int i = 0; i < _segments.Length && copied < destination.Length; i++)
        {
            ReadOnlySpan<byte> segment = GetSegment(i);
            if (offset >= segment.Length)
            {
                offset -= segment.Length;
                continue;
            }

            ReadOnlySpan<byte> piece = segment[offset..];
            piece = piece[..Math.Min(piece.Length, destination.Length - copied)];
            piece.CopyTo(destination[copied..]);
            copied += piece.Length;
            offset = 0;
        }

        return copied;
    }
}

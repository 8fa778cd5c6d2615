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
    private readonly byte[]? _borrowed;

    private SegmentBuffer(Memory<byte> memory, byte[]? borrowed)
    {
        Memory = memory;
        _borrowed = borrowed;
    }

    internal Memory<byte> Memory { get; }

    /// <summary>The payload that the segments make together.</summary>
    internal static SegmentBuffer Gather(IList<ArraySegment<byte>> buffers)
    {
        SegmentBuffer gathered = For(buffers);
        if (gathered._borrowed is not null)
            SegmentList.Gather(buffers, gathered.Memory.Span);
        return gathered;
    }

    /// <summary>Room for what the segments can hold together.</summary>
    internal static SegmentBuffer For(IList<ArraySegment<byte>> buffers)
    {
        if (buffers.Count == 1)
            return new SegmentBuffer(buffers[0], borrowed: null);
        int length = SegmentList.RoomOf(buffers);
        byte[] borrowed = ArrayPool<byte>.Shared.Rent(length);
        return new SegmentBuffer(borrowed.AsMemory(0, length), borrowed);
    }

    /// <summary>Fills the segments in turn with what has been received.</summary>
    /// <param name="buffers">The same segments as before.</param>
    /// <param name="count">How long it was, in bytes; what there was no room for has been cut.</param>
    internal void Scatter(IList<ArraySegment<byte>> buffers, int count)
    {
        if (_borrowed is not null)
            SegmentList.Scatter(Memory.Span[..Math.Min(count, Memory.Length)], buffers);
    }

    public void Dispose()
    {
        if (_borrowed is not null)
            ArrayPool<byte>.Shared.Return(_borrowed);
    }
}

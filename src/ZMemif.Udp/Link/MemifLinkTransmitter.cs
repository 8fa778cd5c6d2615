namespace ZMemif.Udp.Link;

/// <summary>
/// A memif transmit queue as part of a link. A frame that fits one buffer is written in place; a longer one, which is
/// rare, is put together in a private buffer and copied into a chain.
/// </summary>
internal sealed class MemifLinkTransmitter(MemifTxQueue queue) : ILinkTransmitter
{
    // Frames that do not fit one buffer, and what is reserved after the first of them. The buffers are kept for the next time.
    private byte[][] _buffers = [];
    private ReadOnlyMemory<byte>[] _assembled = [];
    private int _count;
    private int _slots; // of all that is reserved

    public long Frames => (long)queue.Packets;

    public int Room
    {
        get
        {
            MemifTxStatistics now = queue.Statistics;
            return now.RingSize - now.Occupancy;
        }
    }

    public int Capacity => queue.Statistics.RingSize;

    public int SlotsFor(int length)
    {
        int buffer = queue.NextBufferLength;
        return buffer == 0 ? 1 : (length + buffer - 1) / buffer;
    }

    public bool TryReserve(int length, out Span<byte> frame)
    {
        frame = default;
        if (_count == 0 && queue.TryReserve(length, out frame))
        {
            _slots++;
            return true;
        }

        int next = queue.NextBufferLength;
        int slots = SlotsFor(length);
        if (next == 0 || (_count == 0 && length <= next) || slots > Room - _slots)
            return false;
        _slots += slots;
        frame = Assemble(length);
        return true;
    }

    public bool Commit()
    {
        bool isAll = true;
        for (int i = 0; i < _count && isAll; i++)
            isAll = queue.TryAdd(_assembled[i].Span);
        _count = _slots = 0;
        MustWakePeer = queue.Publish();
        return isAll;
    }

    public bool MustWakePeer { get; private set; }

    public void WakePeer() => queue.WakePeer();

    public void Discard()
    {
        _count = _slots = 0;
        queue.Discard();
    }

    private Span<byte> Assemble(int length)
    {
        if (_count == _buffers.Length)
        {
            Array.Resize(ref _buffers, _count + 1);
            Array.Resize(ref _assembled, _count + 1);
        }

        if (_buffers[_count] is not { } buffer || buffer.Length < length)
            buffer = _buffers[_count] = new byte[length];
        _assembled[_count++] = buffer.AsMemory(0, length);
        return buffer.AsSpan(0, length);
    }
}

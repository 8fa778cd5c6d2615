namespace ZMemif.Udp.Link;

/// <summary>
/// A memif transmit queue as part of a link. A frame that fits one buffer is written in place; a longer one, which is
/// rare, is put together in a private buffer and copied into a chain.
/// </summary>
internal sealed class MemifLinkTransmitter(MemifTxQueue queue) : ILinkTransmitter
{
    private byte[] _assembled = [];
    private int _assembledLength;

    public long Frames => (long)queue.Packets;

    public int Room
    {
        get
        {
            MemifTxStatistics now = queue.Statistics;
            return now.RingSize - now.Occupancy;
        }
    }

    public bool TryReserve(int length, out Span<byte> frame)
    {
        if (queue.TryReserve(length, out frame))
            return true;
        int next = queue.NextBufferLength;
        if (next == 0 || length <= next)
            return false;
        if (_assembled.Length < length)
            _assembled = new byte[length];
        _assembledLength = length;
        frame = _assembled.AsSpan(0, length);
        return true;
    }

    public bool Commit()
    {
        if (_assembledLength == 0)
        {
            queue.Commit();
            return true;
        }

        bool sent = queue.TrySend(_assembled.AsSpan(0, _assembledLength));
        _assembledLength = 0;
        return sent;
    }

    public void Discard()
    {
        _assembledLength = 0;
        queue.Discard();
    }
}

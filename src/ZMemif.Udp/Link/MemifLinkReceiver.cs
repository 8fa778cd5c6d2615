namespace ZMemif.Udp.Link;

/// <summary>A memif receive queue as part of a link. Chained frames, which are rare, are put together in a private buffer.</summary>
internal sealed class MemifLinkReceiver(MemifRxQueue queue) : ILinkReceiver
{
    private byte[] _assembled = [];

    public long Frames => (long)queue.Packets;

    public int Acquire(int maxFrames) => queue.Acquire(maxFrames);

    public bool TryRead(out ReadOnlySpan<byte> frame)
    {
        if (!queue.TryRead(out MemifPacket packet))
        {
            frame = default;
            return false;
        }

        frame = packet.SegmentCount == 1 ? packet.GetSegment(0) : Assemble(packet);
        return true;
    }

    public void Release() => queue.Release();

    public void Wait(TimeSpan timeout) => queue.Wait(timeout);

    public void Wake() => queue.Wake();

    private ReadOnlySpan<byte> Assemble(MemifPacket packet)
    {
        if (_assembled.Length < packet.Length)
            _assembled = new byte[packet.Length];
        return _assembled.AsSpan(0, packet.CopyTo(0, _assembled));
    }
}

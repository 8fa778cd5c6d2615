using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>
/// A server sends: it fills the buffers that the client posted, writes length and flags, and advances tail (§3.5). Each
/// posted descriptor is copied once and checked before it becomes a span.
/// </summary>
internal sealed class ServerTxWalk(Generation generation, Ring ring, QueueSignal signal) : TxWalk(generation, ring, signal)
{
    private ushort _head;
    private ushort _tail;

    /// <remarks>The mask stays as it is: it belongs to the client, which may be asleep.</remarks>
    internal override string? Open() => OpenPeersRing();

    /// <remarks>What the client has not posted again it has not consumed.</remarks>
    protected override int OccupancyAt(ushort head, ushort tail) => Ring.Slots - Math.Min((ushort)(head - _tail), Ring.Slots);

    protected override bool TryTake(int ahead, out PacketSegment free)
    {
        free = default;
        if (ahead >= (ushort)(_head - _tail) && !TryReload(ahead))
            return false;

        Descriptor descriptor = Ring.ReadDescriptor((ushort)(_tail + ahead));
        if (descriptor.Length == 0 || !Generation.Contains(descriptor.Region, descriptor.Offset, descriptor.Length))
        {
            Fail($"the buffer posted in slot {(ushort)(_tail + ahead)} is impossible: region {descriptor.Region}, offset {descriptor.Offset}, length {descriptor.Length}");
            return false;
        }

        int capacity = (int)Math.Min(descriptor.Length, RxWalk.MaxPacketLength);
        free = new PacketSegment(descriptor.Region, descriptor.Offset, capacity, More: false);
        return true;
    }

    /// <remarks>What lies before a posted buffer is not ours.</remarks>
    protected override int RoomBefore(int ahead, in PacketSegment segment) => 0;

    protected override void Publish(ReadOnlySpan<PacketSegment> segments)
    {
        foreach (PacketSegment segment in segments)
            Ring.WriteLengthAndFlags(_tail++, (uint)segment.Length, segment.More ? Descriptor.Next : (ushort)0);
        Ring.ReleaseTail(_tail);
    }

    private bool TryReload(int ahead)
    {
        ushort head = Ring.AcquireHead();
        int posted = (ushort)(head - _tail);
        if (posted > Ring.Slots)
            Fail($"head {head} is {posted} slots ahead of {_tail} on a ring of {Ring.Slots}");
        else if (posted < (ushort)(_head - _tail))
            Fail($"head went back from {_head} to {head}");
        else
            _head = head;
        return Violation is null && ahead < posted;
    }
}

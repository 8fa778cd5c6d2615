using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>A client sends: it fills slots with its own buffers and advances head; the server returns them by tail (§3.3).</summary>
internal sealed class ClientTxWalk(Generation generation, Ring ring, QueueSignal signal, BufferPool buffers)
    : TxWalk(generation, ring, signal)
{
    private ushort _head;
    private ushort _tail;

    internal override string? Open()
    {
        Ring.ResetCounters();
        return null;
    }

    protected override int OccupancyAt(ushort head, ushort tail) => Math.Min((ushort)(_head - tail), Ring.Slots);

    protected override bool TryTake(int ahead, out PacketSegment free)
    {
        if ((ushort)(_head - _tail) + ahead >= Ring.Slots && !TryReload(ahead))
        {
            free = default;
            return false;
        }

        free = new PacketSegment(buffers.Region, buffers.OffsetOf((ushort)(_head + ahead)), buffers.Capacity, More: false);
        return true;
    }

    protected override int RoomBefore(int ahead, in PacketSegment segment) =>
        buffers.Headroom - (int)(buffers.OffsetOf((ushort)(_head + ahead)) - segment.Offset);

    protected override void Publish(ReadOnlySpan<PacketSegment> segments)
    {
        foreach (PacketSegment segment in segments)
        {
            var descriptor = new Descriptor
            {
                Flags = segment.More ? Descriptor.Next : (ushort)0,
                Region = segment.Region,
                Length = (uint)segment.Length,
                Offset = segment.Offset,
            };
            Ring.WriteDescriptor(_head++, descriptor);
        }

        Ring.ReleaseHead(_head);
    }

    private bool TryReload(int ahead)
    {
        ushort tail = Ring.AcquireTail();
        if ((ushort)(tail - _tail) > (ushort)(_head - _tail))
        {
            Fail($"tail went from {_tail} to {tail}, but head is {_head}");
            return false;
        }

        _tail = tail;
        return (ushort)(_head - _tail) + ahead < Ring.Slots;
    }
}

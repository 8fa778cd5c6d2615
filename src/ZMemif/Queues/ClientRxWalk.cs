using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>
/// A client receives: it posts empty buffers and advances head, the server fills them and advances tail (§3.6). Where a
/// buffer lies is known privately and never read back from the ring.
/// </summary>
internal sealed class ClientRxWalk : RxWalk
{
    private readonly BufferPool _buffers;
    private ushort _tail;

    internal ClientRxWalk(Generation generation, Ring ring, QueueSignal signal, BufferPool buffers)
        : base(generation, ring, signal)
    {
        _buffers = buffers;
    }

    internal override bool HasPackets => Ring.AcquireTail() != Next;

    /// <summary>Posts every buffer; only after CONNECTED, because servers zero the counters until then (§1.4).</summary>
    internal void PostAll() => Return((ushort)(Next - Ring.Slots), Ring.Slots);

    protected override int GatherCore(int maxPackets)
    {
        int available = (ushort)(_tail - Next);
        if (available == 0)
        {
            _tail = Ring.AcquireTail();
            available = (ushort)(_tail - Next);
        }

        if (available > Ring.Slots)
        {
            Fail($"tail {_tail} is {available} slots ahead of {Next}, but {Ring.Slots} buffers were posted");
            return 0;
        }

        int packets = 0;
        for (int i = 0; i < available && packets < maxPackets; i++)
        {
            if (!TryTake(i, out bool endOfPacket))
                return packets;
            if (endOfPacket)
                packets++;
        }

        if (packets == 0 && available > 0)
            LookForTheRest(available);
        return packets;
    }

    protected override void Return(ushort first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            uint slot = (ushort)(first + i);
            Ring.WriteDescriptor(slot, _buffers.Describe(slot, _buffers.BufferSize));
        }

        Ring.ReleaseHead((ushort)(first + count + Ring.Slots));
    }

    private bool TryTake(int ahead, out bool endOfPacket)
    {
        uint slot = (ushort)(Next + ahead);
        Descriptor descriptor = Ring.ReadDescriptor(slot);
        endOfPacket = (descriptor.Flags & Descriptor.Next) == 0;
        if (descriptor.Length > (uint)_buffers.BufferSize)
        {
            Fail($"slot {slot} claims {descriptor.Length} bytes in a buffer of {_buffers.BufferSize}");
            return false;
        }

        if (Append(new PacketSegment(0, _buffers.OffsetOf(slot), (int)descriptor.Length, !endOfPacket)))
            return true;
        Fail($"a chain is longer than {MaxPacketLength} bytes");
        return false;
    }

    // The private copy of tail ended inside a packet: forget it, so that the next look reads the ring again.
    private void LookForTheRest(int available)
    {
        CheckOpenChain(available);
        _tail = Next;
    }
}

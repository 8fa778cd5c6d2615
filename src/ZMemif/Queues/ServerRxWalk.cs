using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>A server receives: the client fills slots and advances head, the server returns them by advancing tail (§3.4).</summary>
internal sealed class ServerRxWalk(Generation generation, Ring ring, QueueSignal signal) : RxWalk(generation, ring, signal)
{
    private ushort _head;

    internal override bool HasPackets => Ring.AcquireHead() != Next;

    protected override int GatherCore(int maxPackets)
    {
        int available = (ushort)(_head - Next);
        if (available == 0)
        {
            _head = Ring.AcquireHead();
            available = (ushort)(_head - Next);
        }

        if (available > Ring.Slots)
        {
            Fail($"head {_head} is {available} slots ahead of {Next} on a ring of {Ring.Slots}");
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

    protected override void Return(ushort first, int count) => Ring.ReleaseTail((ushort)(first + count));

    private bool TryTake(int ahead, out bool endOfPacket)
    {
        Descriptor descriptor = Ring.ReadDescriptor((uint)(Next + ahead));
        endOfPacket = (descriptor.Flags & Descriptor.Next) == 0;
        if (descriptor.Length > MaxPacketLength || !Generation.Contains(descriptor.Region, descriptor.Offset, descriptor.Length))
        {
            Fail($"slot {(ushort)(Next + ahead)} points outside: region {descriptor.Region}, offset {descriptor.Offset}, length {descriptor.Length}");
            return false;
        }

        if (Append(new PacketSegment(descriptor.Region, descriptor.Offset, (int)descriptor.Length, !endOfPacket)))
            return true;
        Fail($"a chain is longer than {MaxPacketLength} bytes");
        return false;
    }

    // The private copy of head ended inside a packet: forget it, so that the next look reads the ring again.
    private void LookForTheRest(int available)
    {
        CheckOpenChain(available);
        _head = Next;
    }
}

using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>A server receives: the client fills slots and advances head, the server returns them by advancing tail (§3.4).</summary>
internal sealed class ServerRxWalk(Generation generation, Ring ring, QueueSignal signal, MemifMalformedPolicy malformed)
    : RxWalk(generation, ring, signal, malformed)
{
    internal override string? Open()
    {
        if (OpenPeersRing() is { } wrong)
            return wrong;
        Ring.SetMask(true);
        return null;
    }

    protected override ushort AcquirePublished() => Ring.AcquireHead();

    protected override void Return(ushort first, int count) => Ring.ReleaseTail((ushort)(first + count));

    protected override Malformation Locate(ushort index, in Descriptor descriptor, out ushort region, out uint offset)
    {
        region = descriptor.Region;
        offset = descriptor.Offset;
        return Generation.Contains(region, offset, descriptor.Length) ? Malformation.None : Malformation.OutsideMemory;
    }

    protected override string DescribeImpossible(ushort index, in Descriptor descriptor) =>
        $"slot {index} points outside: region {descriptor.Region}, offset {descriptor.Offset}, length {descriptor.Length}";

    protected override string DescribeJump(ushort published, int available) =>
        $"head {published} is {available} slots ahead of {Next} on a ring of {Ring.Slots}";
}

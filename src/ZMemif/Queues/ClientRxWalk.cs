using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>
/// A client receives: it posts empty buffers and advances head, the server fills them and advances tail (§3.6). Where a
/// buffer lies is known privately and never read back from the ring.
/// </summary>
internal sealed class ClientRxWalk(
    Generation generation, Ring ring, QueueSignal signal, BufferPool buffers, MemifMalformedPolicy malformed)
    : RxWalk(generation, ring, signal, malformed)
{
    internal override string? Open()
    {
        Ring.ResetCounters();
        Ring.SetMask(true);
        PostAll();
        return null;
    }

    /// <summary>Posts every buffer; only after CONNECTED, because servers zero the counters until then (§1.4).</summary>
    internal void PostAll() => Return((ushort)(Next - Ring.Slots), Ring.Slots);

    protected override ushort AcquirePublished() => Ring.AcquireTail();

    protected override void Return(ushort first, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ushort index = (ushort)(first + i);
            Ring.WriteDescriptor(index, buffers.Describe(index, buffers.Capacity));
        }

        Ring.ReleaseHead((ushort)(first + count + Ring.Slots));
    }

    protected override Malformation Locate(ushort index, in Descriptor descriptor, out ushort region, out uint offset)
    {
        region = buffers.Region;
        offset = buffers.OffsetOf(index);
        return descriptor.Length <= (uint)buffers.Capacity ? Malformation.None : Malformation.LongerThanBuffer;
    }

    protected override string DescribeImpossible(ushort index, in Descriptor descriptor) =>
        $"slot {index} claims {descriptor.Length} bytes in a buffer of {buffers.Capacity}";

    protected override string DescribeJump(ushort published, int available) =>
        $"tail {published} is {available} slots ahead of {Next}, but {Ring.Slots} buffers were posted";
}

using ZMemif.Memory;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>A broken rule is reported once: until the connection ends, a user who polls would report it without end.</summary>
public sealed class BlameTests
{
    [Fact]
    public void ReceiveQueue_UsedOnAfterAViolation_ReportsItOnce()
    {
        using var bed = new RingBed(log2Size: 3);
        var owner = new BlamingOwner();
        var queue = new MemifRxQueue(0, MemifReceiveMode.Interrupt, owner);
        queue.Attach(bed.ServerReceives());
        bed.Ring.ReleaseHead(9);

        for (int i = 0; i < 100; i++)
            Assert.Equal(0, queue.Acquire(1));

        Assert.Contains("head 9 is 9 slots ahead", Assert.Single(owner.Blamed), StringComparison.Ordinal);
        queue.Close();
    }

    [Fact]
    public void TransmitQueue_UsedOnAfterAViolation_ReportsItOnce()
    {
        using var bed = new RingBed(log2Size: 3);
        var owner = new BlamingOwner();
        var queue = new MemifTxQueue(0, owner);
        queue.Attach(bed.ServerSends());
        bed.Ring.ReleaseHead(9);

        for (int i = 0; i < 100; i++)
            Assert.False(queue.TrySend([1]));

        Assert.Contains("head 9 is 9 slots ahead", Assert.Single(owner.Blamed), StringComparison.Ordinal);
    }

    [Fact]
    public void ReceiveQueue_NextConnection_IsBlamedForItsOwn()
    {
        using var first = new RingBed(log2Size: 3);
        using var second = new RingBed(log2Size: 3);
        var owner = new BlamingOwner();
        var queue = new MemifRxQueue(0, MemifReceiveMode.Interrupt, owner);

        foreach (RingBed bed in (RingBed[])[first, second])
        {
            queue.Attach(bed.ServerReceives());
            bed.Ring.ReleaseHead(9);
            Assert.Equal(0, queue.Acquire(1));
        }

        Assert.Equal([first.Generation, second.Generation], owner.Generations);
        queue.Close();
    }

    private sealed class BlamingOwner : IQueueOwner
    {
        internal List<string> Blamed { get; } = [];

        internal List<Generation> Generations { get; } = [];

        PcapWriter? IQueueOwner.Capture => null;

        void IQueueOwner.Fail(Generation generation, string violation)
        {
            Blamed.Add(violation);
            Generations.Add(generation);
        }

        void IQueueOwner.Kicked()
        {
        }
    }
}

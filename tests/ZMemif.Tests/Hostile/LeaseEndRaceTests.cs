using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif.Tests.Hostile;

/// <summary>A lease ends while the peer is fast: it uses the slots again before the lease's thread has gone on.</summary>
public sealed class LeaseEndRaceTests
{
    private static readonly RingLayout s_layout = new(Log2Size: 3, CacheLine: 64);

    [Fact]
    public async Task EndOfALease_PeerFillsTheRingAtOnce_IsNoViolation()
    {
        SharedRegion region = SharedRegion.Create("memif", 4096);
        EventCounter @event = EventCounter.Create();
        var generation = new Generation([region], [@event]);
        var ring = new Ring(region, 0, s_layout);
        ring.Initialize();
        var walk = new SlowReturn(generation, ring, @event);
        Assert.True(walk.Enter());
        ring.ReleaseHead(1);
        Assert.Equal(1, walk.Gather(1));
        Assert.True(walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out _));
        SlotLoan loan = walk.Lend(segments, out _);

        // Inside the return, when the peer has the slot and the ledger does not know it yet.
        Task<int> gathering = Task.FromResult(0);
        walk.Returned = () =>
        {
            ring.ReleaseHead((ushort)(1 + s_layout.Slots));
            gathering = Task.Run(() => walk.Gather(s_layout.Slots));
            _ = gathering.Wait(TimeSpan.FromMilliseconds(30));
        };
        walk.EndLoan(loan);

        Assert.Equal(s_layout.Slots, await gathering);
        Assert.Null(walk.Violation);
        walk.Exit();
        walk.Close();
        generation.Release();
    }

    private sealed class SlowReturn(Generation generation, Ring ring, EventCounter @event)
        : RxWalk(generation, ring, new QueueSignal(ring, @event), MemifMalformedPolicy.Disconnect)
    {
        internal Action? Returned { get; set; }

        internal override string? Open() => null;

        protected override ushort AcquirePublished() => Ring.AcquireHead();

        protected override void Return(ushort first, int count)
        {
            Ring.ReleaseTail((ushort)(first + count));
            Returned?.Invoke();
        }

        protected override Malformation Locate(ushort index, in Descriptor descriptor, out ushort region, out uint offset)
        {
            region = 0;
            offset = 0;
            return Malformation.None;
        }

        protected override string DescribeImpossible(ushort index, in Descriptor descriptor) => "impossible";

        protected override string DescribeJump(ushort published, int available) => $"{available} available";
    }
}

using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>What a neighbor cache does when there is too much of something: frames, neighbors, requests.</summary>
public sealed class NeighborCacheLimitsTests
{
    private const int Capacity = 10;

    private readonly NeighborFixture _link = new();

    [Fact]
    public void Park_TooManyFrames_TheLatestStay()
    {
        for (int i = 0; i < NeighborCache.MaxParkedFrames + 2; i++)
            _link.Park(BitConverter.GetBytes(i));

        Assert.Equal(2, _link.Drops(MemifDropReason.NeighborQueueFull));
        Assert.Equal(Enumerable.Range(2, NeighborCache.MaxParkedFrames), _link.Hear().Select(frame => BitConverter.ToInt32(frame)));
    }

    [Fact]
    public void Park_TooManyBytes_TheLatestStay()
    {
        const int Length = 60_000;
        int fit = NeighborCache.MaxParkedBytes / Length;
        for (int i = 0; i < fit + 3; i++)
            _link.Park([(byte)i, .. new byte[Length - 1]]);

        Assert.Equal((3, fit), (_link.Drops(MemifDropReason.NeighborQueueFull), _link.Cache.ParkedFrames));
        Assert.Equal(Enumerable.Range(3, fit), _link.Hear().Select(frame => (int)frame[0]));
    }

    [Fact]
    public void Park_TooManyBytesForAllNeighbors_WhoHasMostLosesItsOldest()
    {
        byte[] most = new byte[NeighborCache.MaxParkedBytes];
        for (int i = 0; i < NeighborCache.MaxParkedBytesInAll / most.Length; i++)
            _link.Cache.Park(NeighborFixture.Stranger(i), most);
        Assert.Equal(0, _link.Drops(MemifDropReason.NeighborQueueFull));

        _link.Park(1);
        _link.Park(2);
        for (int i = 100; i < 200; i++)
            _link.Cache.Park(NeighborFixture.Stranger(i), [1]);

        Assert.Equal(1, _link.Drops(MemifDropReason.NeighborQueueFull));
        Assert.Equal([1, 2], _link.Hear().Select(frame => (int)frame[0]));
    }

    [Fact]
    public void Park_ManyNeighborsThatAreNotThere_CostNobodyElse()
    {
        // Each keeps as much as it may, so that they take turns in paying for each other.
        int others = NeighborCache.MaxParkedBytesInAll / NeighborCache.MaxParkedBytes;
        byte[] part = new byte[NeighborCache.MaxParkedBytes / 4];
        _link.Park(1);
        for (int i = 0; i < 16 * others; i++)
            _link.Cache.Park(NeighborFixture.Stranger(i % (2 * others)), part);

        Assert.Equal((16 * others) - (4 * others) + 1, _link.Drops(MemifDropReason.NeighborQueueFull));
        Assert.Single(_link.Hear());
    }

    [Fact]
    public void Park_Answered_MakesRoomForOthers()
    {
        byte[] whole = new byte[NeighborCache.MaxParkedBytes];
        for (int i = 0; i < 3 * NeighborCache.MaxParkedBytesInAll / whole.Length; i++)
        {
            _link.Cache.Park(NeighborFixture.Stranger(i), whole);
            Assert.Single(_link.Hear(NeighborFixture.Stranger(i)));
        }

        Assert.Equal(0, _link.Drops(MemifDropReason.NeighborQueueFull));
    }

    [Fact]
    public void Park_ScanOfManyAddresses_BroadcastsAtAMeasuredPaceInOrder()
    {
        for (int i = 0; i < 500; i++)
            _link.Cache.Park(NeighborFixture.Stranger(i), [1]);
        Assert.Equal(NeighborCache.BroadcastBurst, _link.Requests.Count);

        _link.Pass(NeighborCache.BroadcastInterval * 100);
        Assert.Equal(NeighborCache.BroadcastBurst + 100, _link.Requests.Count);
        _link.Pass(NeighborCache.BroadcastInterval * 272);

        Assert.Equal(Enumerable.Range(0, 500).Select(NeighborFixture.Stranger), _link.Requests.Select(request => request.Address));
    }

    [Fact]
    public void Park_ScanOfManyAddresses_AsksEachThreeTimesASecondApart()
    {
        for (int i = 0; i < 500; i++)
            _link.Cache.Park(NeighborFixture.Stranger(i), [1]);

        _link.PassSeconds(10);

        Assert.Equal(500, _link.Unreachable);
        Assert.All(_link.Requests.Zip(_link.RequestTimes).GroupBy(request => request.First.Address, request => request.Second), times =>
        {
            TimeSpan[] at = [.. times];
            Assert.Equal(NeighborCache.MaxRequests, at.Length);
            Assert.All(at.Zip(at[1..]), pair => Assert.True(pair.Second - pair.First >= NeighborCache.RequestInterval));
        });
    }

    [Fact]
    public void Park_TooManyUnresolved_IsCountedAndNotAskedForUntilOthersAreSettled()
    {
        for (int i = 0; i < NeighborCache.MaxUnresolved; i++)
            _link.Cache.Park(NeighborFixture.Stranger(i), [1]);

        Assert.Null(_link.Park(1));
        Assert.Equal(1, _link.Drops(MemifDropReason.NeighborTableFull));
        Assert.Equal(NeighborState.None, _link.State);

        _link.Hear(NeighborFixture.Stranger(7));
        _link.Park(1);
        Assert.Equal(NeighborState.Incomplete, _link.State);
    }

    [Fact]
    public void Park_TableFull_ForgetsWhoWasNeverUsedFirstThenWhoWasUsedLongAgo()
    {
        var link = new NeighborFixture(Capacity);
        for (int i = 0; i < Capacity; i++)
            link.HearUnused(NeighborFixture.Stranger(i));
        for (int i = 2; i < Capacity; i++)
            Assert.NotNull(link.Cache.Find(NeighborFixture.Stranger(i)));

        for (int i = 0; i < 4; i++)
            link.Cache.Park(new Ipv4Address(100 + (uint)i), [1]);
        Assert.Equal(Enumerable.Range(2, Capacity - 2), Remembered(link));
        Assert.Equal(2, link.Drops(MemifDropReason.NeighborTableFull));

        // Stranger 2 is used again and again; the others were used longer ago than counts.
        link.Pass(NeighborCache.ActiveTime - NeighborFixture.Moment);
        Assert.NotNull(link.Cache.Find(NeighborFixture.Stranger(2)));
        link.Pass(NeighborFixture.Moment);
        for (int i = 4; i < 20; i++)
            link.Cache.Park(new Ipv4Address(100 + (uint)i), [1]);
        Assert.Equal([2], Remembered(link));
        Assert.Equal(Capacity, link.Cache.Count);
    }

    [Fact]
    public void Park_TableFull_WhoWasNeverUsedGoesBeforeWhoWasUsedLongAgo()
    {
        var link = new NeighborFixture(capacity: 2);
        link.HearUnused(NeighborFixture.Stranger(1));
        Assert.NotNull(link.Cache.Find(NeighborFixture.Stranger(1)));
        link.HearUnused(NeighborFixture.Stranger(1));
        link.Pass(NeighborCache.ActiveTime);
        link.HearUnused(NeighborFixture.Stranger(2));

        link.Park(1);

        Assert.Equal([1], Remembered(link));
    }

    [Fact]
    public void Park_TableFull_WhoWasAskedForCountsAsUsed()
    {
        var link = new NeighborFixture(capacity: 2);
        link.Park(1);
        Assert.Single(link.Hear());

        link.HearUnused(NeighborFixture.Stranger(1));
        link.HearUnused(NeighborFixture.Stranger(2));

        Assert.Equal(NeighborState.Reachable, link.State);
    }

    [Fact]
    public void Park_TableFull_WhoIsBeingConfirmedCountsAsUsed()
    {
        var link = new NeighborFixture(capacity: 2);
        link.HearUnused();
        Assert.NotNull(link.Cache.Find(Net.Neighbor));
        link.Pass(NeighborCache.RefreshTime);

        link.HearUnused(NeighborFixture.Stranger(1));
        link.HearUnused(NeighborFixture.Stranger(2));

        Assert.Equal(NeighborState.Probe, link.State);
    }

    [Fact]
    public void Park_TableFullOfFailed_ForgetsThem()
    {
        var link = new NeighborFixture(Capacity);
        for (int i = 0; i < Capacity; i++)
            link.Cache.Park(NeighborFixture.Stranger(i), [1]);
        link.PassSeconds(3);

        Assert.Null(link.Park(1));

        Assert.Single(link.Hear());
        Assert.Equal(Capacity, link.Cache.Count);
    }

    [Fact]
    public void Park_TableFullOfThoseAskedFor_IsCounted()
    {
        var link = new NeighborFixture(Capacity);
        for (int i = 0; i < Capacity; i++)
            link.Cache.Park(NeighborFixture.Stranger(i), [1]);

        link.Park(1);

        Assert.Equal((1, Capacity), (link.Drops(MemifDropReason.NeighborTableFull), link.Cache.ParkedFrames));
    }

    [Fact]
    public void Permanent_TableFull_IsTakenAndNeverEvicted()
    {
        var link = new NeighborFixture(Capacity);
        for (int i = 0; i < 2 * Capacity; i++)
            link.Cache.SetPermanent(NeighborFixture.Stranger(i), Net.NeighborMac, (_, _) => { });
        link.PassSeconds(1000);

        for (int i = 0; i < 100; i++)
            link.HearRequest(new Ipv4Address(100 + (uint)i));

        Assert.Equal(Enumerable.Range(0, 2 * Capacity), Remembered(link));
    }

    [Fact]
    public void Permanent_AsManyAsAreKept_LeaveRoomForOthers()
    {
        var link = new NeighborFixture(Capacity);
        for (int i = 0; i < Capacity; i++)
        {
            link.HearRequest(NeighborFixture.Stranger(i));
            link.Cache.SetPermanent(NeighborFixture.Stranger(i), Net.NeighborMac, (_, _) => { });
            link.Cache.SetPermanent(NeighborFixture.Stranger(i), Net.GatewayMac, (_, _) => { });
        }

        for (uint i = 0; i <= Capacity; i++)
            link.Cache.Park(new Ipv4Address(100 + i), [1]);

        Assert.Equal((1, 2 * Capacity), (link.Drops(MemifDropReason.NeighborTableFull), link.Cache.Count));
    }

    [Fact]
    public void Evicted_IsForgottenWholly()
    {
        var link = new NeighborFixture(capacity: 1);
        link.HearUnused(NeighborFixture.Stranger(1));

        link.HearUnused(NeighborFixture.Stranger(2));
        link.Pass(NeighborCache.ReachableTime + NeighborCache.StaleTime);

        Assert.Equal(0, link.Cache.Count);
        Assert.Null(link.Cache.NextDeadline);
    }

    private static IEnumerable<int> Remembered(NeighborFixture link) =>
        Enumerable.Range(0, 2 * Capacity).Where(i => link.Cache.StateOf(NeighborFixture.Stranger(i)) is not (NeighborState.None or NeighborState.Failed));
}

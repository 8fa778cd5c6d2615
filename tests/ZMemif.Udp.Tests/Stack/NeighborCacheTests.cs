using Microsoft.Extensions.Time.Testing;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>How a neighbor becomes known, or fails, and what waits for it.</summary>
public sealed class NeighborCacheTests
{
    private readonly NeighborFixture _link = new();

    [Fact]
    public void Find_Stranger_IsUnknown()
    {
        Assert.Null(_link.Cache.Find(Net.Neighbor));
        Assert.Null(_link.Cache.NextDeadline);
    }

    [Fact]
    public void Park_Stranger_EverybodyIsAskedOnceAndTheLoopIsWoken()
    {
        Assert.Null(_link.Park(1));
        Assert.Null(_link.Park(2));

        Assert.Equal([new NeighborRequest(Net.Neighbor, MacAddress.Broadcast)], _link.Requests);
        Assert.Equal(1, _link.Scheduled);
        Assert.Equal(NeighborCache.RequestInterval, _link.UntilDeadline);
        Assert.Equal((NeighborState.Incomplete, 2), (_link.State, _link.Cache.ParkedFrames));
        Assert.Null(_link.Cache.Find(Net.Neighbor));
    }

    [Fact]
    public void Park_AnotherStrangerLater_DoesNotWakeALoopThatWakesBefore()
    {
        _link.Park(1);
        _link.PassSeconds(0.5);

        _link.Cache.Park(Net.Gateway, [1]);

        Assert.Equal((2, 1), (_link.Requests.Count, _link.Scheduled));
    }

    [Fact]
    public void Learn_WaitedFor_GivesTheFramesInOrderOnce()
    {
        _link.Park(1);
        _link.Park(2);
        _link.Park(3);

        Assert.Equal([1, 2, 3], _link.Hear().Select(frame => (int)frame[0]));

        Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));
        Assert.Equal((NeighborState.Reachable, 0), (_link.State, _link.Cache.ParkedFrames));
        Assert.Empty(_link.Hear());
        Assert.Equal(0, _link.Unreachable);
    }

    [Fact]
    public void Park_KnownMeanwhile_GivesTheAddressAndKeepsNothing()
    {
        _link.Park(1);
        _link.Hear();

        Assert.Equal(Net.NeighborMac, _link.Park(2));

        Assert.Equal(0, _link.Cache.ParkedFrames);
        Assert.Single(_link.Requests);
    }

    [Fact]
    public void Tick_NoAnswer_AsksThreeTimesASecondApartAndGivesUp()
    {
        _link.Park(1);
        _link.Park(2);

        _link.Pass(NeighborCache.RequestInterval * NeighborCache.MaxRequests - NeighborFixture.Moment);
        Assert.Equal((0, NeighborState.Incomplete), (_link.Unreachable, _link.State));
        _link.Pass(NeighborFixture.Moment);

        Assert.Equal([0, 1, 2], _link.RequestTimes.Select(time => time.TotalSeconds));
        Assert.All(_link.Requests, request => Assert.Equal(MacAddress.Broadcast, request.Station));
        Assert.Equal((2, NeighborState.Failed), (_link.Unreachable, _link.State));
        Assert.Empty(_link.Hear());
    }

    [Fact]
    public void Tick_AnswerToTheThirdRequest_IsInTime()
    {
        _link.Park(1);
        _link.Pass(NeighborCache.RequestInterval * NeighborCache.MaxRequests - NeighborFixture.Moment);

        Assert.Single(_link.Hear());
        _link.Pass(NeighborFixture.Moment);

        Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));
        Assert.Equal(0, _link.Unreachable);
    }

    [Fact]
    public void Tick_LateByMinutes_AsksOnceAndNotThreeTimes()
    {
        _link.Park(1);
        _link.Time.Advance(TimeSpan.FromMinutes(5));

        _link.Cache.Tick();

        Assert.Equal(2, _link.Requests.Count);
        Assert.Equal(NeighborCache.RequestInterval, _link.UntilDeadline);
    }

    [Fact]
    public void Tick_SeveralDue_EachGetsItsOwn()
    {
        _link.Park(1);
        _link.Pass(NeighborCache.RequestInterval / 2);
        _link.Cache.Park(Net.Gateway, [2]);

        Assert.Equal(NeighborCache.RequestInterval / 2, _link.UntilDeadline);
        _link.Pass(NeighborCache.RequestInterval / 2);
        Assert.Equal([Net.Neighbor, Net.Gateway, Net.Neighbor], _link.Requests.Select(request => request.Address));
        Assert.Equal(NeighborCache.RequestInterval / 2, _link.UntilDeadline);
    }

    [Fact]
    public void Clear_KnownAndWaitedFor_ForgetsAllAndCountsWhatWaited()
    {
        _link.HearRequest();
        _link.Cache.Park(Net.Gateway, [1]);
        _link.Cache.Park(Net.Gateway, [2]);

        _link.Cache.Clear();

        Assert.Equal((2, 0), (_link.Unreachable, _link.Cache.ParkedFrames));
        Assert.Null(_link.Cache.Find(Net.Neighbor));
        Assert.Null(_link.Cache.NextDeadline);
        Assert.Empty(_link.HearRequest(Net.Gateway, Net.GatewayMac));
    }

    [Fact]
    public void Tick_NothingDue_AllocatesNothing()
    {
        // A loop that never sleeps looks at the deadlines all the time. Nothing comes due by the real clock.
        var neighbors = new NeighborCache(TimeProvider.System, _link.Counters, _ => true, () => { }, _ => false);
        for (int i = 1; i <= 100; i++)
            neighbors.Learn(NeighborFixture.Stranger(i), Net.NeighborMac, isRequestToUs: true, (_, _) => { });
        TickAndLook(neighbors);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            TickAndLook(neighbors);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Park_WhileAnswersCome_EveryFrameHasOneFate()
    {
        const int Frames = 20_000;
        var counters = new InterfaceCounters();
        var neighbors = new NeighborCache(new FakeTimeProvider(), counters, _ => true, () => { }, _ => false);
        long handedOut = 0;
        using var start = new Barrier(2);
        var answers = new Thread(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < Frames; i++)
            {
                neighbors.Learn(Net.Neighbor, Net.NeighborMac, isRequestToUs: false, (_, _) => handedOut++);
                if (i % 3 == 0)
                    neighbors.Clear();
            }
        });
        answers.Start();
        start.SignalAndWait();
        long knownMeanwhile = 0;
        for (int i = 0; i < Frames; i++)
            knownMeanwhile += neighbors.Park(Net.Neighbor, [1]) is null ? 0 : 1;
        answers.Join();

        long died = counters.Drops(MemifDropReason.NeighborUnreachable) + counters.Drops(MemifDropReason.NeighborQueueFull);
        Assert.Equal(Frames, handedOut + knownMeanwhile + died + neighbors.ParkedFrames);
    }

    private static void TickAndLook(NeighborCache neighbors)
    {
        neighbors.Tick();
        if (neighbors.NextDeadline is null)
            throw new InvalidOperationException("There are neighbors, so there is a deadline.");
    }
}

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
    public void Learn_ReplyNobodyAskedFor_MakesNoEntry()
    {
        _link.Hear();

        Assert.Null(_link.Cache.Find(Net.Neighbor));
        Assert.Equal(0, _link.Cache.Count);
    }

    [Fact]
    public void Learn_StrangerWhoAsksForUs_IsRemembered()
    {
        Assert.Empty(_link.HearRequest());

        Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));
        Assert.Empty(_link.Requests);
    }

    [Fact]
    public void Learn_NeighborAsksForUsWhileWeAskForIt_IsAnAnswerToo()
    {
        _link.Park(1);

        Assert.Single(_link.HearRequest());
    }

    [Fact]
    public void Learn_TwoAnswersAtOnce_TheFirstCounts()
    {
        _link.Park(1);
        _link.Hear();

        _link.Hear(mac: Net.GatewayMac);
        Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));

        _link.Pass(NeighborCache.ClaimInterval - NeighborFixture.Moment);
        _link.Hear(mac: Net.GatewayMac);
        Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));
    }

    [Fact]
    public void Learn_UnusedNeighborAtAnotherStation_IsTakenAndConfirmedAtTheFirstUse()
    {
        _link.HearUnused();
        _link.Pass(NeighborCache.ClaimInterval);

        _link.HearUnused(mac: Net.GatewayMac, isRequestToUs: false);
        Assert.Equal(NeighborState.Stale, _link.State);
        Assert.Empty(_link.Requests);

        Assert.Equal(Net.GatewayMac, _link.Cache.Find(Net.Neighbor));
        Assert.Equal([new NeighborRequest(Net.Neighbor, Net.GatewayMac)], _link.Requests);
        Assert.Equal(NeighborState.Probe, _link.State);
        Assert.Equal(1, _link.Scheduled);
    }

    [Fact]
    public void Learn_NeighborInUseAtAnotherStation_IsConfirmedAtOnce()
    {
        _link.HearUnused();
        Assert.NotNull(_link.Cache.Find(Net.Neighbor));
        _link.Pass(NeighborCache.ClaimInterval);

        _link.Hear(mac: Net.GatewayMac);

        Assert.Equal([new NeighborRequest(Net.Neighbor, Net.GatewayMac)], _link.Requests);
        Assert.Equal(NeighborState.Probe, _link.State);
    }

    [Fact]
    public void Learn_ForgedClaimToANeighborInUse_IsUndoneByWhoIsThere()
    {
        // The forger names a station that is not there, so that only the true neighbor answers the broadcast.
        _link.HearUnused();
        Assert.NotNull(_link.Cache.Find(Net.Neighbor));
        _link.Pass(NeighborCache.ClaimInterval);
        _link.Hear(mac: Net.GatewayMac);

        _link.Pass(NeighborCache.RequestInterval * NeighborCache.MaxUnicasts);
        Assert.Equal(MacAddress.Broadcast, _link.Requests[^1].Station);
        _link.Hear();

        Assert.Equal((NeighborState.Reachable, Net.NeighborMac), (_link.State, _link.Cache.Find(Net.Neighbor)));
    }

    [Fact]
    public void Learn_ClaimsInAFlood_AreAskedAboutOnceASecond()
    {
        _link.HearUnused();
        for (int i = 0; i < 100; i++)
        {
            _link.PassSeconds(0.1);
            _link.Hear(mac: i % 2 == 0 ? Net.GatewayMac : Net.OtherMac);
        }

        AssertASecondApart();
        Assert.InRange(_link.Requests.Count, 1, 10);
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
    public void Park_Failed_DropsAtOnceAndAsksNobody()
    {
        Fail();

        _link.Pass(NeighborCache.FailedTime - NeighborFixture.Moment);
        for (int i = 0; i < 1000; i++)
            Assert.Null(_link.Park(2));

        Assert.Equal((1001, 0), (_link.Unreachable, _link.Cache.ParkedFrames));
        Assert.Equal(NeighborCache.MaxRequests, _link.Requests.Count);
    }

    [Fact]
    public void Park_FailedLongEnoughAgo_TriesAgain()
    {
        Fail();
        _link.Pass(NeighborCache.FailedTime);

        Assert.Null(_link.Park(2));

        Assert.Equal(NeighborCache.MaxRequests + 1, _link.Requests.Count);
        Assert.Equal([2], Assert.Single(_link.Hear()));
    }

    [Fact]
    public void Park_FailedAgainAndAgain_BacksOffUpToALimitAndForgivesWithAnAnswer()
    {
        Fail();
        Assert.Equal([4, 8, 16, 16], Enumerable.Range(0, 4).Select(_ => SecondsLeftAlone()));
        _link.PassSeconds(16);
        _link.Park(1);
        _link.Hear();
        Assert.NotNull(_link.Cache.Find(Net.Neighbor));
        _link.Pass(NeighborCache.RefreshTime + (NeighborCache.RequestInterval * (NeighborCache.MaxUnicasts + NeighborCache.MaxRequests)));

        Assert.Equal(NeighborState.Failed, _link.State);
        Assert.Equal(4, SecondsLeftAlone());
    }

    [Fact]
    public void Learn_FailedNeighborIsThereAgain_IsUsedAtOnce()
    {
        Fail();
        _link.PassSeconds(2);

        _link.Hear();

        Assert.Equal(Net.NeighborMac, _link.Park(2));
        Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));
    }

    [Fact]
    public void Tick_FailedAndNotWanted_IsForgotten()
    {
        Fail();

        _link.Pass(NeighborCache.FailedTime + NeighborCache.StaleTime);

        Assert.Equal(0, _link.Cache.Count);
        Assert.Null(_link.Cache.NextDeadline);
    }

    [Fact]
    public void Park_RingFull_AsksAgainSoonUntilThereIsRoom()
    {
        _link.IsRingFull = true;
        _link.Park(1);
        _link.Pass(NeighborCache.RefusalInterval * 3);
        Assert.Equal(4, _link.Refused);
        Assert.Equal(1, _link.Scheduled);

        _link.IsRingFull = false;
        _link.Pass(NeighborCache.RefusalInterval);

        Assert.Single(_link.Requests);
        _link.PassSeconds(2);
        Assert.Equal(3, _link.Requests.Count);
    }

    [Fact]
    public void Park_RingFullForLong_GivesUpInTheEnd()
    {
        _link.IsRingFull = true;
        _link.Park(1);

        _link.PassSeconds(10);

        Assert.Equal((1, NeighborState.Failed), (_link.Unreachable, _link.State));
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
        var neighbors = new NeighborCache(TimeProvider.System, _link.Counters, _ => true, () => { });
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
        var neighbors = new NeighborCache(new FakeTimeProvider(), counters, _ => true, () => { });
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

    private void Fail()
    {
        _link.Park(1);
        _link.Pass(NeighborCache.RequestInterval * NeighborCache.MaxRequests);
        Assert.Equal(NeighborState.Failed, _link.State);
    }

    // Somebody sends to the failed neighbor every second, until that makes a request, which fails too.
    private int SecondsLeftAlone()
    {
        int requests = _link.Requests.Count;
        for (int seconds = 0; ; seconds++)
        {
            _link.Park(1);
            if (_link.Requests.Count > requests)
            {
                _link.Pass(NeighborCache.RequestInterval * NeighborCache.MaxRequests);
                return seconds;
            }

            _link.PassSeconds(1);
        }
    }

    private void AssertASecondApart() => Assert.All(
        _link.RequestTimes.Zip(_link.RequestTimes.Skip(1)),
        pair => Assert.InRange(pair.Second - pair.First, NeighborCache.RequestInterval, TimeSpan.MaxValue));
}

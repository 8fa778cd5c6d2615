using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>A neighbor that does not answer, or cannot be asked.</summary>
public sealed class NeighborCacheFailureTests
{
    private readonly NeighborFixture _link = new();

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
}

using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>What is believed of what is heard.</summary>
public sealed class NeighborCacheLearnTests
{
    private readonly NeighborFixture _link = new();

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

    private void AssertASecondApart() => Assert.All(
        _link.RequestTimes.Zip(_link.RequestTimes.Skip(1)),
        pair => Assert.InRange(pair.Second - pair.First, NeighborCache.RequestInterval, TimeSpan.MaxValue));
}

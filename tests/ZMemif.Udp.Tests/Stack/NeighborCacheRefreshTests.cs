using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>How a known neighbor is confirmed, ages and is forgotten; and what the user has set, which does none of it.</summary>
public sealed class NeighborCacheRefreshTests
{
    private static readonly TimeSpan WholeProbe = NeighborCache.RequestInterval * (NeighborCache.MaxUnicasts + NeighborCache.MaxRequests);

    private readonly NeighborFixture _link = new();

    [Fact]
    public void Tick_InUse_TheStationItselfIsAskedBeforeTheEntryIsStale()
    {
        Introduce();

        _link.Pass(NeighborCache.RefreshTime - NeighborFixture.Moment);
        Assert.Empty(_link.Requests);
        _link.Pass(NeighborFixture.Moment);

        Assert.Equal([new NeighborRequest(Net.Neighbor, Net.NeighborMac)], _link.Requests);
        Assert.Equal(NeighborState.Probe, _link.State);
        Assert.True(NeighborCache.RefreshTime + WholeProbe < NeighborCache.ReachableTime);
    }

    [Fact]
    public void Tick_InUseAndAnswering_IsNeverUnknownAndAskedOncePerCycle()
    {
        Introduce();
        for (int cycle = 1; cycle <= 10; cycle++)
        {
            _link.Pass(NeighborCache.RefreshTime);
            Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));
            Assert.Equal(cycle, _link.Requests.Count);
            _link.Hear();
            Assert.Equal(NeighborState.Reachable, _link.State);
            Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));
        }

        Assert.All(_link.Requests, request => Assert.Equal(Net.NeighborMac, request.Station));
    }

    [Fact]
    public void Tick_InUseButGone_StationThenEverybodyIsAskedThenItFails()
    {
        Introduce();
        _link.Pass(NeighborCache.RefreshTime);

        _link.Pass(WholeProbe - NeighborFixture.Moment);
        Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));
        _link.Pass(NeighborFixture.Moment);

        Assert.Null(_link.Cache.Find(Net.Neighbor));
        Assert.Equal(
            [Net.NeighborMac, Net.NeighborMac, MacAddress.Broadcast, MacAddress.Broadcast, MacAddress.Broadcast],
            _link.Requests.Select(request => request.Station));
        Assert.Equal([45, 46, 47, 48, 49], _link.RequestTimes.Select(time => time.TotalSeconds));
        Assert.Equal((NeighborState.Failed, 0), (_link.State, _link.Unreachable));
    }

    [Fact]
    public void Tick_MovedToAnotherStation_IsFoundByTheBroadcast()
    {
        Introduce();
        _link.Pass(NeighborCache.RefreshTime + (NeighborCache.RequestInterval * NeighborCache.MaxUnicasts));

        _link.Hear(mac: Net.GatewayMac);

        Assert.Equal((NeighborState.Reachable, Net.GatewayMac), (_link.State, _link.Cache.Find(Net.Neighbor)));
    }

    [Fact]
    public void Tick_Unused_AgesOutWithoutAPacket()
    {
        _link.HearUnused();

        _link.Pass(NeighborCache.ReachableTime - NeighborFixture.Moment);
        Assert.Equal(NeighborState.Reachable, _link.State);
        _link.Pass(NeighborFixture.Moment);
        Assert.Equal(NeighborState.Stale, _link.State);
        _link.Pass(NeighborCache.StaleTime - NeighborFixture.Moment);
        Assert.Equal(NeighborState.Stale, _link.State);
        _link.Pass(NeighborFixture.Moment);

        Assert.Equal((NeighborState.None, 0), (_link.State, _link.Cache.Count));
        Assert.Null(_link.Cache.NextDeadline);
        Assert.Empty(_link.Requests);
    }

    [Fact]
    public void Tick_UsedShortlyBeforeItGoesStale_IsConfirmed()
    {
        _link.HearUnused();
        _link.Pass(NeighborCache.ReachableTime - NeighborFixture.Moment);
        Assert.NotNull(_link.Cache.Find(Net.Neighbor));

        _link.Pass(NeighborFixture.Moment);

        Assert.Equal((NeighborState.Probe, 1), (_link.State, _link.Requests.Count));
    }

    [Fact]
    public void Find_Stale_ServesAndConfirmsAtOnce()
    {
        _link.HearUnused();
        _link.Pass(NeighborCache.ReachableTime);
        Assert.Equal(NeighborState.Stale, _link.State);

        Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));
        Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));

        Assert.Equal([new NeighborRequest(Net.Neighbor, Net.NeighborMac)], _link.Requests);
        Assert.Equal((NeighborState.Probe, 1), (_link.State, _link.Scheduled));
        Assert.Equal(NeighborCache.RequestInterval, _link.UntilDeadline);
    }

    [Fact]
    public void Learn_HeardOfAgain_LivesOnFromThen()
    {
        _link.HearUnused();
        _link.Pass(NeighborCache.ReachableTime - NeighborFixture.Moment);
        _link.HearUnused(isRequestToUs: false);

        _link.Pass(NeighborCache.ReachableTime - NeighborFixture.Moment);

        Assert.Equal(NeighborState.Reachable, _link.State);
    }

    [Fact]
    public void Tick_ThousandsInUseDueTogether_AreAskedAtAMeasuredPaceAndNoneGoesStale()
    {
        const int Neighbors = 4000;
        for (int i = 0; i < Neighbors; i++)
        {
            _link.HearUnused(NeighborFixture.Stranger(i));
            Assert.NotNull(_link.Cache.Find(NeighborFixture.Stranger(i)));
        }

        _link.Pass(NeighborCache.RefreshTime);
        Assert.Equal(NeighborCache.UnicastBurst, _link.Requests.Count);
        _link.Pass(NeighborCache.UnicastInterval);
        Assert.Equal(NeighborCache.UnicastBurst + 1, _link.Requests.Count);
        _link.Pass(NeighborCache.UnicastInterval * Neighbors);

        Assert.Equal(Neighbors, _link.Requests.Select(request => request.Address).Distinct().Count());
    }

    [Fact]
    public void Tick_ManyDue_TakesABoundedStepAndIsDueAgain()
    {
        for (int i = 0; i < 1000; i++)
            _link.HearUnused(NeighborFixture.Stranger(i));
        _link.Time.Advance(NeighborCache.ReachableTime);
        _link.Cache.Tick();

        Assert.True(_link.UntilDeadline <= TimeSpan.Zero);
        for (int i = 0; i < 3; i++)
            _link.Cache.Tick();
        Assert.Equal(NeighborCache.StaleTime, _link.UntilDeadline);
    }

    [Fact]
    public void Permanent_IsNeverAskedForNorAgedNorForgotten()
    {
        Set();
        Assert.Equal(Net.NeighborMac, _link.Cache.Find(Net.Neighbor));
        Assert.Null(_link.Cache.NextDeadline);

        _link.PassSeconds(1000);
        _link.Cache.Clear();

        Assert.Equal(Net.NeighborMac, _link.Park(1));
        Assert.Equal(NeighborState.Permanent, _link.State);
        Assert.Empty(_link.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Permanent_IsNotChangedByWhatIsHeard(bool isRequestToUs)
    {
        Set();
        _link.PassSeconds(100);

        _link.Hear(mac: Net.GatewayMac, isRequestToUs: isRequestToUs);
        _link.Hear(mac: Net.NeighborMac, isRequestToUs: isRequestToUs);

        Assert.Equal((NeighborState.Permanent, Net.NeighborMac), (_link.State, _link.Cache.Find(Net.Neighbor)));
        Assert.Null(_link.Cache.NextDeadline);
    }

    [Fact]
    public void Permanent_SetWhileItIsAskedFor_SendsWhatWaitsAndEndsTheAsking()
    {
        _link.Park(1);
        _link.Park(2);
        var sent = new List<byte>();

        _link.Cache.SetPermanent(Net.Neighbor, Net.NeighborMac, (_, frame) => sent.Add(frame[0]));
        _link.PassSeconds(10);

        Assert.Equal([1, 2], sent);
        Assert.Single(_link.Requests);
        Assert.Equal(NeighborState.Permanent, _link.State);
    }

    private void Introduce()
    {
        _link.HearUnused();
        Assert.NotNull(_link.Cache.Find(Net.Neighbor));
    }

    private void Set() => _link.Cache.SetPermanent(Net.Neighbor, Net.NeighborMac, (_, _) => Assert.Fail("Nothing waited."));
}

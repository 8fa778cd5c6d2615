using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>What this host answers to strangers, who may be forged, has a small share of its own, and takes nothing from datagrams.</summary>
public sealed class NeighborCacheAnswerTests
{
    private readonly NeighborFixture _link = new();

    [Fact]
    public void ParkAnswer_Stranger_IsAskedForAndAnswered()
    {
        _link.ParkAnswer(Net.Neighbor, [1]);

        Assert.Equal([new NeighborRequest(Net.Neighbor, MacAddress.Broadcast)], _link.Requests);
        Assert.Equal([1], Assert.Single(_link.Hear()));
    }

    [Fact]
    public void ParkAnswer_ToMoreStrangersThanItsShare_TakesNoPlaceOfDatagrams()
    {
        for (int i = 0; i < NeighborCache.MaxUnresolvedForAnswers + 5; i++)
            _link.ParkAnswer(NeighborFixture.Stranger(i), [1]);
        Assert.Equal(5, _link.Drops(MemifDropReason.NeighborTableFull));

        for (int i = 0; i < NeighborCache.MaxUnresolved; i++)
            _link.Cache.Park(NeighborFixture.Stranger(10_000 + i), [1]);

        Assert.Equal(5, _link.Drops(MemifDropReason.NeighborTableFull));
        Assert.Equal(NeighborCache.MaxUnresolvedForAnswers + NeighborCache.MaxUnresolved, _link.Cache.ParkedFrames);
    }

    [Fact]
    public void ParkAnswer_WhenDatagramsHaveAllTheirPlaces_HasItsOwn()
    {
        for (int i = 0; i < NeighborCache.MaxUnresolved; i++)
            _link.Cache.Park(NeighborFixture.Stranger(i), [1]);

        _link.ParkAnswer(Net.Neighbor, [1]);

        Assert.Equal(NeighborState.Incomplete, _link.State);
        Assert.Equal(0, _link.Drops(MemifDropReason.NeighborTableFull));
    }

    [Fact]
    public void ParkAnswer_SettledStrangers_MakeRoomForOthers()
    {
        for (int i = 0; i < NeighborCache.MaxUnresolvedForAnswers; i++)
            _link.ParkAnswer(NeighborFixture.Stranger(i), [1]);
        _link.Hear(NeighborFixture.Stranger(1));
        _link.ParkAnswer(NeighborFixture.Stranger(1000), [1]);
        _link.ParkAnswer(NeighborFixture.Stranger(1001), [1]);
        Assert.Equal(1, _link.Drops(MemifDropReason.NeighborTableFull));

        _link.Pass(NeighborCache.RequestInterval * NeighborCache.MaxRequests);
        for (int i = 0; i < NeighborCache.MaxUnresolvedForAnswers; i++)
            _link.ParkAnswer(NeighborFixture.Stranger(2000 + i), [1]);

        Assert.Equal(1, _link.Drops(MemifDropReason.NeighborTableFull));
    }

    [Fact]
    public void Park_NeighborThatIsAskedForByAnAnswer_GivesThePlaceBackAndAsksNoMore()
    {
        for (int i = 0; i < NeighborCache.MaxUnresolvedForAnswers; i++)
            _link.ParkAnswer(NeighborFixture.Stranger(i), [1]);
        int requests = _link.Requests.Count;

        _link.Cache.Park(NeighborFixture.Stranger(3), [2]);
        _link.ParkAnswer(NeighborFixture.Stranger(3), [3]);
        Assert.Equal(requests, _link.Requests.Count);
        _link.ParkAnswer(NeighborFixture.Stranger(1000), [1]);

        Assert.Equal(0, _link.Drops(MemifDropReason.NeighborTableFull));
        Assert.Equal([2, 1, 3], _link.Hear(NeighborFixture.Stranger(3)).Select(frame => (int)frame[0]));
    }

    [Fact]
    public void ParkAnswer_TooManyToOne_PushOutTheOldestAnswersAlone()
    {
        _link.Park(200);
        for (byte i = 0; i < NeighborCache.MaxParkedAnswers + 3; i++)
            _link.ParkAnswer(Net.Neighbor, [i]);

        Assert.Equal(3, _link.Drops(MemifDropReason.NeighborQueueFull));
        Assert.Equal([200, .. Enumerable.Range(3, NeighborCache.MaxParkedAnswers)], _link.Hear().Select(frame => (int)frame[0]));
    }

    [Fact]
    public void ParkAnswer_LongOnesToMany_TakeNoMemoryOfDatagrams()
    {
        byte[] longest = new byte[65_549];
        for (int i = 0; i < NeighborCache.MaxUnresolvedForAnswers; i++)
            _link.ParkAnswer(NeighborFixture.Stranger(i), [.. longest]);
        long before = _link.Drops(MemifDropReason.NeighborQueueFull);
        Assert.InRange(_link.Cache.ParkedFrames * longest.Length, longest.Length, NeighborCache.MaxParkedAnswerBytesInAll);

        int fit = NeighborCache.MaxParkedBytesInAll / longest.Length;
        for (int i = 0; i < fit; i++)
            _link.Cache.Park(NeighborFixture.Stranger(1000 + i), longest);

        Assert.Equal(before, _link.Drops(MemifDropReason.NeighborQueueFull));
    }

    [Fact]
    public void ParkAnswer_NobodyThere_IsCounted()
    {
        _link.ParkAnswer(Net.Neighbor, [1]);
        _link.Park(2);

        _link.PassSeconds(3);

        Assert.Equal((2, 0), (_link.Unreachable, _link.Cache.ParkedFrames));
    }
}

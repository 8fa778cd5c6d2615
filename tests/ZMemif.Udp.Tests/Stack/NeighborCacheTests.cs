using Microsoft.Extensions.Time.Testing;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

public sealed class NeighborCacheTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly InterfaceCounters _counters = new();
    private readonly List<Ipv4Address> _requests = [];
    private readonly NeighborCache _neighbors;
    private int _scheduled;

    public NeighborCacheTests() =>
        _neighbors = new NeighborCache(_time, _counters, _requests.Add, () => _scheduled++);

    [Fact]
    public void Find_Stranger_IsUnknown()
    {
        Assert.Null(_neighbors.Find(Net.Neighbor));
        Assert.Null(_neighbors.NextDeadline);
    }

    [Fact]
    public void Park_Stranger_IsAskedForOnceAndAsksToBeTicked()
    {
        Assert.Null(_neighbors.Park(Net.Neighbor, [1]));
        Assert.Null(_neighbors.Park(Net.Neighbor, [2]));

        Assert.Equal([Net.Neighbor], _requests);
        Assert.Equal(1, _scheduled);
        Assert.Equal(NeighborCache.RequestInterval, UntilDeadline);
        Assert.Null(_neighbors.Find(Net.Neighbor));
    }

    [Fact]
    public void Learn_WaitedFor_GivesTheFramesInOrderOnce()
    {
        byte[][] frames = [[1], [2], [3]];
        Park(frames);

        Assert.Equal(frames, Learn());
        Assert.Equal(Net.NeighborMac, _neighbors.Find(Net.Neighbor));
        Assert.Empty(Learn());
        Assert.Equal(0, Unreachable);
    }

    [Fact]
    public void Learn_ReplyForSomebodyElse_AnswersWhoWaitsButMakesNoNewEntry()
    {
        Park([1]);

        Assert.Single(Learn(isForUs: false));
        Assert.Empty(Learn(Net.Gateway, Net.GatewayMac, isForUs: false));

        Assert.Equal(Net.NeighborMac, _neighbors.Find(Net.Neighbor));
        Assert.Null(_neighbors.Find(Net.Gateway));
    }

    [Fact]
    public void Learn_StrangerWhoAsksForUs_IsRemembered()
    {
        Assert.Empty(Learn());

        Assert.Equal(Net.NeighborMac, _neighbors.Find(Net.Neighbor));
        Assert.Equal(NeighborCache.Lifetime, UntilDeadline);
    }

    [Fact]
    public void Learn_AnotherStation_ReplacesTheOneBefore()
    {
        Learn();

        Learn(Net.Neighbor, Net.GatewayMac, isForUs: false);

        Assert.Equal(Net.GatewayMac, _neighbors.Find(Net.Neighbor));
    }

    [Fact]
    public void Park_TooMany_TheOldestGoesAndIsCounted()
    {
        for (int i = 0; i < NeighborCache.MaxParked + 2; i++)
            Park([(byte)i]);

        Assert.Equal(2, _counters.Drops(MemifDropReason.NeighborQueueFull));
        Assert.Equal(Enumerable.Range(2, NeighborCache.MaxParked), Learn().Select(frame => (int)frame[0]));
    }

    [Fact]
    public void Park_KnownMeanwhile_GivesTheAddressAndKeepsNothing()
    {
        Park([1]);
        Learn();

        Assert.Equal(Net.NeighborMac, _neighbors.Park(Net.Neighbor, [2]));

        Assert.Empty(Learn());
        Assert.Single(_requests);
    }

    [Fact]
    public void Tick_NoAnswer_AsksThreeTimesASecondApartAndGivesUp()
    {
        Park([1], [2]);

        Pass(NeighborCache.RequestInterval - Moment);
        Assert.Single(_requests);
        Pass(Moment);
        Assert.Equal(2, _requests.Count);
        Pass(NeighborCache.RequestInterval - Moment);
        Assert.Equal(2, _requests.Count);
        Pass(Moment);
        Assert.Equal(3, _requests.Count);
        Pass(NeighborCache.RequestInterval - Moment);
        Assert.Equal(0, Unreachable);
        Pass(Moment);

        Assert.Equal(3, _requests.Count);
        Assert.Equal(2, Unreachable);
        Assert.Null(_neighbors.NextDeadline);
        Assert.Empty(Learn(isForUs: false));
    }

    [Fact]
    public void Tick_AnswerToTheThirdRequest_IsInTime()
    {
        Park([1]);
        Pass(NeighborCache.RequestInterval);
        Pass(NeighborCache.RequestInterval);
        Pass(NeighborCache.RequestInterval - Moment);

        Assert.Single(Learn());
        Pass(Moment);

        Assert.Equal(Net.NeighborMac, _neighbors.Find(Net.Neighbor));
        Assert.Equal(0, Unreachable);
    }

    [Fact]
    public void Park_AfterGivingUp_BeginsAnew()
    {
        Park([1]);
        for (int i = 0; i < NeighborCache.MaxRequests; i++)
            Pass(NeighborCache.RequestInterval);

        Park([2]);

        Assert.Equal(4, _requests.Count);
        Assert.Equal(2, _scheduled);
        Assert.Equal([2], Assert.Single(Learn()));
    }

    [Fact]
    public void Tick_UnusedForItsLifetime_IsForgottenThenAndNotBefore()
    {
        Learn();

        Pass(NeighborCache.Lifetime - Moment);
        Assert.NotNull(_neighbors.NextDeadline);
        Pass(Moment);

        Assert.Null(_neighbors.NextDeadline);
        Assert.Null(_neighbors.Find(Net.Neighbor));
        Assert.Empty(_requests);
    }

    [Fact]
    public void Tick_UsedInItsLifetime_IsAskedForAndStaysKnownMeanwhile()
    {
        Learn();
        Assert.NotNull(_neighbors.Find(Net.Neighbor));

        Pass(NeighborCache.Lifetime);

        Assert.Equal([Net.Neighbor], _requests);
        Assert.Equal(Net.NeighborMac, _neighbors.Find(Net.Neighbor));
        Learn(isForUs: false);
        Pass(NeighborCache.Lifetime - Moment);
        Assert.Single(_requests);
        Assert.Equal(Net.NeighborMac, _neighbors.Find(Net.Neighbor));
    }

    [Fact]
    public void Tick_UsedButGone_IsForgottenAfterThreeRequests()
    {
        Learn();
        Assert.NotNull(_neighbors.Find(Net.Neighbor));
        Pass(NeighborCache.Lifetime);
        Pass(NeighborCache.RequestInterval);
        Pass(NeighborCache.RequestInterval);
        Pass(NeighborCache.RequestInterval - Moment);
        Assert.NotNull(_neighbors.Find(Net.Neighbor));

        Pass(Moment);

        Assert.Null(_neighbors.Find(Net.Neighbor));
        Assert.Equal(3, _requests.Count);
        Assert.Equal(0, Unreachable);
    }

    [Fact]
    public void Tick_HeardOfAgain_LivesOnFromThen()
    {
        Learn();
        Pass(NeighborCache.Lifetime - Moment);
        Learn(isForUs: false);

        Pass(NeighborCache.Lifetime - Moment);
        Assert.NotNull(_neighbors.NextDeadline);
        Pass(Moment);
        Assert.Null(_neighbors.NextDeadline);
    }

    [Fact]
    public void Tick_LateByMinutes_AsksOnceAndNotThreeTimes()
    {
        Park([1]);

        Pass(TimeSpan.FromMinutes(5));

        Assert.Equal(2, _requests.Count);
        Assert.Equal(NeighborCache.RequestInterval, UntilDeadline);
    }

    [Fact]
    public void Tick_SeveralDue_EachGetsItsOwn()
    {
        Park([1]);
        Pass(NeighborCache.RequestInterval / 2);
        _neighbors.Park(Net.Gateway, [2]);

        Assert.Equal(NeighborCache.RequestInterval / 2, UntilDeadline);
        Pass(NeighborCache.RequestInterval / 2);
        Assert.Equal([Net.Neighbor, Net.Gateway, Net.Neighbor], _requests);
        Assert.Equal(NeighborCache.RequestInterval / 2, UntilDeadline);
    }

    [Fact]
    public void Park_TableFull_IsCountedAndNotAskedFor()
    {
        FillTheTable();

        Assert.Null(_neighbors.Park(Net.Neighbor, [1]));

        Assert.Equal(1, _counters.Drops(MemifDropReason.NeighborTableFull));
        Assert.DoesNotContain(Net.Neighbor, _requests);
        Assert.Equal(NeighborCache.MaxEntries, _scheduled);
    }

    [Fact]
    public void Learn_TableFull_UpdatesButDoesNotGrow()
    {
        FillTheTable();

        Learn();
        Assert.Null(_neighbors.Find(Net.Neighbor));
        Assert.Single(Learn(new Ipv4Address(1), Net.NeighborMac, isForUs: true));
        Assert.NotNull(_neighbors.Find(new Ipv4Address(1)));
    }

    [Fact]
    public void Clear_KnownAndWaitedFor_ForgetsAllAndCountsWhatWaited()
    {
        Learn();
        _neighbors.Park(Net.Gateway, [1]);
        _neighbors.Park(Net.Gateway, [2]);

        _neighbors.Clear();

        Assert.Equal(2, Unreachable);
        Assert.Null(_neighbors.Find(Net.Neighbor));
        Assert.Null(_neighbors.NextDeadline);
        Assert.Empty(Learn(Net.Gateway, Net.GatewayMac, isForUs: true));
    }

    [Fact]
    public void Tick_NothingDue_AllocatesNothing()
    {
        // A loop that never sleeps looks at the deadlines all the time. Nothing comes due by the real clock.
        var neighbors = new NeighborCache(TimeProvider.System, _counters, _requests.Add, () => _scheduled++);
        for (uint i = 1; i <= 100; i++)
            neighbors.Learn(new Ipv4Address(i), Net.NeighborMac, isForUs: true, (_, _) => { });
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
        long handedOut = 0;
        using var start = new Barrier(2);
        var answers = new Thread(() =>
        {
            start.SignalAndWait();
            for (int i = 0; i < Frames; i++)
            {
                handedOut += Learn(isForUs: false).Count;
                if (i % 3 == 0)
                    _neighbors.Clear();
            }
        });
        answers.Start();
        start.SignalAndWait();
        long knownMeanwhile = 0;
        for (int i = 0; i < Frames; i++)
            knownMeanwhile += _neighbors.Park(Net.Neighbor, [1]) is null ? 0 : 1;
        answers.Join();
        handedOut += Learn().Count;

        Assert.Equal(Frames, handedOut + knownMeanwhile + Unreachable + _counters.Drops(MemifDropReason.NeighborQueueFull));
    }

    private long Unreachable => _counters.Drops(MemifDropReason.NeighborUnreachable);

    private TimeSpan UntilDeadline => _time.GetElapsedTime(_time.GetTimestamp(), _neighbors.NextDeadline!.Value);

    private void Park(params byte[][] frames)
    {
        foreach (byte[] frame in frames)
            Assert.Null(_neighbors.Park(Net.Neighbor, frame));
    }

    private List<byte[]> Learn(bool isForUs = true) => Learn(Net.Neighbor, Net.NeighborMac, isForUs);

    // What waited, in the order in which it was sent; nobody else can have known the address meanwhile.
    private List<byte[]> Learn(Ipv4Address address, MacAddress mac, bool isForUs)
    {
        MacAddress? before = _neighbors.Find(address);
        var sent = new List<byte[]>();
        _neighbors.Learn(address, mac, isForUs, (_, frame) =>
        {
            Assert.Equal(before, _neighbors.Find(address));
            sent.Add(frame);
        });
        return sent;
    }

    private void Pass(TimeSpan time)
    {
        _time.Advance(time);
        _neighbors.Tick();
    }

    private static void TickAndLook(NeighborCache neighbors)
    {
        neighbors.Tick();
        if (neighbors.NextDeadline is null)
            throw new InvalidOperationException("There are neighbors, so there is a deadline.");
    }

    private void FillTheTable()
    {
        for (uint i = 1; i <= NeighborCache.MaxEntries; i++)
            _neighbors.Park(new Ipv4Address(i), [0]);
    }
}

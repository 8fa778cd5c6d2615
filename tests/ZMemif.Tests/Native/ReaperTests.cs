using System.Collections.Concurrent;
using ZMemif.Native;

namespace ZMemif.Tests.Native;

/// <summary>Descriptors whose closing takes as long as the test likes; they are numbers only.</summary>
public sealed class ReaperTests : IDisposable
{
    private const uint Hostile = 1000;
    private const uint Friendly = 1001;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ManualResetEventSlim _slowOnesMayEnd = new();
    private readonly ConcurrentQueue<int> _begun = new();
    private readonly BlockingCollection<int> _closed = [];

    [Fact]
    public void Close_OneUserIsSlow_AnotherIsClosedAtOnce()
    {
        var reaper = new Reaper(Close);
        for (int fd = -100; fd < 0; fd++)
            reaper.Close(fd, ClosingRisk.Unknown, Hostile);

        reaper.Close(1, ClosingRisk.Unknown, Friendly);
        reaper.Close(2, ClosingRisk.Unknown, Friendly);

        Assert.Equal([1, 2], [Next(), Next()]);
        Assert.Single(_begun, fd => fd < 0);
    }

    [Fact]
    public void Close_OneUserIsSlow_OnlyHeIsKeptOut()
    {
        var reaper = new Reaper(Close);
        for (int i = 1; i < Reaper.MostOfUser; i++)
            reaper.Close(-i, ClosingRisk.Unknown, Hostile);
        Assert.False(reaper.IsFullOf(Hostile));

        // One of them is being closed and does not wait any more, or soon is.
        reaper.Close(-100, ClosingRisk.Unknown, Hostile);
        reaper.Close(-101, ClosingRisk.Unknown, Hostile);

        Assert.Equal((true, false, false), (reaper.IsFullOf(Hostile), reaper.IsFullOf(Friendly), reaper.IsFull));
    }

    [Fact]
    public void Close_MoreUsersAreSlowThanThereAreThreads_TheOthersWaitAndThenHaveTheirTurn()
    {
        var reaper = new Reaper(Close);
        for (uint user = 0; user < 100; user++)
            reaper.Close(-1, ClosingRisk.Unknown, user);
        reaper.Close(1, ClosingRisk.Unknown, Friendly);

        _slowOnesMayEnd.Set();

        var seen = new List<int>();
        for (int i = 0; i < 101; i++)
            seen.Add(Next());
        Assert.Contains(1, seen);
        Assert.False(reaper.IsFull);
    }

    [Fact]
    public void Close_InAnyNumber_EachIsClosedOnce()
    {
        var reaper = new Reaper(Close);
        Parallel.For(0, 4, user =>
        {
            for (int i = 0; i < 1000; i++)
                reaper.Close((user * 1000) + i, ClosingRisk.Unknown, (uint)user);
        });

        Assert.Equal(Enumerable.Range(0, 4000), Enumerable.Range(0, 4000).Select(_ => Next()).Order());
    }

    [Fact]
    public void Most_IsLessThanWhatThisProcessMayHaveOpen() => Assert.InRange(Reaper.Most, 1, Libc.MostDescriptors() / 4);

    public void Dispose() => _slowOnesMayEnd.Set();

    // Negative ones are slow.
    private void Close(int fd, ClosingRisk risk)
    {
        _begun.Enqueue(fd);
        if (fd < 0)
            _slowOnesMayEnd.Wait();
        _closed.Add(fd);
    }

    private int Next() => _closed.TryTake(out int fd, s_patience) ? fd : throw new TimeoutException("Nothing was closed.");
}

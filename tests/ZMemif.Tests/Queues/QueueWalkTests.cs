using ZMemif.Memory;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>The gate: one user at a time, and memory that lives as long as somebody is inside.</summary>
[Collection(nameof(Alone))]
public sealed class QueueWalkTests
{
    [Fact]
    public void Enter_WhileSomebodyIsInside_IsRefused()
    {
        using var bed = new RingBed(log2Size: 2);
        ServerRxWalk walk = bed.ServerReceives();
        Assert.True(walk.Enter());

        Assert.Throws<InvalidOperationException>(() => walk.Enter());

        Assert.True(walk.Exit());
        Assert.True(walk.Enter());
        Assert.True(walk.Exit());
    }

    [Fact]
    public void Close_NobodyInside_LetsGoAtOnce()
    {
        int before = Generation.LiveCount;
        using var bed = new RingBed(log2Size: 2);
        ServerRxWalk walk = bed.ServerReceives();

        bed.Dispose();

        Assert.Equal(before, Generation.LiveCount);
        Assert.False(walk.Enter());
    }

    [Fact]
    public void Exit_OfSomebodyWhoIsNotInside_IsRefusedAndLetsNothingGo()
    {
        using var bed = new RingBed(log2Size: 2);
        ServerRxWalk walk = bed.ServerReceives();
        Assert.True(walk.Enter());
        Assert.True(walk.Exit());

        Assert.Throws<InvalidOperationException>(() => walk.Exit());

        Assert.True(walk.Enter());
        Assert.True(walk.Exit());
    }

    [Fact]
    public void Close_SomebodyInside_TheExitLetsGo()
    {
        int before = Generation.LiveCount;
        using var bed = new RingBed(log2Size: 2);
        ServerRxWalk walk = bed.ServerReceives();
        Assert.True(walk.Enter());
        bed.Dispose();
        Assert.Equal(before + 1, Generation.LiveCount);
        Assert.False(walk.Enter());

        Assert.False(walk.Exit());

        Assert.Equal(before, Generation.LiveCount);
        Assert.False(walk.Enter());
    }

    [Fact]
    public async Task Close_WhileOthersComeAndGo_LetsGoExactlyOnce()
    {
        int before = Generation.LiveCount;
        for (int round = 0; round < 500; round++)
        {
            using var bed = new RingBed(log2Size: 2);
            ServerRxWalk walk = bed.ServerReceives();
            using var inside = new SemaphoreSlim(0);
            Task user = Task.Run(() =>
            {
                while (walk.Enter())
                {
                    Assert.Equal(0, walk.Gather(1));
                    inside.Release();
                    walk.Exit();
                }
            });
            await inside.WaitAsync();

            bed.Dispose();

            await user.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(before, Generation.LiveCount);
        }
    }
}

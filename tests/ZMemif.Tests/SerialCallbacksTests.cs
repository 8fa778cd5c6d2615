namespace ZMemif.Tests;

/// <summary>Callbacks keep their order, and a peer cannot make more of them wait than a handler takes.</summary>
public sealed class SerialCallbacksTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void Run_Many_InOrder()
    {
        var callbacks = new SerialCallbacks();
        var seen = new List<int>();
        using var done = new ManualResetEventSlim();

        for (int i = 0; i < 50; i++)
        {
            int number = i;
            callbacks.Run(() => seen.Add(number));
        }

        callbacks.Run(done.Set);

        Assert.True(done.Wait(Patience));
        Assert.Equal(Enumerable.Range(0, 50), seen);
    }

    [Fact]
    public void Run_MoreThanMayWait_TheFirstAndTheLastArrive()
    {
        var callbacks = new SerialCallbacks();
        var seen = new List<int>();
        using var slow = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        callbacks.Run(() =>
        {
            started.Set();
            slow.Wait();
        });
        Assert.True(started.Wait(Patience));

        for (int i = 0; i < 1000; i++)
        {
            int number = i;
            callbacks.Run(() => seen.Add(number));
        }

        slow.Set();

        Assert.True(SpinWait.SpinUntil(() => seen.Count >= SerialCallbacks.MostWaiting, Patience));
        Assert.Equal([.. Enumerable.Range(0, SerialCallbacks.MostWaiting - 1), 999], seen);
    }
}

using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>An idle port costs nothing: at most 0.1 % of a processor and 5 wake-ups per second, by the kernel's own account.</summary>
[Collection(nameof(Alone))]
public sealed class IdleCostTests
{
    private const double MostOfAProcessor = 0.001;
    private const int MostWakeupsPerSecond = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(MemifReceiveMode.Interrupt)]
    [InlineData(MemifReceiveMode.Adaptive)]
    public async Task IdlePair_ThreadsOfTheLibraryAndReceivers_Rest(MemifReceiveMode mode)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.ReceiveMode = mode);
        WatchedThread server = Receiver(pair.Server.RxQueues[0]);
        WatchedThread client = Receiver(pair.Client.RxQueues[0]);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(pair.Client.TxQueues[0].TrySend([1]));
            Assert.True(pair.Server.TxQueues[0].TrySend([1]));
        }

        Assert.True(SpinWait.SpinUntil(() => pair.Client.RxQueues[0].Packets + pair.Server.RxQueues[0].Packets == 200, Patience));
        server.WaitUntilIn(SystemCalls.Poll, Patience);
        client.WaitUntilIn(SystemCalls.Poll, Patience);

        int[] threads = [server.Id, client.Id, ThreadAccount.FindByName("memif control"), ThreadAccount.FindByName("memif reaper")];
        ThreadAccount[] before = [.. threads.Select(ThreadAccount.Read)];
        await Task.Delay(Watched);
        ThreadAccount[] after = [.. threads.Select(ThreadAccount.Read)];

        // The two ports share the library's own threads; all of it counts for both.
        TimeSpan processor = TimeSpan.Zero;
        long wakeups = 0;
        for (int i = 0; i < threads.Length; i++)
        {
            processor += after[i].Processor - before[i].Processor;
            wakeups += after[i].Sleeps - before[i].Sleeps;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{processor.TotalMicroseconds} µs, {wakeups} wake-ups in {Watched.TotalSeconds} s");
        Assert.InRange(processor, TimeSpan.Zero, Watched * MostOfAProcessor);
        Assert.InRange(wakeups, 0, (long)(Watched.TotalSeconds * MostWakeupsPerSecond));

        await pair.DisposeAsync();
        await server.Completion.WaitAsync(Patience);
        await client.Completion.WaitAsync(Patience);
    }

    private static WatchedThread Receiver(MemifRxQueue rx) => new(() =>
    {
        try
        {
            while (true)
            {
                rx.Wait(Timeout.InfiniteTimeSpan);
                while (rx.TryReceive(new byte[1], out _))
                {
                }
            }
        }
        catch (ObjectDisposedException)
        {
            // The port was closed: the end of the loop.
        }
    });
}

namespace ZMemif.Tests;

/// <summary>Publishing and waking the peer as two steps, and packets that are added one by one.</summary>
public sealed class PublishTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Publish_ToASleepingPeer_SaysSoAndLeavesItAsleep()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.ReceiveMode = MemifReceiveMode.Interrupt);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);
        using var patience = new CancellationTokenSource(s_patience);
        Task sleeping = Task.CompletedTask;
        bool isAsleep = false;
        while (!isAsleep)
        {
            // What was published before it said that it sleeps, it finds by itself.
            patience.Token.ThrowIfCancellationRequested();
            if (sleeping.IsCompleted)
            {
                for (int count = rx.Acquire(1024); count > 0; count = rx.Acquire(1024))
                {
                    while (rx.TryRead(out _))
                        ;
                    rx.Release();
                }

                sleeping = Task.Run(() => rx.Wait(TimeSpan.FromDays(1)));
            }

            tx.TryAdd([7]);
            isAsleep = tx.Publish();
        }

        Assert.Equal(0UL, tx.Statistics.SignalsSent);

        tx.WakePeer();
        await sleeping.WaitAsync(s_patience);
        Assert.Equal(1UL, tx.Statistics.SignalsSent);
    }

    [Fact]
    public async Task WakePeer_FromManyThreads_WakesASleeper()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.ReceiveMode = MemifReceiveMode.Interrupt);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Server);
        Task sleeping = Task.Run(() => rx.Wait(TimeSpan.FromDays(1)));

        Assert.True(tx.TryAdd("hello"u8));
        tx.Publish();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(tx.WakePeer)));

        await sleeping.WaitAsync(s_patience);
        Assert.Equal(1, rx.Acquire(8));
        rx.Release();
    }

    [Fact]
    public async Task TryAdd_SeveralPackets_AreSentTogether()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.BufferSize, options.RingSize) = (100, 8));
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);

        Assert.True(tx.TryAdd(new byte[250]));
        Assert.True(tx.TryAdd(new byte[300]));
        Assert.False(tx.TryAdd(new byte[300]));
        Assert.Equal(0, rx.Acquire(8));
        tx.Commit();

        byte[] buffer = new byte[400];
        Assert.True(rx.TryReceive(buffer, out int first));
        Assert.True(rx.TryReceive(buffer, out int second));
        Assert.False(rx.TryReceive(buffer, out _));
        Assert.Equal((250, 300), (first, second));
    }

    [Fact]
    public async Task Publish_WithoutALink_DoesNothing()
    {
        PortPair pair = await PortPair.ConnectAsync();
        MemifTxQueue tx = pair.Client.TxQueues[0];
        await pair.DisposeAsync();

        Assert.False(tx.TryAdd([1]));
        Assert.False(tx.Publish());
        tx.WakePeer();
    }
}

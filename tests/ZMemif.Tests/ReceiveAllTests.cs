namespace ZMemif.Tests;

/// <summary>A handler for each packet, on a thread of the program's own.</summary>
public sealed class ReceiveAllTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(MemifRole.Client)]
    [InlineData(MemifRole.Server)]
    public async Task ReceiveAll_ManyPackets_HandsOverEachInOrderUntilCancelled(MemifRole sender)
    {
        const int Packets = 10_000;
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 256);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        using var enough = new CancellationTokenSource();
        var received = new List<int>();
        byte[] copy = new byte[4];

        Task receiving = Task.Run(() => rx.ReceiveAll(
            packet =>
            {
                Assert.Equal(4, packet.CopyTo(0, copy));
                received.Add(BitConverter.ToInt32(copy));
                if (received.Count == Packets)
                    enough.Cancel();
            },
            enough.Token));
        for (int i = 0; i < Packets; i++)
        {
            Assert.True(tx.WaitForRoom(s_patience));
            Assert.True(tx.TrySend(BitConverter.GetBytes(i)));
        }

        await receiving.WaitAsync(s_patience);
        Assert.Equal(Enumerable.Range(0, Packets), received);
        Assert.Equal(0, rx.Acquire(1));
    }

    [Fact]
    public async Task ReceiveAll_CancelledWhileItSleeps_Returns()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        using var enough = new CancellationTokenSource();

        Task receiving = Task.Run(() => pair.Client.RxQueues[0].ReceiveAll(_ => { }, enough.Token));
        await enough.CancelAsync();

        await receiving.WaitAsync(s_patience);
    }

    [Fact]
    public async Task ReceiveAll_HandlerThrows_EndsWithThatAndTheRestComesAgain()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 2);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);
        Assert.Equal(2, tx.Send([new byte[] { 1 }, new byte[] { 2 }]));

        Assert.Throws<FormatException>(() => rx.ReceiveAll(_ => throw new FormatException("not mine"), CancellationToken.None));

        byte[] packet = new byte[1];
        Assert.True(rx.TryReceive(packet, out _));
        Assert.Equal(2, packet[0]);
        Assert.Equal(2, tx.Send([new byte[] { 3 }, new byte[] { 4 }]));
    }

    [Fact]
    public async Task ReceiveAll_LinkComesAgain_GoesOnUntilThePortIsClosed()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        var received = new TaskCompletionSource<int>();
        Task receiving = Task.Run(() => pair.Client.RxQueues[0].ReceiveAll(packet => received.TrySetResult(packet.Length), CancellationToken.None));

        pair.Server.Disconnect();
        await pair.ClientEvents.ExpectDownAsync();
        await pair.ClientEvents.ExpectUpAsync();
        Assert.True(pair.Server.TxQueues[0].TrySend([1, 2, 3]));

        Assert.Equal(3, await received.Task.WaitAsync(s_patience));
        await pair.Client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving.WaitAsync(s_patience));
    }
}

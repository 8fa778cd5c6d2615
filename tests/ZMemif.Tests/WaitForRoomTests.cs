using System.Diagnostics;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>A sender that waits for room: until there is some, or the link is gone, or the time is over.</summary>
[Collection(nameof(Alone))]
public sealed class WaitForRoomTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static TheoryData<MemifRole> Senders => [MemifRole.Client, MemifRole.Server];

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task WaitForRoom_RingIsNotFull_ReturnsAtOnce(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (4, 64));
        MemifTxQueue tx = pair.From(sender).Tx;

        Assert.True(tx.WaitForRoom(TimeSpan.Zero));
        Assert.True(tx.WaitForRoom(Timeout.InfiniteTimeSpan, 4 * 64));

        Assert.True(tx.TryReserve(1, out _));
        Assert.True(tx.WaitForRoom(TimeSpan.Zero, 3 * 64));
        Assert.False(tx.WaitForRoom(TimeSpan.Zero, (3 * 64) + 1));
        tx.Commit();
        Assert.Equal((1UL, 0UL), (tx.Statistics.Packets, tx.Statistics.Refusals));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task WaitForRoom_PacketThatTheRingNeverHolds_ReturnsAtOnce(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (4, 64));

        Assert.False(pair.From(sender).Tx.WaitForRoom(Timeout.InfiniteTimeSpan, (4 * 64) + 1));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task WaitForRoom_OwnReservationsFillTheRing_ReturnsAtOnce(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (4, 64));
        MemifTxQueue tx = pair.From(sender).Tx;
        Assert.True(tx.TryReserve(1, out _));

        Assert.False(await Task.Run(() => tx.WaitForRoom(Timeout.InfiniteTimeSpan, 4 * 64)).WaitAsync(s_patience));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task WaitForRoom_RingStaysFull_EndsWithTheTime(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 2);
        MemifTxQueue tx = pair.From(sender).Tx;
        Assert.Equal(2, tx.Send([new byte[1], new byte[1]]));
        Assert.False(tx.WaitForRoom(TimeSpan.Zero));

        long began = Stopwatch.GetTimestamp();
        Assert.False(tx.WaitForRoom(TimeSpan.FromMilliseconds(10)));

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromMilliseconds(10), s_patience);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task WaitForRoom_PeerTakesEnough_SenderSleptUntilThen(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (4, 64));
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        Assert.True(tx.TrySend(new byte[4 * 64]));
        var waiting = new WatchedThread(() =>
        {
            Assert.True(tx.WaitForRoom(Timeout.InfiniteTimeSpan, 2 * 64));
            Assert.True(tx.TrySend(new byte[2 * 64]));
        });
        waiting.WaitUntilIn(SystemCalls.Poll, s_patience);

        Assert.True(rx.TryReceive(new byte[1], out _));

        await waiting.Completion.WaitAsync(s_patience);
        Assert.True(rx.TryReceive(new byte[1], out int length));
        Assert.Equal(2 * 64, length);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task WaitForRoom_ALongTime_CostsLittle(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 1);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        Assert.True(tx.TrySend([1]));
        var waiting = new WatchedThread(() => Assert.True(tx.WaitForRoom(Timeout.InfiniteTimeSpan)));
        waiting.WaitUntilIn(SystemCalls.Poll, s_patience);

        ThreadAccount before = ThreadAccount.Read(waiting.Id);
        long began = Stopwatch.GetTimestamp();
        Assert.True(SpinWait.SpinUntil(() => ThreadAccount.Read(waiting.Id).Sleeps - before.Sleeps >= 100, s_patience));
        TimeSpan watched = Stopwatch.GetElapsedTime(began);

        // A hundred looks: a hundred milliseconds at least, and a small part of a processor.
        Assert.InRange(watched, TimeSpan.FromMilliseconds(50), s_patience);
        Assert.InRange(ThreadAccount.Read(waiting.Id).Processor - before.Processor, TimeSpan.Zero, watched / 4);
        Assert.True(rx.TryReceive(new byte[1], out _));
        await waiting.Completion.WaitAsync(s_patience);
    }

    [Theory]
    [InlineData(MemifRole.Client, false)]
    [InlineData(MemifRole.Client, true)]
    [InlineData(MemifRole.Server, false)]
    [InlineData(MemifRole.Server, true)]
    public async Task WaitForRoom_LinkGoesOrPortIsClosed_Ends(MemifRole sender, bool isClosed)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 1);
        MemifTxQueue tx = pair.From(sender).Tx;
        MemifPort port = sender == MemifRole.Client ? pair.Client : pair.Server;
        Assert.True(tx.TrySend([1]));
        var waiting = new WatchedThread(() => Assert.False(tx.WaitForRoom(Timeout.InfiniteTimeSpan)));
        waiting.WaitUntilIn(SystemCalls.Poll, s_patience);

        if (isClosed)
            await port.DisposeAsync();
        else
            pair.Client.Disconnect();

        await waiting.Completion.WaitAsync(s_patience);
        Assert.False(isClosed && tx.WaitForRoom(Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task WaitForRoom_LinkGoesUnderReservations_Ends()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 2);
        MemifTxQueue tx = pair.Client.TxQueues[0];
        Assert.True(tx.TrySend([1]));
        Assert.True(tx.TryReserve(1, out _));
        var waiting = new WatchedThread(() => Assert.False(tx.WaitForRoom(Timeout.InfiniteTimeSpan)));
        waiting.WaitUntilIn(SystemCalls.Poll, s_patience);

        pair.Client.Disconnect();

        await waiting.Completion.WaitAsync(s_patience);
        tx.Discard();
    }

    [Fact]
    public async Task WaitForRoom_NoLength_IsRefused()
    {
        await using PortPair pair = await PortPair.ConnectAsync();

        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Client.TxQueues[0].WaitForRoom(TimeSpan.Zero, 0));
    }
}

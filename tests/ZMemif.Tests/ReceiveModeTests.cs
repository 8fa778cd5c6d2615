using System.Diagnostics;
using NSubstitute;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>How receivers wait: interrupt, adaptive, busy; and that they follow a change at once.</summary>
[Collection(nameof(Alone))]
public sealed class ReceiveModeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static MatrixTheoryData<MemifReceiveMode, MemifRole> ModesAndSenders =>
        new(Enum.GetValues<MemifReceiveMode>(), [MemifRole.Client, MemifRole.Server]);

    [Theory]
    [MemberData(nameof(ModesAndSenders))]
    public async Task Wait_InAnyMode_DeliversEveryPacket(MemifReceiveMode mode, MemifRole sender)
    {
        const int Total = 5000;
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.ReceiveMode, options.RingSize) = (mode, 16));
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        Assert.Equal(mode, rx.ReceiveMode);
        var receiver = Task.Run(() =>
        {
            byte[] buffer = new byte[4];
            for (int received = 0; received < Total;)
            {
                rx.Wait(Timeout.InfiniteTimeSpan);
                while (rx.TryReceive(buffer, out _))
                    Assert.Equal(received++, BitConverter.ToInt32(buffer));
            }
        });

        for (int sent = 0; sent < Total;)
        {
            if (tx.TrySend(BitConverter.GetBytes(sent)))
                sent++;
            else
                Thread.Yield();
        }

        await receiver.WaitAsync(Patience);
        if (mode == MemifReceiveMode.Busy)
            Assert.Equal((0UL, 0UL), (tx.Statistics.SignalsSent, rx.Statistics.Wakeups));
    }

    [Theory]
    [InlineData(MemifReceiveMode.Interrupt)]
    [InlineData(MemifReceiveMode.Adaptive)]
    public async Task Wait_NothingComes_ComesToRestAndIsWokenByAPacket(MemifReceiveMode mode)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.ReceiveMode = mode);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);
        var receiver = new WatchedThread(() => WaitFor(rx));
        receiver.WaitUntilIn(SystemCalls.Poll, Patience);

        Assert.True(tx.TrySend([1]));

        await receiver.Completion.WaitAsync(Patience);
    }

    [Fact]
    public async Task ReceiveMode_Changed_TheSleeperFollowsAtOnce()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);
        var receiver = new WatchedThread(() => WaitFor(rx));

        for (int times = 0; times < 3; times++)
        {
            rx.ReceiveMode = MemifReceiveMode.Interrupt;
            receiver.WaitUntilIn(SystemCalls.Poll, Patience);

            rx.ReceiveMode = MemifReceiveMode.Busy;
            receiver.WaitUntilBusy(TimeSpan.FromMilliseconds(5), Patience);

            rx.ReceiveMode = MemifReceiveMode.Adaptive;
            receiver.WaitUntilIn(SystemCalls.Poll, Patience);
        }

        rx.ReceiveMode = MemifReceiveMode.Busy;
        Assert.True(tx.TrySend([1]));
        await receiver.Completion.WaitAsync(Patience);
    }

    [Fact]
    public async Task Wait_AsleepAndAwake_TellsThePeerByTheMask()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        MemifRxQueue rx = server.Target.RxQueues[0];
        Assert.True(client.S2M.IsMasked);
        var receiver = new WatchedThread(() => WaitFor(rx));
        Assert.True(SpinWait.SpinUntil(() => !client.S2M.IsMasked, Patience));

        client.Send([1]);
        client.S2MEvent.Signal();

        await receiver.Completion.WaitAsync(Patience);
        Assert.True(client.S2M.IsMasked);
        Assert.InRange(rx.Statistics.Wakeups, 0UL, 1UL);
    }

    [Theory]
    [MemberData(nameof(ModesAndSenders))]
    public async Task Wait_TimeIsOver_Returns(MemifReceiveMode mode, MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.ReceiveMode = mode);
        MemifRxQueue rx = pair.From(sender).Rx;
        rx.Wait(TimeSpan.Zero);

        // The first one may end early, because the link came up.
        rx.Wait(TimeSpan.FromMilliseconds(5));
        long began = Stopwatch.GetTimestamp();
        rx.Wait(TimeSpan.FromMilliseconds(10));

        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromMilliseconds(9), Patience);
    }

    [Theory]
    [InlineData(MemifReceiveMode.Interrupt)]
    [InlineData(MemifReceiveMode.Adaptive)]
    [InlineData(MemifReceiveMode.Busy)]
    public async Task Wake_BeforeOrDuringAWait_EndsIt(MemifReceiveMode mode)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.ReceiveMode = mode);
        MemifRxQueue rx = pair.Server.RxQueues[0];
        rx.Wake();
        await Task.Run(() => rx.Wait(Timeout.InfiniteTimeSpan)).WaitAsync(Patience);
        bool isOver = false;
        var receiver = new WatchedThread(() =>
        {
            while (!Volatile.Read(ref isOver))
                rx.Wait(Timeout.InfiniteTimeSpan);
        });

        Volatile.Write(ref isOver, true);
        rx.Wake();

        await receiver.Completion.WaitAsync(Patience);
    }

    [Fact]
    public async Task Wait_WhileABurstIsHeld_ReturnsForWhatHasNotBeenReleased()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);
        Assert.True(tx.TrySend([1]));
        Assert.Equal(1, rx.Acquire(1));

        await Task.Run(() => rx.Wait(Timeout.InfiniteTimeSpan)).WaitAsync(Patience);

        rx.Release();
    }

    [Fact]
    public void Close_WhileSomebodyWaits_EndsItEveryTime()
    {
        ProcessCounts before = ProcessCounts.Take();
        for (int times = 0; times < 500; times++)
        {
            var queue = new MemifRxQueue(0, MemifReceiveMode.Interrupt, Substitute.For<IQueueOwner>());
            var receiver = new WatchedThread(() =>
            {
                while (true)
                    queue.Wait(Timeout.InfiniteTimeSpan);
            });

            queue.Attach(null);
            queue.Close();

            // Not a lost event, which would keep the thread for ever.
            Assert.True(SpinWait.SpinUntil(() => receiver.Completion.IsCompleted, Patience));
            Assert.IsType<ObjectDisposedException>(receiver.Completion.Exception?.InnerException);
        }

        before.AssertAgain();
    }

    private static void WaitFor(MemifRxQueue rx)
    {
        while (!rx.TryReceive(new byte[1], out _))
            rx.Wait(Timeout.InfiniteTimeSpan);
    }
}

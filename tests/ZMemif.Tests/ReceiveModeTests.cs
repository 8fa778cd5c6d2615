using System.Diagnostics;
using NSubstitute;
using ZMemif.Memory;
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
                Assert.True(tx.WaitForRoom(Patience), "The receiver takes nothing any more.");
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

    /// <summary>
    /// In busy mode no event keeps a wake-up, only a flag does: the end of one wait, which resets it, must not undo a wake-up
    /// whose reason the caller has not seen yet.
    /// </summary>
    [Fact]
    public async Task Wake_JustWhenAnotherWaitEnds_IsNotLost()
    {
        const int Rounds = 500_000;
        const int LongestDelay = 512;
        var queue = new MemifRxQueue(0, MemifReceiveMode.Busy, Substitute.For<IQueueOwner>());
        using var bed = new RingBed(log2Size: 2);
        queue.Attach(bed.ServerReceives());
        var longest = TimeSpan.FromSeconds(5);
        int reason = 0;
        int seen = 0;
        bool isLost = false;
        var waiting = new WatchedThread(() =>
        {
            for (int next = 1; next <= Rounds && !isLost; next++)
            {
                queue.Wait(TimeSpan.Zero);
                while (Volatile.Read(ref reason) < next && !isLost)
                {
                    long began = Stopwatch.GetTimestamp();
                    queue.Wait(longest);
                    isLost = Stopwatch.GetElapsedTime(began) >= longest;
                }

                Volatile.Write(ref seen, next);
            }
        });

        for (int next = 1; next <= Rounds && !waiting.Completion.IsCompleted; next++)
        {
            for (int delay = next % LongestDelay; delay > 0; delay--)
                _ = Volatile.Read(ref seen);
            Volatile.Write(ref reason, next);
            queue.Wake();
            while (Volatile.Read(ref seen) < next && !waiting.Completion.IsCompleted)
            {
            }
        }

        await waiting.Completion.WaitAsync(Patience);
        Assert.False(isLost);
        queue.Close();
    }

    [Fact]
    public async Task Wait_WhileABurstIsHeld_ReturnsAtOnce()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);
        Assert.True(tx.TrySend([1]));
        Assert.Equal(1, rx.Acquire(1));

        // Another thread waits meanwhile: the packet of the burst counts as not received, however often somebody waits for it.
        await Task.Run(() =>
        {
            for (int times = 0; times < 100; times++)
                rx.Wait(Timeout.InfiniteTimeSpan);
        }).WaitAsync(Patience);

        Assert.True(rx.TryRead(out _));
        rx.Release();
        Assert.True(rx.TryArm());
        rx.Disarm();
    }

    [Theory]
    [InlineData(MemifReceiveMode.Interrupt)]
    [InlineData(MemifReceiveMode.Adaptive)]
    public async Task Wait_HalfAPacketLies_SleepsAndIsWokenByItsEnd(MemifReceiveMode mode)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        MemifRxQueue rx = server.Target.RxQueues[0];
        rx.ReceiveMode = mode;
        client.S2M.WriteDescriptor(0, new Descriptor { Flags = Descriptor.Next, Length = 1, Offset = RawClient.BufferOf(0) });
        client.S2M.ReleaseHead(1);
        long looks = 0;
        var receiver = new WatchedThread(() =>
        {
            for (; !rx.TryReceive(new byte[2], out _); looks++)
                rx.Wait(Timeout.InfiniteTimeSpan);
        });
        receiver.WaitUntilIn(SystemCalls.Poll, Patience);
        Assert.True(SpinWait.SpinUntil(() => !client.S2M.IsMasked, Patience));

        client.S2M.WriteDescriptor(1, new Descriptor { Length = 1, Offset = RawClient.BufferOf(1) });
        client.S2M.ReleaseHead(2);
        client.S2MEvent.Signal();

        await receiver.Completion.WaitAsync(Patience);
        Assert.InRange(looks, 1, 5);
    }

    /// <summary>
    /// A peer that tests the mask before its index is seen writes no event, though the receiver has just begun to sleep (§4.2):
    /// a second look, a millisecond later, finds the packet.
    /// </summary>
    [Fact]
    public async Task Wait_PeerPublishesJustAfterArmingAndWritesNoEvent_IsFoundBeforeTheLongSleep()
    {
        const int Rounds = 40;
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        MemifRxQueue rx = server.Target.RxQueues[0];
        var receiver = new WatchedThread(() =>
        {
            for (int received = 0; received < Rounds;)
            {
                rx.Wait(Timeout.InfiniteTimeSpan);
                while (rx.TryReceive(new byte[1], out _))
                    received++;
            }
        });

        int found = 0;
        for (ushort round = 0; round < Rounds; round++)
        {
            client.S2M.WriteDescriptor(round, new Descriptor { Length = 1, Offset = RawClient.BufferOf(0) });
            Assert.True(SpinWait.SpinUntil(() => !client.S2M.IsMasked, Patience));
            client.S2M.ReleaseHead((ushort)(round + 1));

            // This thread may have been without a processor for that millisecond; then somebody has to help.
            if (SpinWait.SpinUntil(() => rx.Packets == round + 1UL, TimeSpan.FromMilliseconds(200)))
                found++;
            rx.Wake();
            Assert.True(SpinWait.SpinUntil(() => rx.Packets == round + 1UL, Patience));
        }

        await receiver.Completion.WaitAsync(Patience);
        Assert.InRange(found, Rounds / 2, Rounds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Wait_ConnectionHasEndedButThePortDoesNotKnowYet_Sleeps(bool isLent)
    {
        using var bed = new RingBed(log2Size: 2);
        var queue = new MemifRxQueue(0, MemifReceiveMode.Interrupt, Substitute.For<IQueueOwner>());
        queue.Attach(bed.ServerReceives());
        bed.Publish(head: 0, count: 1);
        Assert.True(queue.TryLease(out MemifLease lease));
        queue.Wait(TimeSpan.Zero); // takes the event of the attaching
        if (!isLent)
            lease.Dispose();
        bed.Dispose();

        var receiver = new WatchedThread(() => queue.Wait(Timeout.InfiniteTimeSpan));
        receiver.WaitUntilIn(SystemCalls.Poll, Patience);
        Assert.False(receiver.Completion.IsCompleted);

        queue.Retire();
        await receiver.Completion.WaitAsync(Patience);
        lease.Dispose();
        queue.Close();
    }

    [Fact]
    public async Task TryArm_HalfAPacketLies_SaysThatOneMaySleep()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        MemifRxQueue rx = server.Target.RxQueues[0];
        client.S2M.WriteDescriptor(0, new Descriptor { Flags = Descriptor.Next, Length = 1, Offset = RawClient.BufferOf(0) });
        client.S2M.ReleaseHead(1);
        Assert.False(rx.TryArm());
        Assert.Equal(0, rx.Acquire(1));

        Assert.True(rx.TryArm());

        client.S2M.WriteDescriptor(1, new Descriptor { Length = 1, Offset = RawClient.BufferOf(1) });
        client.S2M.ReleaseHead(2);
        Assert.False(rx.TryArm());
        Assert.Equal(1, rx.Acquire(1));
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

            queue.Retire();
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

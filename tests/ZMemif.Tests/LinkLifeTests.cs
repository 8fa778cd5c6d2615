using NSubstitute;
using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>How links end, come again, and leave nothing behind, whoever holds what at that moment.</summary>
[Collection(nameof(Alone))]
public sealed class LinkLifeTests
{
    private const int Cycles = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<MemifRole> Ends => [MemifRole.Client, MemifRole.Server];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Dispose_OneEnd_TheOtherIsToldWhy(MemifRole end)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        bool client = end == MemifRole.Client;
        (MemifPort leaving, MemifPort staying) = client ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        (PortLog leavingEvents, PortLog stayingEvents) =
            client ? (pair.ClientEvents, pair.ServerEvents) : (pair.ServerEvents, pair.ClientEvents);

        await pair.DisposeAsync(end);

        MemifException told = await stayingEvents.ExpectDownAsync();
        Assert.Equal((MemifErrorCode.RefusedByPeer, "The peer ended the connection: \"The interface was closed.\" (code 0)."), (told.Code, told.Message));
        Assert.Equal(MemifErrorCode.ClosedLocally, (await leavingEvents.ExpectDownAsync()).Code);
        Assert.Equal((MemifPortState.Closed, MemifPortState.Connecting), (leaving.State, staying.State));
        Assert.False(staying.TxQueues[0].IsConnected || staying.RxQueues[0].IsConnected);
        Assert.False(staying.TxQueues[0].TrySend([1]));
        Assert.Equal(0, staying.RxQueues[0].Acquire(1));
        Assert.False(leaving.TxQueues[0].TrySend([1]));
        Assert.Equal(0, leaving.RxQueues[0].Acquire(1));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Dispose_OneEnd_ComesBack_TheLinkIsUpAgain(MemifRole end)
    {
        string address = TestAddress.Abstract();
        MemifRole other = end == MemifRole.Client ? MemifRole.Server : MemifRole.Client;
        await using var stayingSocket = new MemifSocket(address);
        MemifPort staying = stayingSocket.AddPort(new MemifPortOptions { Role = other });
        stayingSocket.Start();

        for (int life = 1; life <= 3; life++)
        {
            await using var socket = new MemifSocket(address);
            MemifPort port = socket.AddPort(new MemifPortOptions { Role = end });
            socket.Start();
            await port.WaitConnectedAsync().WaitAsync(Patience);
            await staying.WaitConnectedAsync().WaitAsync(Patience);
            Assert.Equal(life, staying.ConnectionCount);
            Assert.Null(staying.LastError);
            AssertCarries(staying, port);
            AssertCarries(port, staying);

            await socket.DisposeAsync();
            Assert.True(SpinWait.SpinUntil(() => staying.State == MemifPortState.Connecting, Patience));
            Assert.NotNull(staying.LastError);
        }
    }

    [Fact]
    public async Task Client_ManyLives_LeaveNothingBehind()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        ProcessCounts before = ProcessCounts.Take();

        for (int life = 0; life < Cycles; life++)
        {
            using (RawClient client = server.Client(ClientStage.Up))
                await server.Events.ExpectUpAsync();
            Assert.Equal(MemifErrorCode.ClosedByPeer, (await server.Events.ExpectDownAsync()).Code);
        }

        before.AssertAgain();
        Assert.Equal(Cycles, server.Target.ConnectionCount);
        server.AssertHealthy();
    }

    [Fact]
    public async Task Sockets_ManyLives_LeaveNothingBehind()
    {
        ProcessCounts before = ProcessCounts.Take();

        for (int life = 0; life < Cycles; life++)
        {
            await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 16);
            AssertCarries(pair.Client, pair.Server);
        }

        before.AssertAgain();
    }

    [Fact]
    public async Task LastSocket_Disposed_EndsTheControlThread()
    {
        ControlLoop.Leave();
        try
        {
            Assert.True(SpinWait.SpinUntil(() => ProcessCounts.Take().ControlThreads == 0, Patience));

            await using (PortPair pair = await PortPair.ConnectAsync())
                Assert.Equal(1, ProcessCounts.Take().ControlThreads);

            Assert.True(SpinWait.SpinUntil(() => ProcessCounts.Take().ControlThreads == 0, Patience));
        }
        finally
        {
            ControlLoop.Join();
        }
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Dispose_WhileABurstIsHeld_TheMemoryLivesUntilItsRelease(MemifRole receiver)
    {
        int before = Generation.LiveCount;
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(receiver == MemifRole.Server ? MemifRole.Client : MemifRole.Server);
        Assert.True(tx.TrySend("one"u8));
        Assert.True(tx.TrySend("two"u8));
        Assert.Equal(2, rx.Acquire(2));

        await pair.DisposeAsync();

        Assert.Equal(before + 1, Generation.LiveCount);
        Assert.Equal(["one", "two"], ReadTexts(rx));
        rx.Release();
        Assert.Equal(before, Generation.LiveCount);
        Assert.Equal(0, rx.Acquire(1));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Dispose_WhileAReservationIsHeld_TheMemoryLivesUntilItsCommit(MemifRole sender)
    {
        int before = Generation.LiveCount;
        await using PortPair pair = await PortPair.ConnectAsync();
        MemifTxQueue tx = pair.From(sender).Tx;
        Assert.True(tx.TryReserve(5, out _));

        await pair.DisposeAsync();

        Assert.Equal(before + 1, Generation.LiveCount);
        Assert.True(tx.TryReserve(5, out Span<byte> buffer));
        buffer.Fill(1);
        tx.Commit();
        Assert.Equal(before, Generation.LiveCount);
        Assert.False(tx.TryReserve(5, out _));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Dispose_WhileAReservationIsHeld_TheMemoryLivesUntilItsDiscard(MemifRole sender)
    {
        int before = Generation.LiveCount;
        await using PortPair pair = await PortPair.ConnectAsync();
        MemifTxQueue tx = pair.From(sender).Tx;
        Assert.True(tx.TryReserve(5, out _));
        await pair.DisposeAsync();

        tx.Discard();

        Assert.Equal(before, Generation.LiveCount);
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Dispose_DuringAWaitWithoutLimit_EndsTheWait(MemifRole receiver)
    {
        ProcessCounts before = ProcessCounts.Take();
        PortPair pair = await PortPair.ConnectAsync();
        MemifRxQueue rx = receiver == MemifRole.Server ? pair.Server.RxQueues[0] : pair.Client.RxQueues[0];
        using var waits = new SemaphoreSlim(0);
        Task waiting = Task.Run(() =>
        {
            try
            {
                while (rx.IsConnected)
                {
                    waits.Release();
                    rx.Wait(Timeout.InfiniteTimeSpan);
                }
            }
            catch (ObjectDisposedException)
            {
                // The port was closed between the two.
            }
        });
        Assert.True(await waits.WaitAsync(Patience));

        await pair.DisposeAsync(receiver);

        await waiting.WaitAsync(Patience);
        Assert.Throws<ObjectDisposedException>(() => rx.Wait(Timeout.InfiniteTimeSpan));
        await pair.DisposeAsync();
        before.AssertAgain();
    }

    [Fact]
    public async Task Wait_BeforeTheLinkIsUp_EndsWithIt()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        Task waiting = Task.Run(() =>
        {
            while (!server.Target.RxQueues[0].IsConnected)
                server.Target.RxQueues[0].Wait(Timeout.InfiniteTimeSpan);
        });

        using RawClient client = server.Client(ClientStage.Up);

        await waiting.WaitAsync(Patience);
    }

    [Fact]
    public void Wait_QueueIsClosedUnderIt_LetsTheMemoryGo()
    {
        int before = Generation.LiveCount;
        using var bed = new RingBed(log2Size: 2);
        ServerRxWalk walk = bed.ServerReceives();
        var queue = new MemifRxQueue(0, MemifReceiveMode.Interrupt, Substitute.For<IQueueOwner>());
        queue.Attach(walk);
        queue.Close();

        Assert.Throws<ObjectDisposedException>(() => queue.Wait(TimeSpan.Zero));

        bed.Dispose();
        Assert.Equal(before, Generation.LiveCount);
    }

    [Fact]
    public async Task Acquire_BurstOfAnEarlierLinkIsHeld_IsRefusedUntilItsRelease()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        int before = Generation.LiveCount;
        MemifRxQueue rx = server.Target.RxQueues[0];
        using (RawClient first = server.Client(ClientStage.Up))
        {
            await server.Events.ExpectUpAsync();
            first.Send([1]);
            Assert.Equal(1, rx.Acquire(1));
        }

        await server.Events.ExpectDownAsync();
        using RawClient second = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        second.Send([2, 2]);

        Assert.Throws<InvalidOperationException>(() => rx.Acquire(1));

        rx.Release();
        Assert.True(rx.TryReceive(new byte[1], out int length));
        Assert.Equal(2, length);
        Assert.Equal(before + 1, Generation.LiveCount);
    }

    [Fact]
    public async Task Release_BurstOfAnEarlierLinkThatWasBroken_DoesNotEndThePresentLink()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        MemifRxQueue rx = server.Target.RxQueues[0];
        using (RawClient first = server.Client(ClientStage.Up))
        {
            await server.Events.ExpectUpAsync();
            first.S2M.WriteDescriptor(0, new Descriptor { Length = 1, Offset = RawClient.BufferOf(0) });
            first.S2M.WriteDescriptor(1, new Descriptor { Region = 0xffff, Length = 1 });
            first.S2M.ReleaseHead(2);
            Assert.Equal(1, rx.Acquire(2));
        }

        await server.Events.ExpectDownAsync();
        using RawClient second = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();

        rx.Release();

        await ControlThread.PassAsync();
        Assert.Equal(MemifPortState.Connected, server.Target.State);
        second.Send([1]);
        Assert.True(rx.TryReceive(new byte[1], out _));
    }

    [Fact]
    public async Task Discard_ReservationOfAnEarlierLinkThatWasBroken_DoesNotEndThePresentLink()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        MemifTxQueue tx = server.Target.TxQueues[0];
        using (RawClient first = server.Client(ClientStage.Up))
        {
            await server.Events.ExpectUpAsync();
            first.PostAll();
            first.M2S.WriteDescriptor(1, new Descriptor { Region = 0xffff, Length = 1 });
            Assert.True(tx.TryReserve(1, out _));
            Assert.False(tx.TryReserve(1, out _));
        }

        await server.Events.ExpectDownAsync();
        using RawClient second = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();

        tx.Discard();

        await ControlThread.PassAsync();
        Assert.Equal(MemifPortState.Connected, server.Target.State);
        second.PostAll();
        Assert.True(tx.TrySend([1]));
    }

    private static List<string> ReadTexts(MemifRxQueue rx)
    {
        var texts = new List<string>();
        while (rx.TryRead(out MemifPacket packet))
            texts.Add(System.Text.Encoding.UTF8.GetString(packet.GetSegment(0)));
        return texts;
    }

    private static void AssertCarries(MemifPort from, MemifPort to)
    {
        Assert.True(from.TxQueues[0].TrySend([7]));
        Assert.True(to.RxQueues[0].TryReceive(new byte[1], out _));
    }
}

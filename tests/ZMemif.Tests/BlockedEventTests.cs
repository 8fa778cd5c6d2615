using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>
/// A peer that shares the flags and the counter of a ring's event, and makes our write of it block: the sender comes
/// back, the link ends and says why, and everybody else goes on (§4.5).
/// </summary>
[Collection(nameof(Alone))]
public sealed class BlockedEventTests
{
    private const string Words = "On transmit queue 0 the peer made the writing of its event block.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Server_EventBlocks_SenderIsFreedAndTheLinkEnds()
    {
        ProcessCounts before = ProcessCounts.Take();
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync())
        using (RawClient client = server.Client(ClientStage.Up))
        {
            await server.Events.ExpectUpAsync();
            client.PostAll();
            client.M2SEvent.BlockWriters();

            Task<bool> sending = Task.Run(() => server.Target.TxQueues[0].TrySend([1]));

            Assert.True(await sending.WaitAsync(Patience));
            MemifException cause = await server.Events.ExpectDownAsync();
            Assert.Equal((MemifErrorCode.RingViolation, Words), (cause.Code, cause.Message));
            Assert.Equal(Words, client.Peer.ReadToEnd());
            server.AssertHealthy();
        }

        before.AssertAgain();
    }

    [Fact]
    public async Task Client_EventBlocks_SenderIsFreedAndTheLinkEnds()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { RingSize = 16 });
        var events = new PortLog(port);
        socket.Start();
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.Complete(peer);
        await events.ExpectUpAsync();
        memory.S2MEvent.BlockWriters();

        Task<int> sending = Task.Run(() => port.TxQueues[0].Send([new byte[1], new byte[2]]));

        Assert.Equal(2, await sending.WaitAsync(Patience));
        MemifException cause = await events.ExpectDownAsync();
        Assert.Equal((MemifErrorCode.RingViolation, Words), (cause.Code, cause.Message));
    }

    [Fact]
    public async Task PeerThatLetsPacketsLieForLong_ThenBlocks_SenderIsFreedWithinASecond()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();
        MemifTxQueue tx = server.Target.TxQueues[0];
        Assert.True(tx.TrySend([1]));
        Assert.True(SpinWait.SpinUntil(() => tx.Statistics.Rekicks >= 8, Patience));
        client.M2SEvent.BlockWriters();

        long began = TimeProvider.System.GetTimestamp();
        Assert.True(await Task.Run(() => tx.TrySend([2])).WaitAsync(Patience));

        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(Words, (await server.Events.ExpectDownAsync()).Message);
    }

    [Fact]
    public async Task PeerThatConsumesAtOnce_AndBlocks_SenderIsFreedToo()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();
        client.M2SEvent.BlockWriters();
        Task sending;
        using (ControlThread.Hold())
        {
            sending = RunBlocked(() => server.Target.TxQueues[0].TrySend([1]));
            client.M2S.ReleaseHead(9);
        }

        await sending.WaitAsync(Patience);
        Assert.Equal(Words, (await server.Events.ExpectDownAsync()).Message);
        server.AssertHealthy();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LinkEndsWhileASenderIsBlocked_SenderIsFreedAllTheSame(bool byPeer)
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();
        client.M2SEvent.BlockWriters();
        Task sending;
        using (ControlThread.Hold())
        {
            // The end of the link is what the control thread sees first.
            if (byPeer)
                client.Peer.Dispose();
            else
                server.Target.Disconnect();
            sending = RunBlocked(() => server.Target.TxQueues[0].TrySend([1]));
        }

        await sending.WaitAsync(Patience);
        MemifErrorCode cause = (await server.Events.ExpectDownAsync()).Code;
        Assert.Equal(byPeer ? MemifErrorCode.ClosedByPeer : MemifErrorCode.ClosedLocally, cause);
    }

    [Fact]
    public async Task PortIsDisposedWhileASenderIsBlocked_SenderIsFreed()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();
        client.M2SEvent.BlockWriters();
        Task sending;
        ValueTask disposing;
        using (ControlThread.Hold())
        {
            disposing = server.Target.DisposeAsync();
            sending = RunBlocked(() => server.Target.TxQueues[0].TrySend([1]));
        }

        await disposing;
        await sending.WaitAsync(Patience);
        server.AssertHealthy();
    }

    [Fact]
    public async Task PeerBlocksAgainAndAgain_SenderIsFreedInTheEnd()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();
        client.M2SEvent.BlockWriters();
        bool isOver = false;
        Task hostile = Task.Factory.StartNew(
            () =>
            {
                while (!Volatile.Read(ref isOver))
                    FillIfRoom(client.M2SEvent);
            },
            TaskCreationOptions.LongRunning);

        await Task.Run(() => server.Target.TxQueues[0].TrySend([1])).WaitAsync(Patience);

        Volatile.Write(ref isOver, true);
        await ReleaseAsync(hostile, client.M2SEvent);
        Assert.Equal(Words, (await server.Events.ExpectDownAsync()).Message);
        server.AssertHealthy();
    }

    [Fact]
    public async Task FullCounterThatDoesNotBlock_IsNoOffence()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();
        client.M2SEvent.Drain(); // of an event that came before
        Assert.Equal(sizeof(ulong), Libc.Write(client.M2SEvent.Descriptor, ulong.MaxValue - 1));

        for (int i = 0; i < 4; i++)
            Assert.True(server.Target.TxQueues[0].TrySend([1]));

        Assert.True(SpinWait.SpinUntil(() => server.Target.TxQueues[0].Statistics.Rekicks >= 3, Patience));
        Assert.Equal(MemifPortState.Connected, server.Target.State);
    }

    /// <summary>Runs something on a thread of its own, and returns when the kernel has put that to sleep.</summary>
    private static Task RunBlocked(Action action)
    {
        var thread = new WatchedThread(action);
        thread.WaitUntilIn(SystemCalls.Write, Patience);
        return thread.Completion;
    }

    // The hostile thread may have blocked itself by its last write.
    private static async Task ReleaseAsync(Task hostile, EventCounter @event)
    {
        bool hasEnded = SpinWait.SpinUntil(
            () =>
            {
                @event.Take();
                return hostile.IsCompleted;
            },
            Patience);
        Assert.True(hasEnded);
        await hostile;
    }

    private static void FillIfRoom(EventCounter @event)
    {
        PollFd[] set = [new() { Fd = @event.Descriptor.Number, Events = Libc.POLLOUT }];
        if (Libc.Poll(set, 1) == 1)
            _ = Libc.Write(@event.Descriptor, ulong.MaxValue - 1);
    }
}

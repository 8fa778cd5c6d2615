using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Hostile;

/// <summary>The peer shares the event's flags and counter, so it can make the sender's write block (§4.5).</summary>
[Collection(nameof(Alone))]
public sealed class BlockedSenderTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void FreeBlockedSender_WriterThatOnlyDidNotGetToRun_IsNotBlamedOnThePeer()
    {
        using SharedRegion region = SharedRegion.Create("memif", 4096);
        using EventCounter @event = EventCounter.Create();
        var signal = new QueueSignal(new Ring(region, 0, new RingLayout(0, 64)), @event);
        signal.BeginNotify();
        long began = Environment.TickCount64;
        Assert.True(SpinWait.SpinUntil(() => Environment.TickCount64 - began > 15, s_patience));

        Assert.False(signal.FreeBlockedSender());

        signal.EndNotify();
        Assert.True(@event.CanSignal());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void FreeBlockedSender_EventHasRoom_IsLeftAlone(bool blocks)
    {
        using SharedRegion region = SharedRegion.Create("memif", 4096);
        using EventCounter @event = EventCounter.Create();
        var signal = new QueueSignal(new Ring(region, 0, new RingLayout(0, 64)), @event);
        signal.Notify();
        if (blocks)
            Assert.Equal(0, Libc.Fcntl(@event.Descriptor, Libc.F_SETFL, 0));
        signal.BeginNotify();
        long began = Environment.TickCount64;
        Assert.True(SpinWait.SpinUntil(() => Environment.TickCount64 - began > 15, s_patience));

        // Emptying it would lose the wake-up of a receiver who has not got to run either.
        Assert.False(signal.FreeBlockedSender());

        PollFd[] set = [new() { Fd = @event.Descriptor.Number, Events = Libc.POLLIN }];
        Assert.Equal(1, Libc.Poll(set, 0));
        signal.EndNotify();
    }

    [Fact]
    public void FreeBlockedSender_EventIsFullButDoesNotBlock_IsNotBlamedOnThePeer()
    {
        using SharedRegion region = SharedRegion.Create("memif", 4096);
        using EventCounter @event = EventCounter.Create();
        var signal = new QueueSignal(new Ring(region, 0, new RingLayout(0, 64)), @event);
        Assert.Equal(8, Libc.Write(@event.Descriptor, ulong.MaxValue - 1));
        signal.BeginNotify();
        long began = Environment.TickCount64;
        Assert.True(SpinWait.SpinUntil(() => Environment.TickCount64 - began > 15, s_patience));

        Assert.False(signal.FreeBlockedSender());

        signal.EndNotify();
    }

    [Fact]
    public void FreeBlockedSender_EventIsFullForLongerThanAnybodyPauses_IsBlamedOnThePeer()
    {
        using SharedRegion region = SharedRegion.Create("memif", 4096);
        using EventCounter @event = EventCounter.Create();
        QueueSignal signal = Full(region, @event);
        WaitMilliseconds(1100);

        Assert.True(signal.FreeBlockedSender());

        signal.EndNotify();
    }

    [Fact]
    public void FreeBlockedSender_AgainAndAgain_IsBlamedOnThePeer()
    {
        using SharedRegion region = SharedRegion.Create("memif", 4096);
        using EventCounter @event = EventCounter.Create();
        var blames = new List<bool>();
        QueueSignal signal = Full(region, @event);
        for (int i = 0; i < 11; i++)
        {
            WaitMilliseconds(15);
            blames.Add(signal.FreeBlockedSender());
            signal.EndNotify();
            Fill(@event);
            signal.BeginNotify();
        }

        Assert.Equal([.. Enumerable.Repeat(false, 10), true], blames);
        signal.GiveUpNotify();
        Assert.False(signal.HasWriter);
    }

    private static QueueSignal Full(SharedRegion region, EventCounter @event)
    {
        var signal = new QueueSignal(new Ring(region, 0, new RingLayout(0, 64)), @event);
        Fill(@event);
        signal.BeginNotify();
        return signal;
    }

    private static void Fill(EventCounter @event)
    {
        @event.Drain();
        Assert.Equal(8, Libc.Write(@event.Descriptor, ulong.MaxValue - 1));
    }

    private static void WaitMilliseconds(int milliseconds)
    {
        long began = Environment.TickCount64;
        Assert.True(SpinWait.SpinUntil(() => Environment.TickCount64 - began > milliseconds, s_patience));
    }

    [Fact]
    public async Task Event_BlocksThoughThePeerTakesThePacket_TheWriterIsFreed()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        Block(client);

        Task<bool> sending = Task.Run(() => server.Target.TxQueues[0].TrySend([1]));
        Assert.True(SpinWait.SpinUntil(() => client.M2S.AcquireTail() == 1, s_patience));
        client.M2S.ReleaseHead(9);

        Assert.True(await sending.WaitAsync(s_patience));
        Assert.Equal("On transmit queue 0 the peer made the writing of its event block.", (await server.Events.ExpectDownAsync()).Message);
    }

    [Fact]
    public async Task LinkEnds_WhileAWriterIsBlocked_TheWriterIsFreedAllTheSame()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        int before = Generation.LiveCount;
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        Block(client);

        WatchedThread sender;
        using (ControlThread.Hold())
        {
            // Nobody looks after the writer before the link is gone.
            sender = new WatchedThread(() => server.Target.TxQueues[0].TrySend([1]));
            sender.WaitUntilIn(SystemCalls.Write, s_patience);
            client.Dispose();
        }

        await sender.Completion.WaitAsync(s_patience);
        await server.Events.ExpectDownAsync();
        Assert.True(SpinWait.SpinUntil(() => Generation.LiveCount == before, s_patience));
    }

    [Fact]
    public async Task LastSocketGoes_WhileAWriterIsBlocked_TheWriterIsFreedAllTheSame()
    {
        ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        Block(client);

        WatchedThread sender;
        Task ending;
        using (ControlThread.Hold())
        {
            sender = new WatchedThread(() => server.Target.TxQueues[0].TrySend([1]));
            sender.WaitUntilIn(SystemCalls.Write, s_patience);
            ending = server.DisposeAsync().AsTask();
        }

        await ending.WaitAsync(s_patience);
        await sender.Completion.WaitAsync(s_patience);
    }

    [Fact]
    public void LinkEnds_BeforeItsEventIsWritten_TheEventIsLeftAlone()
    {
        using var bed = new RingBed(log2Size: 2);
        TxWalk walk = bed.ServerSends();

        // Nobody looks after a writer who comes later than this.
        var owner = new ClosesWhenKicked(walk);
        var queue = new MemifTxQueue(0, owner);
        queue.Attach(walk);

        queue.WakePeer();

        Assert.True(owner.WasKicked);
        Assert.Equal((0UL, false, 0UL), (bed.Event.Take(), walk.Signal.HasWriter, queue.Statistics.SignalsSent));
    }

    private static void Block(RawClient client)
    {
        client.PostAll();
        client.M2S.SetMask(false);
        client.M2SEvent.Drain(); // of an event that came before
        Assert.Equal(8, Libc.Write(client.M2SEvent.Descriptor, ulong.MaxValue - 1));
        Assert.Equal(0, Libc.Fcntl(client.M2SEvent.Descriptor, Libc.F_SETFL, 0));
    }

    private sealed class ClosesWhenKicked(TxWalk walk) : IQueueOwner
    {
        internal bool WasKicked { get; private set; }

        public PcapWriter? Capture => null;

        public void Fail(Generation generation, string violation) => Assert.Fail(violation);

        public void Kicked()
        {
            WasKicked = true;
            walk.Close();
        }
    }
}

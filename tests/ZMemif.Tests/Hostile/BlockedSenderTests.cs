using ZMemif.Memory;
using ZMemif.Native;
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

        Task<bool> sending;
        using (ControlThread.Hold())
        {
            // Nobody looks after the writer before the link is gone.
            sending = Task.Run(() => server.Target.TxQueues[0].TrySend([1]));
            Assert.True(SpinWait.SpinUntil(() => client.M2S.AcquireTail() == 1, s_patience));
            client.Dispose();
        }

        Assert.True(await sending.WaitAsync(s_patience));
        await server.Events.ExpectDownAsync();
        Assert.True(SpinWait.SpinUntil(() => Generation.LiveCount == before, s_patience));
    }

    private static void Block(RawClient client)
    {
        client.PostAll();
        client.M2S.SetMask(false);
        client.M2SEvent.Drain(); // of an event that came before
        Assert.Equal(8, Libc.Write(client.M2SEvent.Descriptor, ulong.MaxValue - 1));
        Assert.Equal(0, Libc.Fcntl(client.M2SEvent.Descriptor, Libc.F_SETFL, 0));
    }
}

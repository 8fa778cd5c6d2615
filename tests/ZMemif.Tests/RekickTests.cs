using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>Peers that lose an event get another one, as long as they want events and leave packets lying (§4.3).</summary>
[Collection(nameof(Alone))]
public sealed class RekickTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task ServerSends_ClientSwallowsTheEvent_GetsOthersUntilItConsumes()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();
        MemifTxQueue tx = server.Target.TxQueues[0];
        Assert.True(tx.TrySend([1]));

        for (int times = 0; times < 4; times++)
            Assert.True(SpinWait.SpinUntil(() => client.M2SEvent.Take() > 0, Patience));
        client.M2S.ReleaseHead(9);

        await AssertQuietAsync(() => client.M2SEvent.Take(), tx);
        Assert.Equal(1UL, tx.Statistics.SignalsSent);
        Assert.InRange(tx.Statistics.Rekicks, 3UL, 20UL);
        Assert.Equal(0, tx.Statistics.Occupancy);
    }

    [Fact]
    public async Task ClientSends_ServerSwallowsTheEvent_GetsOthersUntilItConsumes()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { RingSize = 16 });
        socket.Start();
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.Complete(peer);
        await port.WaitConnectedAsync().WaitAsync(Patience);
        MemifTxQueue tx = port.TxQueues[0];
        Assert.True(tx.TrySend([1]));

        for (int times = 0; times < 4; times++)
            Assert.True(SpinWait.SpinUntil(() => memory.S2MEvent.Take() > 0, Patience));
        memory.S2M.ReleaseTail(1);

        await AssertQuietAsync(() => memory.S2MEvent.Take(), tx);
        Assert.Equal(MemifPortState.Connected, port.State);
    }

    [Fact]
    public async Task Peer_Masked_GetsNoEventAtAll()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();
        client.M2S.SetMask(true);
        MemifTxQueue tx = server.Target.TxQueues[0];

        Assert.True(tx.TrySend([1]));

        await AssertQuietAsync(() => client.M2SEvent.Take(), tx);
        Assert.Equal((0UL, 1UL, 0UL, 1), (tx.Statistics.SignalsSent, tx.Statistics.SignalsSkipped, tx.Statistics.Rekicks, tx.Statistics.Occupancy));
    }

    [Fact]
    public async Task Peer_MasksAfterTheFirstEvent_GetsNoMore()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();
        MemifTxQueue tx = server.Target.TxQueues[0];
        using (ControlThread.Hold())
        {
            Assert.True(tx.TrySend([1]));
            Assert.Equal(1UL, client.M2SEvent.Take());
            client.M2S.SetMask(true);
        }

        await AssertQuietAsync(() => client.M2SEvent.Take(), tx);
        Assert.Equal((1UL, 0UL), (tx.Statistics.SignalsSent, tx.Statistics.Rekicks));
    }

    [Fact]
    public async Task SeveralQueues_OnlyTheOneWithLyingPackets_IsKicked()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.TxQueues = options.RxQueues = 2);
        Assert.True(pair.Server.RxQueues[0].TryArm());
        Assert.True(pair.Server.RxQueues[1].TryArm());
        Assert.True(pair.Client.TxQueues[0].TrySend([1]));
        Assert.True(pair.Client.TxQueues[1].TrySend([1]));
        Assert.True(pair.Server.RxQueues[0].TryReceive(new byte[1], out _));

        Assert.True(SpinWait.SpinUntil(() => pair.Client.TxQueues[1].Statistics.Rekicks >= 3, Patience));

        Assert.InRange(pair.Client.TxQueues[0].Statistics.Rekicks, 0UL, 1UL);
    }

    /// <summary>Nothing is written while the control thread looks two times more, as another port shows, which is kicked by it.</summary>
    private static async Task AssertQuietAsync(Func<ulong> take, MemifTxQueue tx)
    {
        await using PortPair other = await PortPair.ConnectAsync();
        Assert.True(other.Server.RxQueues[0].TryArm());
        Assert.True(other.Client.TxQueues[0].TrySend([1]));
        MemifTxQueue kicked = other.Client.TxQueues[0];
        Assert.True(SpinWait.SpinUntil(() => kicked.Statistics.Rekicks >= 2, Patience));

        // What was under way when the peer had enough may still have come.
        take();
        ulong rekicks = tx.Statistics.Rekicks;
        Assert.True(SpinWait.SpinUntil(() => kicked.Statistics.Rekicks >= 6, Patience));
        Assert.Equal((0UL, rekicks), (take(), tx.Statistics.Rekicks));
    }
}

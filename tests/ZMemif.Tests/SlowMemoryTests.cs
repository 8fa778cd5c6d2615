using ZMemif.Memory;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>
/// A peer takes the page of a ring away, and whoever touches it waits: that is never the control thread, which serves all
/// connections.
/// </summary>
[Collection(nameof(Alone))]
public sealed class SlowMemoryTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Rekick_RingIsSlow_WritesTheEventAgainAndKeepsNobody()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { RingSize = 16 });
        socket.Start();
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.Complete(peer);
        await port.WaitConnectedAsync().WaitAsync(s_patience);
        StalledMemory stalled;
        Task<ushort> touching;
        using (ControlThread.Hold())
        {
            Assert.True(port.TxQueues[0].TrySend([1]));
            Assert.Equal(1UL, memory.S2MEvent.Take());
            stalled = new StalledMemory(memory.Region.File);
            touching = Touch(memory.S2M);
        }

        using (stalled)
        {
            Assert.True(SpinWait.SpinUntil(() => memory.S2MEvent.Take() > 0, s_patience));
            await AssertOthersConnectAsync();
            Assert.False(touching.IsCompleted);
        }

        await touching.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Server_RingIsSlowWhenItIsOpened_KeepsNobodyElse()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.RingsAdded);
        using (new StalledMemory(client.Memory.File))
        {
            client.Peer.Send(RawClient.Connecting);
            await AssertOthersConnectAsync();
            Assert.Equal(MemifPortState.Connecting, server.Target.State);
        }

        // What was read at last is the hole.
        Assert.Contains("announced a ring whose cookie is 0x00000000", client.Peer.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_RingIsSlowWhenItIsOpened_KeepsNobodyElse()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { RingSize = 16 });
        socket.Start();
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.ReceiveUntilConnect(peer, RawServer.Hello);
        using (new StalledMemory(memory.Region.File))
        {
            peer.Send(RawServer.Connected);
            await AssertOthersConnectAsync();
            Assert.Equal(MemifPortState.Connecting, port.State);
        }

        await port.WaitConnectedAsync().WaitAsync(s_patience);
    }

    [Fact]
    public async Task Connection_EndsWhileItsRingIsOpened_MemoryGoesWhenThatIsOver()
    {
        ProcessCounts before = ProcessCounts.Take();
        await using (ServerUnderTest server = await ServerUnderTest.StartAsync())
        using (RawClient client = server.Client(ClientStage.RingsAdded))
        {
            int generations = ProcessCounts.Take().Generations;
            using (new StalledMemory(client.Memory.File))
            {
                client.Peer.Send(RawClient.Connecting);
                Assert.True(SpinWait.SpinUntil(() => ProcessCounts.Take().Generations == generations + 1, s_patience));
                await server.Socket.StopAsync().WaitAsync(s_patience);
                Assert.Equal("The interface was closed.", client.Peer.ReadToEnd());
            }
        }

        before.AssertAgain();
    }

    // Both ends, and so the whole handshake, on the same control thread.
    private static async Task AssertOthersConnectAsync()
    {
        Task<PortPair> connecting = PortPair.ConnectAsync();
        await using PortPair pair = await connecting.WaitAsync(s_patience);
    }

    private static Task<ushort> Touch(Ring ring) => Task.Factory.StartNew(ring.AcquireTail, TaskCreationOptions.LongRunning);
}

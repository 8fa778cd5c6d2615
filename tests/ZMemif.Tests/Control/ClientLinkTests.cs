using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>A client port against a server that is played by hand.</summary>
[Collection(nameof(Alone))]
public sealed class ClientLinkTests
{
    [Theory]
    [InlineData("at once", 0)]
    [InlineData("after HELLO", 1)]
    [InlineData("at CONNECT", 2)]
    [InlineData("when up", 3)]
    public async Task Server_Closes_IsReportedAndTriedAgain(string when, int stage)
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions());
        var events = new PortLog(port);
        socket.Start();

        GoTo(server, stage).Dispose();
        if (stage == 3)
            await events.ExpectUpAsync();

        MemifException error = await events.ExpectDownAsync();
        Assert.True(error.Code == MemifErrorCode.ClosedByPeer, when);
        using RawPeer second = GoTo(server, 3);
        await events.ExpectUpAsync();
        Assert.Null(port.LastError);
    }

    [Theory]
    [InlineData("at once", 0)]
    [InlineData("after HELLO", 1)]
    [InlineData("at CONNECT", 2)]
    [InlineData("when up", 3)]
    public async Task Server_Disconnects_ItsWordsAreInLastError(string when, int stage)
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions());
        var events = new PortLog(port);
        socket.Start();

        using (RawPeer peer = GoTo(server, stage))
            peer.Send(new DisconnectMessage(0, when).ToBytes());
        if (stage == 3)
            await events.ExpectUpAsync();

        MemifException error = await events.ExpectDownAsync();
        Assert.Equal((MemifErrorCode.RefusedByPeer, $"The peer ended the connection: \"{when}\" (code 0)."), (error.Code, error.Message));
    }

    [Fact]
    public async Task Server_DisconnectsWithOurMessageUnread_ItsWordsAreInLastError()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        var events = new PortLog(socket.AddPort(new MemifPortOptions()));
        socket.Start();

        using (RawPeer peer = server.Accept())
        {
            peer.Send(RawServer.Hello.ToBytes());
            peer.WaitReadable();
            peer.Send(new DisconnectMessage(0, "no room for you").ToBytes());
        }

        MemifException error = await events.ExpectDownAsync();
        Assert.Equal(MemifErrorCode.RefusedByPeer, error.Code);
        Assert.Contains("no room for you", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_DisconnectsBeforeOurNextStep_ItsWordsAreInLastError()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        var events = new PortLog(socket.AddPort(new MemifPortOptions()));
        socket.Start();
        RawPeer peer = server.Accept();
        peer.Send(RawServer.Hello.ToBytes());
        peer.Expect(MessageType.Init);

        using (ControlThread.Hold())
        {
            peer.Send(ControlMessage.Ack());
            peer.Send(new DisconnectMessage(0, "on second thought").ToBytes());
            peer.Dispose();
        }

        MemifException error = await events.ExpectDownAsync();
        Assert.Equal(MemifErrorCode.RefusedByPeer, error.Code);
        Assert.Contains("on second thought", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(129)]
    public async Task Server_MessageNotOf128Bytes_IsRefused(int size)
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        var events = new PortLog(socket.AddPort(new MemifPortOptions()));
        socket.Start();
        using RawPeer peer = server.Accept();

        peer.Send(RawServer.Hello.ToBytes().Concat(new byte[1]).Take(size).ToArray());

        Assert.Contains("that is not 128 bytes long", peer.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(MemifErrorCode.ProtocolViolation, (await events.ExpectDownAsync()).Code);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(1, 2)]
    [InlineData(3, 2)]
    public async Task Server_SendsAnEmptyMessage_IsTheEndOfTheStream(int stage, int descriptors)
    {
        ProcessCounts before = ProcessCounts.Take();
        string address = TestAddress.Abstract();
        using (var server = new RawServer(address))
        await using (var socket = new MemifSocket(address))
        {
            var events = new PortLog(socket.AddPort(new MemifPortOptions()));
            socket.Start();
            using (RawPeer peer = GoTo(server, stage))
            using (FileDescriptor any = Descriptors.Event())
            {
                peer.Send([], [.. Enumerable.Repeat(any, descriptors)]);
                Assert.Null(peer.ReadToEnd());
            }

            if (stage == 3)
                await events.ExpectUpAsync();
            Assert.Equal(MemifErrorCode.ClosedByPeer, (await events.ExpectDownAsync()).Code);
        }

        before.AssertAgain();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Server_MessageWhenUp_EndsTheLink(int type)
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        var events = new PortLog(socket.AddPort(new MemifPortOptions()));
        socket.Start();
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.Complete(peer);
        await events.ExpectUpAsync();

        peer.Send(ControlMessage.Create((MessageType)type));

        Assert.Contains($"sent {(MessageType)type} at the wrong time", peer.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(MemifErrorCode.ProtocolViolation, (await events.ExpectDownAsync()).Code);
    }

    [Fact]
    public async Task Server_TakesFewerRings_TheLaterQueuesStayUnconnected()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { TxQueues = 2, RxQueues = 3 });
        var events = new PortLog(port);
        socket.Start();
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.Complete(peer, RawServer.Hello with { MaxS2MRing = 0, MaxM2SRing = 0 });
        await events.ExpectUpAsync();

        Assert.Equal([true, false], port.TxQueues.Select(queue => queue.IsConnected));
        Assert.Equal([true, false, false], port.RxQueues.Select(queue => queue.IsConnected));
        Assert.False(port.TxQueues[1].TrySend([1]));
        Assert.Equal(0, port.RxQueues[2].Acquire(1));
    }

    [Fact]
    public async Task Client_BeforeConnected_HasPostedNothing()
    {
        string address = TestAddress.Abstract();
        using var server = new RawServer(address);
        await using var socket = new MemifSocket(address);
        var events = new PortLog(socket.AddPort(new MemifPortOptions { RingSize = 16 }));
        socket.Start();
        using RawPeer peer = server.Accept();
        using RawServerMemory memory = RawServer.ReceiveUntilConnect(peer, RawServer.Hello);

        Assert.Equal((0, 0), (memory.M2S.AcquireHead(), memory.S2M.AcquireHead()));
        peer.Send(RawServer.Connected);
        await events.ExpectUpAsync();
        Assert.Equal((16, 0), (memory.M2S.AcquireHead(), memory.S2M.AcquireHead()));
    }

    // 0: accepted; 1: INIT read; 2: CONNECT read; 3: up.
    private static RawPeer GoTo(RawServer server, int stage)
    {
        RawPeer peer = server.Accept();
        if (stage == 1)
        {
            peer.Send(RawServer.Hello.ToBytes());
            peer.Expect(MessageType.Init);
        }

        if (stage == 2)
            RawServer.ReceiveUntilConnect(peer, RawServer.Hello).Dispose();
        if (stage == 3)
            RawServer.Complete(peer).Dispose();
        return peer;
    }
}

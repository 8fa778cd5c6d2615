using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>Sockets that stop and start again, ports that come and go while others work, links that are let down and taken up.</summary>
[Collection(nameof(Alone))]
public sealed class PortLifeTests
{
    private const int Cycles = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<MemifRole> Ends => [MemifRole.Client, MemifRole.Server];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task StopAsync_OneEnd_EndsItsLinksAndStartBeginsAgain(MemifRole end)
    {
        string address = TestAddress.Path();
        await using var server = new MemifSocket(address);
        await using var client = new MemifSocket(address);
        MemifPort serverPort = server.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        MemifPort clientPort = client.AddPort(new MemifPortOptions());
        server.Start();
        client.Start();
        (MemifSocket stopping, MemifPort stopped, MemifPort other) =
            end == MemifRole.Server ? (server, serverPort, clientPort) : (client, clientPort, serverPort);

        for (int life = 1; life <= 3; life++)
        {
            await ConnectedAsync(serverPort, clientPort);
            AssertCarries(clientPort, serverPort);
            Assert.Equal((life, life), (serverPort.ConnectionCount, clientPort.ConnectionCount));

            await stopping.StopAsync();

            Assert.Equal((MemifPortState.Stopped, MemifErrorCode.ClosedLocally), (stopped.State, stopped.LastError!.Code));
            Assert.True(SpinWait.SpinUntil(() => other.State == MemifPortState.Connecting, Patience));
            Assert.Equal(end == MemifRole.Client, File.Exists(address));
            Assert.Same(stopped, Assert.Single(stopping.Ports));
            stopping.Start();
        }

        await ConnectedAsync(serverPort, clientPort);
    }

    [Fact]
    public async Task StopAsync_NotStarted_DoesNothing()
    {
        await using var socket = new MemifSocket(TestAddress.Abstract());
        MemifPort port = socket.AddPort(new MemifPortOptions());

        await socket.StopAsync();

        Assert.Equal(MemifPortState.Stopped, port.State);
    }

    [Theory]
    [InlineData(MemifRole.Server)]
    [InlineData(MemifRole.Client)]
    public async Task DisposeAsync_OfAPortAfterItsSocket_Ends(MemifRole role)
    {
        var socket = new MemifSocket(TestAddress.Abstract());
        MemifPort port = socket.AddPort(new MemifPortOptions { Role = role });
        socket.Start();
        await socket.DisposeAsync();

        await port.DisposeAsync().AsTask().WaitAsync(Patience);
        await port.DisposeAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(MemifPortState.Closed, port.State);
    }

    [Fact]
    public async Task DisposeAsync_OfPortAndSocketAtOnce_BothEnd()
    {
        for (int i = 0; i < 200; i++)
        {
            var socket = new MemifSocket(TestAddress.Abstract());
            MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
            socket.Start();

            Task ports = Task.Run(() => port.DisposeAsync().AsTask());
            await socket.DisposeAsync().AsTask().WaitAsync(Patience);
            await ports.WaitAsync(Patience);

            Assert.Equal(MemifPortState.Closed, port.State);
            Assert.Throws<ObjectDisposedException>(() => port.RxQueues[0].Wait(TimeSpan.Zero));
        }
    }

    [Fact]
    public async Task Start_WhileStopping_IsRefusedUntilThatHasEnded()
    {
        await using var socket = new MemifSocket(TestAddress.Path());
        MemifPort client = socket.AddPort(new MemifPortOptions());
        socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        socket.Start();
        Task stopping;
        using (ControlThread.Hold())
        {
            stopping = socket.StopAsync();
            Assert.Contains("StopAsync", Assert.Throws<InvalidOperationException>(socket.Start).Message, StringComparison.Ordinal);
        }

        await stopping;
        socket.Start();

        await client.WaitConnectedAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task AddPort_WhileStopped_BeginsWithTheNextStart()
    {
        await using var socket = new MemifSocket(TestAddress.Path());
        socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        socket.Start();
        await socket.StopAsync();

        MemifPort client = socket.AddPort(new MemifPortOptions());
        await ControlThread.PassAsync();
        Assert.Equal(MemifPortState.Stopped, client.State);

        socket.Start();
        await client.WaitConnectedAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task StopAsync_PeerInTheMiddleOfItsHandshake_IsSentAway()
    {
        ProcessCounts before = ProcessCounts.Take();
        string address = TestAddress.Abstract();
        await using (var socket = new MemifSocket(address))
        {
            socket.AddPort(new MemifPortOptions { Id = 7, Role = MemifRole.Server });
            socket.Start();
            using RawClient greeted = RawClient.Connect(address);
            using RawClient introduced = RawClient.ConnectTo(address, ClientStage.Introduced, id: 7);

            await socket.StopAsync();

            Assert.Equal("The interface was closed.", greeted.Peer.ReadToEnd());
            Assert.Equal("The interface was closed.", introduced.Peer.ReadToEnd());
        }

        before.AssertAgain();
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task DisposeAsync_OnePort_LeavesTheOthersOfItsSocketAlone(MemifRole end)
    {
        string address = TestAddress.Abstract();
        await using var server = new MemifSocket(address);
        await using var client = new MemifSocket(address);
        MemifPort[] servers = [.. Enumerable.Range(0, 3).Select(id => server.AddPort(new MemifPortOptions { Id = (uint)id, Role = MemifRole.Server }))];
        MemifPort[] clients = [.. Enumerable.Range(0, 3).Select(id => client.AddPort(new MemifPortOptions { Id = (uint)id }))];
        server.Start();
        client.Start();
        await ConnectedAsync([.. servers, .. clients]);
        (MemifSocket socket, MemifPort leaving) = end == MemifRole.Server ? (server, servers[1]) : (client, clients[1]);

        await leaving.DisposeAsync();
        await leaving.DisposeAsync();

        Assert.Equal(MemifPortState.Closed, leaving.State);
        Assert.Equal([0U, 2U], socket.Ports.Select(port => port.Id));
        Assert.All([0, 2], id => AssertCarries(clients[id], servers[id]));
        Assert.All([0, 2], id => Assert.Equal((1, 1), (clients[id].ConnectionCount, servers[id].ConnectionCount)));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => leaving.WaitConnectedAsync());

        // The id is free again, and the peer comes back to it.
        MemifPort next = socket.AddPort(new MemifPortOptions { Id = 1, Role = end });
        await ConnectedAsync(next, end == MemifRole.Server ? clients[1] : servers[1]);
    }

    [Fact]
    public async Task AddPort_Refused_LeavesNothingBehind()
    {
        ProcessCounts before = ProcessCounts.Take();
        string nowhere = Path.Combine(TestAddress.Path(), "memif.sock");
        var socket = new MemifSocket(nowhere);
        socket.Start();

        Assert.Throws<MemifException>(() => socket.AddPort(new MemifPortOptions { Role = MemifRole.Server }));
        Assert.Empty(socket.Ports);
        socket.AddPort(new MemifPortOptions());
        Assert.Throws<ArgumentException>(() => socket.AddPort(new MemifPortOptions()));
        await socket.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => socket.AddPort(new MemifPortOptions { Id = 1 }));

        before.AssertAgain();
    }

    [Fact]
    public async Task DisposeAsync_TheOnlyServerPort_TheNextClientIsToldSo()
    {
        string address = TestAddress.Abstract();
        await using var socket = new MemifSocket(address);
        MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        socket.Start();

        await port.DisposeAsync();

        using RawClient client = RawClient.Connect(address);
        client.Peer.Send(RawClient.Init(0).ToBytes());
        Assert.Equal("There is no server interface with id 0 on this socket.", client.Peer.ReadToEnd());
    }

    [Fact]
    public async Task Disconnect_Client_StaysDownUntilItIsAsked()
    {
        await using PortPair pair = await PortPair.ConnectAsync();

        pair.Client.Disconnect("Out to lunch.");

        MemifException cause = await pair.ClientEvents.ExpectDownAsync();
        Assert.Equal((MemifErrorCode.ClosedLocally, "Out to lunch."), (cause.Code, cause.Message));
        Assert.Contains("\"Out to lunch.\"", (await pair.ServerEvents.ExpectDownAsync()).Message, StringComparison.Ordinal);
        Assert.True(SpinWait.SpinUntil(() => pair.Client.State == MemifPortState.Disconnected, Patience));

        pair.Client.RequestConnection();

        await pair.ClientEvents.ExpectUpAsync();
        await pair.ServerEvents.ExpectUpAsync();
        AssertCarries(pair.Client, pair.Server);
        AssertCarries(pair.Server, pair.Client);
        Assert.Equal(2, pair.Client.ConnectionCount);
    }

    [Fact]
    public async Task Disconnect_Server_ItsClientComesBack()
    {
        await using PortPair pair = await PortPair.ConnectAsync();

        pair.Server.Disconnect("Once again, please.");

        Assert.Equal("Once again, please.", (await pair.ServerEvents.ExpectDownAsync()).Message);
        Assert.Equal(MemifErrorCode.RefusedByPeer, (await pair.ClientEvents.ExpectDownAsync()).Code);
        await pair.ServerEvents.ExpectUpAsync();
        await pair.ClientEvents.ExpectUpAsync();
        AssertCarries(pair.Server, pair.Client);
    }

    [Fact]
    public async Task RequestConnection_WhileConnected_DoesNothing()
    {
        await using PortPair pair = await PortPair.ConnectAsync();

        pair.Client.RequestConnection();
        pair.Server.RequestConnection();

        await ControlThread.PassAsync();
        AssertCarries(pair.Client, pair.Server);
        Assert.Equal((1, 1), (pair.Client.ConnectionCount, pair.Server.ConnectionCount));
    }

    [Fact]
    public async Task Disconnect_NotConnected_TheClientTriesNoMore()
    {
        string address = TestAddress.Abstract();
        await using var client = new MemifSocket(address);
        MemifPort port = client.AddPort(new MemifPortOptions());
        var events = new PortLog(port);
        client.Start();
        Assert.Equal(MemifErrorCode.NobodyListens, (await events.ExpectDownAsync()).Code);

        port.Disconnect();
        await ControlThread.PassAsync();
        await using var server = new MemifSocket(address);
        server.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        server.Start();
        Assert.False(port.WaitConnectedAsync().IsCompleted);

        port.RequestConnection();
        await port.WaitConnectedAsync().WaitAsync(Patience);
    }

    [Fact]
    public async Task Links_AThousandLives_LeaveNothingBehind()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.TxQueues) = (16, 1));
        ProcessCounts before = ProcessCounts.Take();

        for (int life = 1; life < Cycles; life++)
        {
            AssertCarries(pair.Client, pair.Server);
            pair.Client.Disconnect();
            await pair.ClientEvents.ExpectDownAsync();
            await pair.ServerEvents.ExpectDownAsync();
            pair.Client.RequestConnection();
            await pair.ClientEvents.ExpectUpAsync();
            await pair.ServerEvents.ExpectUpAsync();
        }

        await ControlThread.PassAsync();
        before.AssertAgain();
        Assert.Equal((Cycles, Cycles), (pair.Client.ConnectionCount, pair.Server.ConnectionCount));
    }

    [Fact]
    public async Task Sockets_AThousandStopsAndStarts_LeaveNothingBehind()
    {
        string address = TestAddress.Path();
        await using var server = new MemifSocket(address);
        await using var client = new MemifSocket(address);
        MemifPort serverPort = server.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        MemifPort clientPort = client.AddPort(new MemifPortOptions { RingSize = 16 });
        ProcessCounts before = ProcessCounts.Take();

        for (int life = 1; life <= Cycles; life++)
        {
            server.Start();
            client.Start();
            await ConnectedAsync(serverPort, clientPort);
            await client.StopAsync();
            await server.StopAsync();
        }

        before.AssertAgain();
        Assert.Equal((Cycles, Cycles), (serverPort.ConnectionCount, clientPort.ConnectionCount));
    }

    [Fact]
    public async Task ToString_InEachState_SaysWhoAndWhere()
    {
        string address = TestAddress.Abstract();
        await using var server = new MemifSocket(address, new MemifSocketOptions { ApplicationName = "the server" });
        await using var client = new MemifSocket(address, new MemifSocketOptions { ApplicationName = "the client" });
        MemifPort serverPort = server.AddPort(new MemifPortOptions { Id = 5, Role = MemifRole.Server, Name = "left" });
        MemifPort clientPort = client.AddPort(new MemifPortOptions { Id = 5, Name = "right", RingSize = 64 });
        Assert.Equal($"right (id 5, Client on {address}): Stopped", clientPort.ToString());
        server.Start();
        client.Start();

        await ConnectedAsync(serverPort, clientPort);

        Assert.Equal($"right (id 5, Client on {address}): Connected, peer the server left, 1 tx and 1 rx queues of 64 slots", clientPort.ToString());
        Assert.Equal($"left (id 5, Server on {address}): Connected, peer the client right, 1 tx and 1 rx queues of 64 slots", serverPort.ToString());
        await clientPort.DisposeAsync();
        Assert.Equal($"right (id 5, Client on {address}): Closed, peer the server left", clientPort.ToString());
    }

    [Fact]
    public async Task UserState_Anything_IsKept()
    {
        await using var socket = new MemifSocket(TestAddress.Abstract());
        MemifPort port = socket.AddPort(new MemifPortOptions());
        Assert.Null(port.UserState);

        port.UserState = this;

        Assert.Same(this, Assert.Single(socket.Ports).UserState);
    }

    private static Task ConnectedAsync(params MemifPort[] ports) =>
        Task.WhenAll(ports.Select(port => port.WaitConnectedAsync())).WaitAsync(Patience);

    private static void AssertCarries(MemifPort from, MemifPort to)
    {
        Assert.True(from.TxQueues[0].TrySend([7]));
        Assert.True(to.RxQueues[0].TryReceive(new byte[1], out _));
    }
}

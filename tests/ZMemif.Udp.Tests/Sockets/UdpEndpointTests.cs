using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Sockets;

public sealed class UdpEndpointTests : IDisposable
{
    private static readonly UdpPeer Friend = new(Net.Neighbor, 5000);
    private static readonly Ipv4Address Elsewhere = Ipv4Address.Parse("127.0.0.2");

    private readonly TestHost _host = new();
    private readonly UdpEndpoint _socket;

    public UdpEndpointTests() => _socket = New();

    public void Dispose() => _host.AssertBalances();

    [Fact]
    public void New_HasNoEnds()
    {
        Assert.False(_socket.IsBound);
        Assert.Equal((Ipv4Address.Any, 0, null), (_socket.LocalAddress, _socket.LocalPort, _socket.Peer));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.2")]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("192.0.2.255")]
    [InlineData("255.255.255.255")]
    [InlineData("239.1.2.3")]
    public void Bind_AddressThatIsOursOrThatWeHear_IsAccepted(string address)
    {
        Ipv4Address local = Ipv4Address.Parse(address);

        Assert.Equal(SocketError.Success, _socket.Bind(local, 7));

        Assert.Equal((local, 7), (_socket.LocalAddress, _socket.LocalPort));
    }

    [Theory]
    [InlineData("192.0.2.9")]
    [InlineData("198.51.100.7")]
    [InlineData("240.0.0.1")]
    public void Bind_SomebodyElsesAddress_IsRefused(string address)
    {
        Assert.Equal(SocketError.AddressNotAvailable, _socket.Bind(Ipv4Address.Parse(address), 7));

        Assert.False(_socket.IsBound);
    }

    [Fact]
    public void Bind_PortZero_ChoosesAnEphemeralOne()
    {
        Assert.Equal(SocketError.Success, _socket.Bind(Net.Own, 0));

        Assert.InRange(_socket.LocalPort, 32768, 60999);
        Assert.Equal(Net.Own, _socket.LocalAddress);
    }

    [Fact]
    public void Bind_Twice_IsRefused()
    {
        Assert.Equal(SocketError.Success, _socket.Bind(default, 7));

        Assert.Equal(SocketError.InvalidArgument, _socket.Bind(default, 8));
        Assert.Equal(7, _socket.LocalPort);
    }

    [Fact]
    public void Bind_AfterASendOrAConnect_IsRefused()
    {
        Assert.Equal(SocketError.Success, _socket.TrySend(Friend, "x"u8));
        UdpEndpoint connected = New();
        Assert.Equal(SocketError.Success, connected.Connect(Friend));

        Assert.Equal(SocketError.InvalidArgument, _socket.Bind(default, 7));
        Assert.Equal(SocketError.InvalidArgument, connected.Bind(default, 7));
    }

    [Fact]
    public void Bind_PortTaken_IsRefusedAndLeavesItUnbound()
    {
        _host.Listen(7);

        Assert.Equal(SocketError.AddressAlreadyInUse, _socket.Bind(Net.Own, 7));

        Assert.Equal((false, Ipv4Address.Any), (_socket.IsBound, _socket.LocalAddress));
        Assert.Equal(SocketError.Success, _socket.Bind(Net.Own, 8));
    }

    [Fact]
    public void Connect_Unbound_TakesAPortAndTheAddressOfTheRoute()
    {
        Assert.Equal(SocketError.Success, _socket.Connect(Friend));

        Assert.Equal((Net.Own, Friend), (_socket.LocalAddress, _socket.Peer));
        Assert.InRange(_socket.LocalPort, 32768, 60999);
    }

    [Fact]
    public void Connect_Bound_KeepsThePort()
    {
        _socket.Bind(default, 7);

        Assert.Equal(SocketError.Success, _socket.Connect(Friend));

        Assert.Equal((Net.Own, 7), (_socket.LocalAddress, _socket.LocalPort));
    }

    [Fact]
    public void Connect_Again_ChangesThePeerOnly()
    {
        _socket.Connect(Friend);
        ushort port = _socket.LocalPort;

        Assert.Equal(SocketError.Success, _socket.Connect(new UdpPeer(Net.Outside, 53)));

        Assert.Equal((port, new UdpPeer(Net.Outside, 53)), (_socket.LocalPort, _socket.Peer!.Value));
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.5", "127.0.0.5", "127.0.0.1")]
    [InlineData("192.0.2.2", "192.0.2.2", "192.0.2.2")]
    public void Connect_ToThisHost_HasALocalEnd(string to, string peer, string local)
    {
        Assert.Equal(SocketError.Success, _socket.Connect(new UdpPeer(Ipv4Address.Parse(to), 9)));

        Assert.Equal((peer, local), (_socket.Peer!.Value.Address.ToString(), _socket.LocalAddress.ToString()));
    }

    [Fact]
    public void Connect_NoRoute_IsRefusedAndChangesNothing()
    {
        var host = new TestHost(hasGateway: false);
        var socket = new UdpEndpoint(host.Sockets);

        Assert.Equal(SocketError.NetworkUnreachable, socket.Connect(new UdpPeer(Net.Outside, 9)));

        Assert.Equal((false, null), (socket.IsBound, socket.Peer));
    }

    [Fact]
    public void Connect_LoopbackSocketToTheLink_IsRefused()
    {
        _socket.Bind(Ipv4Address.Loopback, 7);

        Assert.Equal(SocketError.InvalidArgument, _socket.Connect(Friend));

        Assert.Null(_socket.Peer);
        Assert.Equal(SocketError.Success, _socket.Connect(new UdpPeer(Elsewhere, 9)));
    }

    [Fact]
    public void Receive_Connected_HearsOnlyThePeer()
    {
        _socket.Bind(default, 7);
        _socket.Connect(Friend);

        _host.Receive(Frames.Udp("friend"u8));
        _host.AssertDrops(MemifDropReason.NoSocket, Frames.Udp("stranger"u8, sourcePort: 5001));
        _host.AssertDrops(MemifDropReason.NoSocket, Frames.Udp("stranger"u8, source: Net.Gateway));

        Assert.True(_socket.Inbox.TryTake(out QueuedDatagram datagram));
        Assert.Equal("friend"u8, datagram.Payload);
    }

    [Fact]
    public void Receive_QueuedBeforeConnecting_StaysReadable()
    {
        _socket.Bind(default, 7);
        _host.Receive(Frames.Udp("stranger"u8, source: Net.Gateway));

        _socket.Connect(Friend);

        Assert.True(_socket.Inbox.TryTake(out _));
    }

    [Fact]
    public void Send_Unbound_BindsToAnyAndIsAnswerable()
    {
        _host.IntroduceNeighbor();

        Assert.Equal(SocketError.Success, _socket.TrySend(Friend, "ping"u8));
        _host.Receive(Frames.Udp("pong"u8, port: _socket.LocalPort));

        Assert.Equal(Ipv4Address.Any, _socket.LocalAddress);
        Assert.True(_socket.Inbox.TryTake(out QueuedDatagram datagram));
        Assert.Equal("pong"u8, datagram.Payload);
    }

    [Theory]
    [InlineData("198.51.100.7", 1, true, SocketError.NetworkUnreachable)]
    [InlineData("192.0.2.9", 65_508, true, SocketError.MessageSize)]
    [InlineData("127.0.0.1", 65_508, true, SocketError.MessageSize)]
    [InlineData("192.0.2.9", 1, false, SocketError.NetworkDown)]
    public void Send_UnboundAndRefused_StaysUnbound(string to, int length, bool isUp, SocketError expected)
    {
        var host = new TestHost(hasGateway: false);
        host.Link.IsUp = isUp;
        var socket = new UdpEndpoint(host.Sockets);

        Assert.Equal(expected, socket.Send(new UdpPeer(Ipv4Address.Parse(to), 9), new byte[length], Timeout.Infinite));

        Assert.False(socket.IsBound);
        Assert.Equal(0, host.Counters.DatagramsSent);
    }

    [Fact]
    public void Send_NoEphemeralPortLeft_IsRefused()
    {
        var host = new TestHost(ephemeral: (50_000, 50_000));
        host.Listen(50_000);

        Assert.Equal(SocketError.AddressAlreadyInUse, new UdpEndpoint(host.Sockets).TrySend(Friend, "x"u8));
    }

    [Fact]
    public void Send_LoopbackSocketToTheLink_IsRefused()
    {
        _socket.Bind(Ipv4Address.Loopback, 7);

        Assert.Equal(SocketError.InvalidArgument, _socket.TrySend(Friend, "x"u8));

        Assert.Empty(_host.Sent);
    }

    [Theory]
    [InlineData("192.0.2.255")]
    [InlineData("239.1.2.3")]
    public void Send_SocketBoundToAGroupOrBroadcast_SendsFromItsOwnAddress(string bound)
    {
        _host.IntroduceNeighbor();
        _socket.Bind(Ipv4Address.Parse(bound), 7);

        Assert.Equal(SocketError.Success, _socket.TrySend(Friend, "x"u8));

        Assert.Equal(Net.Own, Ipv4Address.Read(Assert.Single(_host.Sent).AsSpan(Frames.IpStart + 12)));
    }

    [Fact]
    public void Send_RingFull_WouldBlockOrTimesOut()
    {
        var host = new TestHost(stall: TimeSpan.FromSeconds(20));
        host.IntroduceNeighbor();
        host.Link.Transmitter.Room = 0;
        UdpEndpoint socket = host.Listen();

        Assert.Equal(SocketError.WouldBlock, socket.TrySend(Friend, "x"u8));
        Assert.Equal(SocketError.WouldBlock, socket.Send(Friend, "x"u8, 0));
        Assert.Equal(SocketError.TimedOut, socket.Send(Friend, "x"u8, 5));
        Assert.Equal(0, host.Counters.DatagramsSent);
    }

    [Fact]
    public void Send_RingFullForTooLong_FindsTheNetworkDown()
    {
        _host.IntroduceNeighbor();
        _host.Link.Transmitter.Room = 0;
        _socket.Bind(default, 7);

        Assert.Equal(SocketError.NetworkDown, _socket.Send(Friend, "x"u8, Timeout.Infinite));
        Assert.Equal(0, _host.Counters.DatagramsSent);
    }

    [Fact]
    public void Send_RoomAppears_GoesOut()
    {
        var host = new TestHost(stall: TimeSpan.FromSeconds(20));
        host.IntroduceNeighbor();
        host.Link.Transmitter.Room = 0;
        var socket = new UdpEndpoint(host.Sockets);
        SocketError outcome = SocketError.SocketError;
        var sender = new Thread(() => outcome = socket.Send(Friend, "x"u8, Timeout.Infinite));
        sender.Start();

        while (!socket.IsBound)
            Thread.Yield();
        host.Link.Transmitter.Room = 1;
        sender.Join();

        Assert.Equal(SocketError.Success, outcome);
        Assert.Single(host.Sent);
    }

    [Fact]
    public void Close_WhileSendWaitsForRoom_InterruptsIt()
    {
        var host = new TestHost(stall: TimeSpan.FromSeconds(20));
        host.IntroduceNeighbor();
        host.Link.Transmitter.Room = 0;
        var socket = new UdpEndpoint(host.Sockets);
        SocketError outcome = SocketError.SocketError;
        var sender = new Thread(() => outcome = socket.Send(Friend, "x"u8, Timeout.Infinite));
        sender.Start();

        while (!socket.IsBound)
            Thread.Yield();
        socket.Close();
        sender.Join();

        Assert.Equal(SocketError.Interrupted, outcome);
    }

    [Fact]
    public void Close_Bound_FreesThePortAtOnce()
    {
        _socket.Bind(default, 7);

        _socket.Close();
        _socket.Close();

        _host.Listen(7);
        _host.Receive(Frames.Udp("x"u8));
        Assert.Equal(1, _host.Counters.DatagramsDelivered);
    }

    [Fact]
    public void Close_Afterwards_NothingIsBoundConnectedOrSent()
    {
        _socket.Bind(default, 7);
        _socket.Close();
        UdpEndpoint unbound = New();
        unbound.Close();

        Assert.Equal(SocketError.InvalidArgument, _socket.Bind(default, 8));
        Assert.Equal(SocketError.InvalidArgument, unbound.Bind(default, 8));
        Assert.Equal(SocketError.OperationAborted, _socket.Connect(Friend));
        Assert.Equal(SocketError.Interrupted, _socket.TrySend(Friend, "x"u8));
        Assert.Equal(SocketError.Interrupted, unbound.TrySend(Friend, "x"u8));
        Assert.Empty(_host.Ports.All());
    }

    [Fact]
    public void Send_ManyThreadsOnAnUnboundSocket_BindItOnce()
    {
        for (int round = 0; round < 200; round++)
        {
            UdpEndpoint socket = New();
            Parallel.For(0, 4, _ => Assert.Equal(SocketError.Success, socket.TrySend(new UdpPeer(Net.Own, 9), "x"u8)));
            Assert.Single(_host.Ports.All());
            socket.Close();
        }
    }

    private UdpEndpoint New() => new(_host.Sockets);
}

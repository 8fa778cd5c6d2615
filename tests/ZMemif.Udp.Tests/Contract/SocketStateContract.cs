using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>How a socket's ends and flags follow Bind, Connect and sending (contract §4, §10).</summary>
public abstract class SocketStateContract(UdpBinding binding)
{
    [Fact]
    public void New_Unspecified_ReadsBackAsIP()
    {
        using ISocketUnderTest socket =
            binding.Here.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Unspecified);

        Assert.Equal(ProtocolType.IP, socket.ProtocolType);
        Assert.True(socket.Blocking);
        Assert.False(socket.EnableBroadcast);
        Assert.Equal((0, 0), (socket.ReceiveTimeout, socket.SendTimeout));
    }

    [Theory]
    [InlineData(SocketType.Dgram, ProtocolType.Tcp, SocketError.ProtocolNotSupported)]
    [InlineData(SocketType.Rdm, ProtocolType.Udp, SocketError.SocketNotSupported)]
    public void New_Unsupported_SaysWhat(SocketType type, ProtocolType protocol, SocketError error) =>
        Refusal.Is(error, () => binding.Here.CreateSocket(AddressFamily.InterNetwork, type, protocol));

    [Fact]
    public void Bind_Any_HasAPortAndNoAddress()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));

        AssertState(socket, IPAddress.Any, remote: null);
        Assert.InRange(socket.LocalIPEndPoint().Port, 32768, 60999);
    }

    [Fact]
    public void Bind_OwnAddress_HasIt()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Bind(new IPEndPoint(binding.Here.Address, 0));

        AssertState(socket, binding.Here.Address, remote: null);
    }

    [Fact]
    public void Bind_EphemeralPorts_AreDistinct()
    {
        ISocketUnderTest[] sockets = [.. Enumerable.Range(0, 32).Select(_ => binding.BoundSocket())];

        Assert.Equal(32, sockets.Select(socket => socket.LocalIPEndPoint().Port).Distinct().Count());
        Assert.All(sockets, socket => socket.Dispose());
    }

    [Fact]
    public void Bind_Again_IsRefused()
    {
        var any = new IPEndPoint(IPAddress.Any, 0);
        using ISocketUnderTest bound = binding.BoundSocket();
        using ISocketUnderTest sent = binding.UnboundSocket();
        sent.SendTo([], new IPEndPoint(binding.There.Address, 9));
        using ISocketUnderTest connected = binding.UnboundSocket();
        connected.Connect(new IPEndPoint(binding.There.Address, 9));

        Refusal.Is(SocketError.InvalidArgument, () => bound.Bind(any));
        Refusal.Is(SocketError.InvalidArgument, () => sent.Bind(any));
        Refusal.Is(SocketError.InvalidArgument, () => connected.Bind(any));
    }

    [Fact]
    public void Bind_UnusableEndPoint_IsRefusedAndLeavesNoTrace()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        Assert.Throws<ArgumentNullException>("localEP", () => socket.Bind(null!));
        Assert.Throws<ArgumentException>("remoteEP", () => socket.Bind(new DnsEndPoint("localhost", 0)));
        Refusal.Is(SocketError.AddressFamilyNotSupported, () => socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0)));
        Refusal.Is(SocketError.AddressNotAvailable, () => socket.Bind(new IPEndPoint(binding.NotLocal, 0)));
        Assert.False(socket.IsBound);
        Assert.Null(socket.LocalEndPoint);
    }

    [Fact]
    public void Bind_PortTaken_DependsOnTheAddress()
    {
        using ISocketUnderTest specific = binding.BoundSocket();
        int port = specific.LocalIPEndPoint().Port;
        using ISocketUnderTest other = binding.UnboundSocket();

        Refusal.Is(SocketError.AddressAlreadyInUse, () => other.Bind(new IPEndPoint(binding.Here.Address, port)));
        Refusal.Is(SocketError.AddressAlreadyInUse, () => other.Bind(new IPEndPoint(IPAddress.Any, port)));
        other.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port));
        Assert.Equal(port, other.LocalIPEndPoint().Port);

        using ISocketUnderTest any = binding.UnboundSocket();
        any.Bind(new IPEndPoint(IPAddress.Any, 0));
        using ISocketUnderTest late = binding.UnboundSocket();
        Refusal.Is(
            SocketError.AddressAlreadyInUse,
            () => late.Bind(new IPEndPoint(binding.Here.Address, any.LocalIPEndPoint().Port)));
    }

    [Fact]
    public void SendTo_NotBound_BindsToAny()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        socket.SendTo("x"u8, new IPEndPoint(binding.There.Address, 9));

        AssertState(socket, IPAddress.Any, remote: null);
        int port = socket.LocalIPEndPoint().Port;
        socket.SendTo("x"u8, new IPEndPoint(binding.There.Address, 9));
        Assert.Equal(port, socket.LocalIPEndPoint().Port);
    }

    [Fact]
    public async Task SendTo_Refused_DoesNotBind()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        var everybody = new IPEndPoint(binding.DirectedBroadcast, 9);

        Refusal.Is(SocketError.AccessDenied, () => socket.SendTo("x"u8, everybody));
        await Refusal.ComesAsync(SocketError.AccessDenied, socket.SendToAsync(new byte[1], everybody));
        Refusal.Is(SocketError.MessageSize, () => socket.SendTo(new byte[65_508], new IPEndPoint(binding.There.Address, 9)));
        Refusal.Is(SocketError.AddressFamilyNotSupported, () => socket.SendTo("x"u8, new IPEndPoint(IPAddress.IPv6Loopback, 9)));

        Assert.False(socket.IsBound);
        Assert.Null(socket.LocalEndPoint);
    }

    [Fact]
    public void Connect_NotBound_HasBothEnds()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        var remote = new IPEndPoint(binding.There.Address, 9);

        socket.Connect(remote);

        AssertState(socket, binding.Here.Address, remote);
        Assert.NotSame(remote, socket.RemoteEndPoint);
    }

    [Fact]
    public void Connect_AfterBindOrSend_KeepsThePortAndGetsAnAddress()
    {
        var remote = new IPEndPoint(binding.There.Address, 9);
        using ISocketUnderTest bound = binding.UnboundSocket();
        bound.Bind(new IPEndPoint(IPAddress.Any, 0));
        using ISocketUnderTest sent = binding.UnboundSocket();
        sent.SendTo("x"u8, remote);

        foreach (ISocketUnderTest socket in (ISocketUnderTest[])[bound, sent])
        {
            int port = socket.LocalIPEndPoint().Port;
            socket.Connect(remote);
            AssertState(socket, binding.Here.Address, remote);
            Assert.Equal(port, socket.LocalIPEndPoint().Port);
        }
    }

    [Fact]
    public void Connect_Refused_ChangesNothing()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        var everybody = new IPEndPoint(binding.DirectedBroadcast, 9);

        Assert.Throws<ArgumentNullException>("remoteEP", () => socket.Connect(null!));
        SocketException refusal = Refusal.Is(SocketError.AccessDenied, () => socket.Connect(everybody));

        Assert.Equal($"Permission denied {everybody}", refusal.Message);
        Assert.False(socket.Connected);
        Assert.False(socket.IsBound);
    }

    [Fact]
    public void Connect_BroadcastWithPermission_IsAPeer()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        var everybody = new IPEndPoint(binding.DirectedBroadcast, 9);
        socket.EnableBroadcast = true;

        socket.Connect(everybody);

        Assert.True(socket.Connected);
        Assert.Equal(everybody, socket.RemoteEndPoint);
    }

    [Fact]
    public void Connect_AnyAddress_MeansThisHost()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        socket.Connect(new IPEndPoint(IPAddress.Any, 9));

        AssertState(socket, IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, 9));
    }

    [Fact]
    public void Connect_PortZero_IsAPeerUntilSomebodyAsksForIt()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        socket.Connect(new IPEndPoint(binding.There.Address, 0));

        Assert.True(socket.Connected);
        Assert.Equal(binding.Here.Address, socket.LocalIPEndPoint().Address);
        Refusal.Is(SocketError.NotConnected, () => _ = socket.RemoteEndPoint);
        Assert.False(socket.Connected);
    }

    [Fact]
    public void EndPoints_ReadTwice_AreTheSameObjects()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(new IPEndPoint(binding.There.Address, 9));

        Assert.Same(socket.LocalEndPoint, socket.LocalEndPoint);
        Assert.Same(socket.RemoteEndPoint, socket.RemoteEndPoint);
    }

    [Fact]
    public void Send_TooLongOnAConnectedSocket_LooksDisconnectedButIsNot()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(peer.LocalEndPoint());

        Refusal.Is(SocketError.MessageSize, () => socket.Send(new byte[65_508]));

        Assert.False(socket.Connected);
        Assert.Null(socket.RemoteEndPoint);
        Assert.Equal(5, socket.Send("still"u8));
        IPEndPoint? from = null;
        Assert.Equal("still"u8, peer.Receive(ref from));
    }

    [Fact]
    public void Timeouts_OutOfRange_AreRefusedAndMinusOneIsNone()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        Assert.Throws<ArgumentOutOfRangeException>("value", () => socket.ReceiveTimeout = -2);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => socket.SendTimeout = -2);
        socket.ReceiveTimeout = -1;
        socket.SendTimeout = 1234;
        Assert.Equal((0, 1234), (socket.ReceiveTimeout, socket.SendTimeout));
    }

    private static void AssertState(ISocketUnderTest socket, IPAddress local, IPEndPoint? remote)
    {
        Assert.True(socket.IsBound);
        Assert.Equal(local, socket.LocalIPEndPoint().Address);
        Assert.NotEqual(0, socket.LocalIPEndPoint().Port);
        Assert.Equal(remote is not null, socket.Connected);
        Assert.Equal(remote, socket.RemoteEndPoint);
    }
}

public sealed class KernelSocketStateTests(KernelBinding binding) : SocketStateContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketStateTests(LoopbackBinding binding) : SocketStateContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketStateTests(PairBinding binding) : SocketStateContract(binding), IClassFixture<PairBinding>;

using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary><c>UdpClient</c>'s Connect family (contract §5.5) and what it does to the client.</summary>
public abstract class UdpClientConnectContract(UdpBinding binding)
{
    [Fact]
    public void Connect_Nulls_AreNamed()
    {
        using IUdpClientUnderTest client = binding.Here.CreateClient();

        Assert.Throws<ArgumentNullException>("endPoint", () => client.Connect(null!));
        Assert.Throws<ArgumentNullException>("addr", () => client.Connect((IPAddress)null!, -1));
        Assert.Throws<ArgumentNullException>("hostname", () => client.Connect((string)null!, -1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(66000)]
    public void Connect_PortOutOfRange_IsRefused(int outOfRange)
    {
        using IUdpClientUnderTest client = binding.Here.CreateClient();

        Assert.Throws<ArgumentOutOfRangeException>("port", () => client.Connect(IPAddress.Loopback, outOfRange));
        Assert.Throws<ArgumentOutOfRangeException>("port", () => client.Connect("127.0.0.1", outOfRange));
    }

    [Fact]
    public void Connect_OtherFamily_SaysSoWithTheEndPoint()
    {
        using IUdpClientUnderTest client = binding.Here.CreateClient();

        SocketException refusal = Refusal.Is(
            SocketError.AddressFamilyNotSupported, () => client.Connect(new IPEndPoint(IPAddress.IPv6Loopback, 9)));

        Assert.Equal("Address family not supported by protocol [::1]:9", refusal.Message);
        Refusal.Is(SocketError.AddressFamilyNotSupported, () => client.Connect(IPAddress.IPv6Loopback, 9));
        Refusal.Is(SocketError.NotConnected, () => client.Connect("::1", 9));
        Assert.False(client.IsActive);
        Assert.False(client.Socket!.IsBound);
    }

    [Fact]
    public void Connect_EachForm_SetsThePeer()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        IPEndPoint remote = peer.LocalEndPoint();
        Action<IUdpClientUnderTest>[] forms =
        [
            client => client.Connect(remote),
            client => client.Connect(remote.Address, remote.Port),
            client => client.Connect(remote.Address.ToString(), remote.Port),
        ];

        foreach (Action<IUdpClientUnderTest> connect in forms)
        {
            using IUdpClientUnderTest client = binding.Here.CreateClient();
            connect(client);

            Assert.True(client.IsActive);
            Assert.Equal(remote, client.Socket!.RemoteEndPoint);
            Assert.Equal(binding.Here.Address, client.LocalEndPoint().Address);
        }
    }

    [Fact]
    public async Task Connect_Again_ReplacesThePeerAndKeepsThePort()
    {
        using IUdpClientUnderTest before = binding.PeerClient();
        using IUdpClientUnderTest after = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        int port = client.LocalEndPoint().Port;

        client.Connect(before.LocalEndPoint());
        client.Connect(after.LocalEndPoint());

        Assert.Equal(port, client.LocalEndPoint().Port);
        Assert.Equal(after.LocalEndPoint(), client.Socket!.RemoteEndPoint);
        Assert.Equal(2, client.Send("hi"u8));
        Assert.Equal("hi"u8.ToArray(), (await after.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public async Task Connect_ToAPeer_HearsOnlyThatPeer()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest stranger = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        client.Connect(peer.LocalEndPoint());

        stranger.Send("not you"u8, client.LocalEndPoint());
        peer.Send("you"u8, client.LocalEndPoint());

        UdpReceiveResult received = await client.ReceiveAsync().Soon();
        Assert.Equal("you"u8, received.Buffer);
        Assert.Equal(peer.LocalEndPoint(), received.RemoteEndPoint);
    }

    [Fact]
    public async Task Connect_DatagramsWaiting_StayReadable()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest stranger = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        stranger.Send("early"u8, client.LocalEndPoint());
        await binding.SettleAsync();

        client.Connect(peer.LocalEndPoint());

        Assert.Equal("early"u8.ToArray(), (await client.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public void Active_SetOnAClientWithoutPeer_MovesTheRefusalToTheSocket()
    {
        using IUdpClientUnderTest client = binding.BoundClient();
        client.IsActive = true;

        Refusal.Is(SocketError.DestinationAddressRequired, () => client.Send(new byte[4], 4));
        Assert.Throws<InvalidOperationException>(() => client.Send(new byte[4], 4, client.LocalEndPoint()));
    }

    [Fact]
    public void Active_SocketConnectedBehindTheClient_StaysFalse()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        client.Socket!.Connect(peer.LocalEndPoint());

        Assert.False(client.IsActive);
        Assert.Throws<InvalidOperationException>(() => client.Send(new byte[4], 4));
        Assert.Equal(4, client.Send(new byte[4], 4, null));
        Assert.Equal(4, client.Send(new byte[4], 4, peer.LocalEndPoint()));
    }

    [Fact]
    public void Connect_LimitedBroadcast_IsPermittedOnceByItself()
    {
        Action<IUdpClientUnderTest>[] forms =
        [
            client => client.Connect(new IPEndPoint(IPAddress.Broadcast, 9)),
            client => client.Connect(IPAddress.Broadcast, 9),
            client => client.Connect("255.255.255.255", 9),
        ];

        foreach (Action<IUdpClientUnderTest> connect in forms)
        {
            using IUdpClientUnderTest client = binding.BoundClient();
            connect(client);
            Assert.True(client.Socket!.EnableBroadcast);
            Assert.True(client.IsActive);
        }
    }
}

public sealed class KernelUdpClientConnectTests(KernelBinding binding) : UdpClientConnectContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackUdpClientConnectTests(LoopbackBinding binding) : UdpClientConnectContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairUdpClientConnectTests(PairBinding binding) : UdpClientConnectContract(binding), IClassFixture<PairBinding>;

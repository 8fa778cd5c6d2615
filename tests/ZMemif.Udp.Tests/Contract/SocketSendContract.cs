using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>A socket's Send and SendTo (contract §6, §7).</summary>
public abstract class SocketSendContract(UdpBinding binding)
{
    [Fact]
    public async Task Send_NoPeer_NeedsADestination()
    {
        using IDatagramSocketUnderTest socket = binding.UnboundSocket();

        Refusal.Is(SocketError.DestinationAddressRequired, () => socket.Send("x"u8));
        await Refusal.ComesAsync(SocketError.DestinationAddressRequired, socket.SendAsync(new byte[1]));
    }

    [Fact]
    public async Task SendTo_UnusableEndPoint_IsRefused()
    {
        using IDatagramSocketUnderTest socket = binding.UnboundSocket();
        var v6 = new IPEndPoint(IPAddress.IPv6Loopback, 9);
        var mapped = new IPEndPoint(IPAddress.Loopback.MapToIPv6(), 9);
        var dns = new DnsEndPoint("localhost", 9);
        var nowhere = new IPEndPoint(binding.There.Address, 0);

        Assert.Throws<ArgumentNullException>("remoteEP", () => socket.SendTo("x"u8, null!));
        Assert.Throws<ArgumentException>("remoteEP", () => socket.SendTo("x"u8, dns));
        Refusal.Is(SocketError.AddressFamilyNotSupported, () => socket.SendTo("x"u8, v6));
        Refusal.Is(SocketError.AddressFamilyNotSupported, () => socket.SendTo("x"u8, mapped));
        Refusal.Is(SocketError.InvalidArgument, () => socket.SendTo("x"u8, nowhere));

        Assert.Equal("remoteEP", Refusal.IsSync<ArgumentNullException>(() => socket.SendToAsync(new byte[1], null!).AsTask()).ParamName);
        Assert.Equal("remoteEP", Refusal.IsSync<ArgumentException>(() => socket.SendToAsync(new byte[1], dns).AsTask()).ParamName);
        await Refusal.ComesAsync(SocketError.AddressFamilyNotSupported, socket.SendToAsync(new byte[1], v6));
        await Refusal.ComesAsync(SocketError.InvalidArgument, socket.SendToAsync(new byte[1], nowhere));
    }

    [Fact]
    public async Task SendTo_Connected_GoesElsewhereAndKeepsThePeer()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest other = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        socket.Connect(peer.LocalEndPoint());

        Assert.Equal(5, socket.SendTo("other"u8, other.LocalEndPoint()));
        Assert.Equal(4, await socket.SendAsync("peer"u8.ToArray()).Soon());
        Assert.Equal(7, await socket.SendToAsync("other 2"u8.ToArray(), other.LocalEndPoint()).Soon());

        Assert.Equal("other"u8.ToArray(), (await other.ReceiveAsync().Soon()).Buffer);
        Assert.Equal("other 2"u8.ToArray(), (await other.ReceiveAsync().Soon()).Buffer);
        Assert.Equal("peer"u8.ToArray(), (await peer.ReceiveAsync().Soon()).Buffer);
        Assert.Equal(peer.LocalEndPoint(), socket.RemoteEndPoint);
    }

    [Fact]
    public async Task SendTo_EndPointOfAnotherClass_IsReadThroughItsSerializedForm()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.UnboundSocket();

        Assert.Equal(6, socket.SendTo("custom"u8, new WrappedEndPoint(peer.LocalEndPoint())));

        Assert.Equal("custom"u8.ToArray(), (await peer.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public async Task SendTo_EndPointChangedAfterwards_HasGoneToTheOldOne()
    {
        using IUdpClientUnderTest first = binding.PeerClient();
        using IUdpClientUnderTest second = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.UnboundSocket();
        IPEndPoint to = new(first.LocalEndPoint().Address, first.LocalEndPoint().Port);

        for (byte i = 0; i < 10; i++)
        {
            to.Port = (i % 2 == 0 ? first : second).LocalEndPoint().Port;
            socket.SendTo([i], to);
        }

        for (byte i = 0; i < 10; i++)
            Assert.Equal([i], (await (i % 2 == 0 ? first : second).ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public async Task SendAsync_CancelledBefore_SaysSoAfterTheArguments()
    {
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        var cancelled = new CancellationToken(canceled: true);

        Refusal.IsSync<ArgumentNullException>(() => socket.SendToAsync(new byte[1], null!, cancelled).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.SendAsync(new byte[1], cancelled).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(
            () => socket.SendToAsync(new byte[1], new IPEndPoint(binding.There.Address, 9), cancelled).AsTask());
    }

    /// <summary>An endpoint that is no <see cref="IPEndPoint"/>.</summary>
    private sealed class WrappedEndPoint(IPEndPoint inner) : EndPoint
    {
        public override AddressFamily AddressFamily => inner.AddressFamily;

        public override SocketAddress Serialize() => inner.Serialize();

        public override EndPoint Create(SocketAddress socketAddress) => inner.Create(socketAddress);
    }
}

public sealed class KernelSocketSendTests(KernelBinding binding) : SocketSendContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketSendTests(LoopbackBinding binding) : SocketSendContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketSendTests(PairBinding binding) : SocketSendContract(binding), IClassFixture<PairBinding>;

using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>A socket's Connect and ConnectAsync, to addresses and to hosts (contract §10).</summary>
public abstract class SocketConnectContract(UdpBinding binding)
{
    private static readonly IPEndPoint s_v6 = new(IPAddress.IPv6Loopback, 9);
    private static readonly CancellationToken s_cancelled = new(canceled: true);

    [Fact]
    public async Task Connect_EachForm_SetsThePeer()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        IPEndPoint remote = peer.LocalEndPoint();
        string host = remote.Address.ToString();
        IPAddress[] addresses = [IPAddress.IPv6Loopback, remote.Address, binding.NotLocal];
        Func<ISocketUnderTest, Task>[] forms =
        [
            Sync(socket => socket.Connect(remote)),
            Sync(socket => socket.Connect(remote.Address, remote.Port)),
            Sync(socket => socket.Connect(addresses, remote.Port)),
            Sync(socket => socket.Connect(host, remote.Port)),
            Sync(socket => socket.Connect(new DnsEndPoint(host, remote.Port))),
            Sync(socket => socket.Connect(new DnsEndPoint(host, remote.Port, AddressFamily.InterNetwork))),
            socket => socket.ConnectAsync(remote),
            socket => socket.ConnectAsync(remote, CancellationToken.None).AsTask(),
            socket => socket.ConnectAsync(remote.Address, remote.Port),
            socket => socket.ConnectAsync(remote.Address, remote.Port, CancellationToken.None).AsTask(),
            socket => socket.ConnectAsync(addresses, remote.Port),
            socket => socket.ConnectAsync(addresses, remote.Port, CancellationToken.None).AsTask(),
            socket => socket.ConnectAsync(host, remote.Port),
            socket => socket.ConnectAsync(host, remote.Port, CancellationToken.None).AsTask(),
            socket => socket.ConnectAsync(new DnsEndPoint(host, remote.Port)),
        ];

        foreach (Func<ISocketUnderTest, Task> connect in forms)
        {
            using ISocketUnderTest socket = binding.UnboundSocket();
            await connect(socket).WaitAsync(UdpBinding.Patience);
            Assert.True(socket.Connected);
            Assert.Equal(remote, socket.RemoteEndPoint);
            Assert.Equal(binding.Here.Address, socket.LocalIPEndPoint().Address);
            Assert.Equal(2, socket.Send("hi"u8));
            Assert.Equal("hi"u8.ToArray(), (await peer.ReceiveAsync().Soon()).Buffer);
        }
    }

    [Fact]
    public async Task Connect_NameOfThisHost_IsItsLoopback()
    {
        Func<ISocketUnderTest, Task>[] forms =
        [
            Sync(socket => socket.Connect("localhost", 9)),
            Sync(socket => socket.Connect(new DnsEndPoint("localhost", 9))),
            socket => socket.ConnectAsync("localhost", 9),
            socket => socket.ConnectAsync("localhost", 9, CancellationToken.None).AsTask(),
            socket => socket.ConnectAsync(new DnsEndPoint("localhost", 9)),
        ];

        foreach (Func<ISocketUnderTest, Task> connect in forms)
        {
            using ISocketUnderTest socket = binding.UnboundSocket();
            await connect(socket).WaitAsync(UdpBinding.Patience);
            Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9), socket.RemoteEndPoint);
        }
    }

    [Fact]
    public void Connect_EmptyName_IsThisHost()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        socket.Connect(string.Empty, 9);

        IPEndPoint remote = Assert.IsType<IPEndPoint>(socket.RemoteEndPoint);
        Assert.Equal((socket.LocalIPEndPoint().Address, 9), (remote.Address, remote.Port));
        Assert.Throws<ArgumentException>("host", () => { _ = socket.ConnectAsync(string.Empty, 9); });
    }

    [Fact]
    public void ConnectAsync_Address_IsDoneAtOnce()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        Assert.True(socket.ConnectAsync(new IPEndPoint(binding.There.Address, 9)).IsCompletedSuccessfully);
        Assert.True(socket.ConnectAsync(binding.There.Address, 10).IsCompletedSuccessfully);
        Assert.Equal(new IPEndPoint(binding.There.Address, 10), socket.RemoteEndPoint);
    }

    [Fact]
    public void Connect_ArgumentsWrong_AreNamedInTheirOrder()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        IPAddress[] one = [IPAddress.Loopback];

        Assert.Throws<ArgumentNullException>("address", () => socket.Connect((IPAddress)null!, -1));
        Assert.Throws<ArgumentOutOfRangeException>("port", () => socket.Connect(IPAddress.IPv6Loopback, -1));
        Assert.Throws<ArgumentNullException>("addresses", () => socket.Connect((IPAddress[])null!, -1));
        Assert.Throws<ArgumentException>("addresses", () => socket.Connect([], -1));
        Assert.Throws<ArgumentOutOfRangeException>("port", () => socket.Connect(one, 65_536));
        Assert.Throws<ArgumentNullException>("host", () => socket.Connect((string)null!, -1));
        Assert.Throws<ArgumentOutOfRangeException>("port", () => socket.Connect("localhost", -1));

        Assert.Equal("remoteEP", Refusal.IsSync<ArgumentNullException>(() => socket.ConnectAsync((EndPoint)null!)).ParamName);
        Assert.Equal("address", Refusal.IsSync<ArgumentNullException>(() => socket.ConnectAsync((IPAddress)null!, -1)).ParamName);
        Assert.Equal("port", Refusal.IsSync<ArgumentOutOfRangeException>(() => socket.ConnectAsync(IPAddress.Loopback, -1)).ParamName);
        Assert.Equal("addresses", Refusal.IsSync<ArgumentNullException>(() => socket.ConnectAsync((IPAddress[])null!, -1)).ParamName);
        Assert.Equal("addresses", Refusal.IsSync<ArgumentException>(() => socket.ConnectAsync((IPAddress[])[], -1)).ParamName);
        Assert.Equal("port", Refusal.IsSync<ArgumentOutOfRangeException>(() => socket.ConnectAsync(one, -1)).ParamName);
        Assert.Equal("host", Refusal.IsSync<ArgumentNullException>(() => socket.ConnectAsync((string)null!, -1)).ParamName);
        Assert.Equal("port", Refusal.IsSync<ArgumentOutOfRangeException>(() => socket.ConnectAsync("localhost", -1)).ParamName);
        Assert.False(socket.IsBound);
    }

    [Fact]
    public async Task Connect_OtherFamily_IsRefused()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        IPAddress[] only = [IPAddress.IPv6Loopback];
        var host = new DnsEndPoint("localhost", 9, AddressFamily.InterNetworkV6);

        Refusal.Is(SocketError.AddressFamilyNotSupported, () => socket.Connect(s_v6));
        Assert.Throws<NotSupportedException>(() => socket.Connect(s_v6.Address, 9));
        Assert.Throws<NotSupportedException>(() => socket.Connect("::1", 9));
        Assert.Throws<NotSupportedException>(() => socket.Connect(host));
        Assert.Throws<ArgumentException>("addresses", () => socket.Connect(only, 9));
        Refusal.IsSync<NotSupportedException>(() => socket.ConnectAsync(s_v6));
        Refusal.IsSync<NotSupportedException>(() => socket.ConnectAsync(s_v6.Address, 9));
        Refusal.IsSync<NotSupportedException>(() => socket.ConnectAsync("::1", 9));
        Refusal.IsSync<NotSupportedException>(() => socket.ConnectAsync(host));
        await Assert.ThrowsAsync<NotSupportedException>(() => socket.ConnectAsync(only, 9).WaitAsync(UdpBinding.Patience));
        Assert.False(socket.IsBound);
    }

    [Fact]
    public async Task Connect_NotPermitted_SaysWhereToOnlyWhenSynchronous()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        IPAddress everybody = binding.DirectedBroadcast;
        IPAddress[] only = [everybody];
        string message = $"Permission denied {everybody}:9";

        Assert.Equal(message, Refusal.Is(SocketError.AccessDenied, () => socket.Connect(everybody, 9)).Message);
        Assert.Equal(message, Refusal.Is(SocketError.AccessDenied, () => socket.Connect(only, 9)).Message);
        Assert.Equal(message, Refusal.Is(SocketError.AccessDenied, () => socket.Connect(everybody.ToString(), 9)).Message);
        foreach (Task connecting in (Task[])[socket.ConnectAsync(everybody, 9), socket.ConnectAsync(only, 9), socket.ConnectAsync($"{everybody}", 9)])
        {
            SocketException refusal = await Assert.ThrowsAsync<SocketException>(() => connecting.WaitAsync(UdpBinding.Patience));
            Assert.Equal((SocketError.AccessDenied, "Permission denied"), (refusal.SocketErrorCode, refusal.Message));
        }

        socket.Connect([everybody, binding.There.Address], 9);
        Assert.Equal(new IPEndPoint(binding.There.Address, 9), socket.RemoteEndPoint);
    }

    [Fact]
    public async Task Connect_AgainNotPermitted_LooksDisconnected()
    {
        var peer = new IPEndPoint(binding.There.Address, 9);
        using ISocketUnderTest sync = binding.UnboundSocket();
        using ISocketUnderTest async = binding.UnboundSocket();
        sync.Connect(peer);
        async.Connect(peer);

        Refusal.Is(SocketError.AccessDenied, () => sync.Connect(binding.DirectedBroadcast, 9));
        await Assert.ThrowsAsync<SocketException>(() => async.ConnectAsync(binding.DirectedBroadcast, 9).WaitAsync(UdpBinding.Patience));

        foreach (ISocketUnderTest socket in (ISocketUnderTest[])[sync, async])
        {
            Assert.False(socket.Connected);
            Assert.Null(socket.RemoteEndPoint);
            Assert.Equal(1, socket.Send(new byte[1]));
        }
    }

    [Fact]
    public async Task ConnectAsync_AnotherPeer_ReplacesTheFirst()
    {
        using IUdpClientUnderTest first = binding.PeerClient();
        using IUdpClientUnderTest second = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        IPEndPoint local = socket.LocalIPEndPoint();

        await socket.ConnectAsync(first.LocalEndPoint());
        await socket.ConnectAsync(second.LocalEndPoint());
        first.Send("first"u8, local);
        second.Send("second"u8, local);

        byte[] buffer = new byte[16];
        Assert.Equal(6, socket.Receive(buffer));
        Assert.Equal(local, socket.LocalEndPoint);
        Assert.Equal(second.LocalEndPoint(), socket.RemoteEndPoint);
    }

    [Fact]
    public async Task ConnectAsync_CancelledBefore_SaysSoAfterTheArguments()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        var peer = new IPEndPoint(binding.There.Address, 9);
        IPAddress[] one = [peer.Address];

        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.ConnectAsync(null!, s_cancelled).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.ConnectAsync(peer, s_cancelled).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.ConnectAsync(peer.Address, 9, s_cancelled).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.ConnectAsync(one, 9, s_cancelled).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.ConnectAsync("localhost", 9, s_cancelled).AsTask());
        Refusal.IsSync<ArgumentNullException>(() => socket.ConnectAsync((IPAddress)null!, 9, s_cancelled).AsTask());
        Refusal.IsSync<ArgumentNullException>(() => socket.ConnectAsync((IPAddress[])null!, 9, s_cancelled).AsTask());
        Refusal.IsSync<ArgumentNullException>(() => socket.ConnectAsync((string)null!, 9, s_cancelled).AsTask());
        Refusal.IsSync<ArgumentOutOfRangeException>(() => socket.ConnectAsync(peer.Address, -1, s_cancelled).AsTask());
        Assert.False(socket.IsBound);
    }

    [Fact]
    public async Task Connect_UnknownHost_IsWhatTheResolverSays()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        const string Unknown = "no.such.host.invalid";

        SocketException sync = Assert.Throws<SocketException>(() => socket.Connect(Unknown, 9));
        SocketException async = await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(Unknown, 9).WaitAsync(UdpBinding.Patience));

        Assert.Equal(sync.SocketErrorCode, async.SocketErrorCode);
        Assert.False(socket.IsBound);
    }

    [Fact]
    public async Task Disposed_EachForm_IsDisposedUnlessAnArgumentHasNoEndPoint()
    {
        ISocketUnderTest socket = binding.UnboundSocket();
        socket.Dispose();
        IPAddress none = null!;
        IPAddress[] noAddresses = null!;
        string noHost = null!;

        Assert.Throws<ObjectDisposedException>(() => socket.Connect(none, 9));
        Assert.Throws<ObjectDisposedException>(() => socket.Connect(noAddresses, 9));
        Assert.Throws<ObjectDisposedException>(() => socket.Connect(noHost, 9));
        Refusal.IsSync<ObjectDisposedException>(() => socket.ConnectAsync((EndPoint)null!));
        Refusal.IsSync<ObjectDisposedException>(() => socket.ConnectAsync(noAddresses, 9));
        Refusal.IsSync<ObjectDisposedException>(() => socket.ConnectAsync("localhost", 9));
        Refusal.IsSync<ArgumentNullException>(() => socket.ConnectAsync(none, 9));
        Refusal.IsSync<ArgumentNullException>(() => socket.ConnectAsync(noHost, 9));
        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.ConnectAsync(s_v6, s_cancelled).AsTask());
    }

    private static Func<ISocketUnderTest, Task> Sync(Action<ISocketUnderTest> connect) => socket =>
    {
        connect(socket);
        return Task.CompletedTask;
    };
}

public sealed class KernelSocketConnectTests(KernelBinding binding) : SocketConnectContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketConnectTests(LoopbackBinding binding) : SocketConnectContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketConnectTests(PairBinding binding) : SocketConnectContract(binding), IClassFixture<PairBinding>;

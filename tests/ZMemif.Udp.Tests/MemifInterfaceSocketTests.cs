using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Tests.Contract;

namespace ZMemif.Udp.Tests;

/// <summary>What an interface means to its sockets.</summary>
public sealed class MemifInterfaceSocketTests
{
    private static readonly IPAddress s_second = IPAddress.Parse("192.0.2.2");

    [Fact]
    public async Task Dispose_ReceiversWaiting_AreWoken()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair();
        await using MemifInterface other = first;
        using var asynchronous = new MemifUdpClient(second, 0);
        using var connected = new MemifUdpClient(second, "192.0.2.1", 9);
        using var neverBound = new MemifDatagramSocket(second, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Task<int> pendingUnbound = neverBound.ReceiveAsync(new byte[1]);
        Task<UdpReceiveResult> pending = asynchronous.ReceiveAsync();
        Task<UdpReceiveResult> pendingConnected = connected.ReceiveAsync();

        await second.DisposeAsync();

        await Refusal.ComesAsync(SocketError.OperationAborted, pending);
        await Refusal.ComesAsync(SocketError.OperationAborted, pendingConnected);
        await Refusal.ComesAsync(SocketError.OperationAborted, pendingUnbound);
    }

    [Fact]
    public Task Dispose_ReceiveBlocked_IsInterrupted() => BlockedCall.IsInterruptedAsync(
        () => new DisposableLoopback(),
        loopback => loopback.Socket.Receive(new byte[4]),
        loopback => loopback.Interface.Dispose());

    [Fact]
    public async Task Dispose_ThenItsSockets_AreAsIfDisposed()
    {
        MemifInterface loopback = await MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24");
        var bound = new MemifDatagramSocket(loopback, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        bound.Bind(new IPEndPoint(IPAddress.Any, 0));
        var unbound = new MemifDatagramSocket(loopback, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var to = new IPEndPoint(s_second, 9);

        await loopback.DisposeAsync();

        foreach (MemifDatagramSocket socket in (MemifDatagramSocket[])[bound, unbound])
        {
            Assert.Throws<ObjectDisposedException>(() => socket.SendTo("x"u8, to));
            Assert.Throws<ObjectDisposedException>(() => { _ = socket.ReceiveAsync(new byte[4]); });
            Assert.Throws<ObjectDisposedException>(() => socket.Receive(new byte[4]));
            Assert.Throws<ObjectDisposedException>(() => socket.Bind(to));
            Assert.Throws<ObjectDisposedException>(() => socket.Connect(to));
            Assert.False(socket.Connected);
            socket.Dispose();
        }

        Assert.Equal(typeof(MemifInterface).FullName, Assert.Throws<ObjectDisposedException>(() => new MemifUdpClient(loopback)).ObjectName);
    }

    [Fact]
    public async Task Socket_IPv6_IsNotSupportedByAnIPv4Host()
    {
        await using MemifInterface loopback = await MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24");

        Refusal.Is(SocketError.AddressFamilyNotSupported, () => _ = new MemifUdpClient(loopback, new IPEndPoint(IPAddress.IPv6Loopback, 0)));
        Refusal.Is(
            SocketError.AddressFamilyNotSupported,
            () => _ = new MemifDatagramSocket(loopback, AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp));
    }

    [Fact]
    public async Task Send_NoRoute_IsUnreachableAndDoesNotBind()
    {
        await using MemifInterface loopback = await MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24");
        using var client = new MemifUdpClient(loopback);
        var far = new IPEndPoint(IPAddress.Parse("203.0.113.7"), 9);

        Refusal.Is(SocketError.NetworkUnreachable, () => client.Send("x"u8, far));
        Refusal.Is(SocketError.NetworkUnreachable, () => client.Connect(far));

        Assert.False(client.Client.IsBound);
    }

    [Fact]
    public async Task Socket_Forgotten_GivesItsPortBack()
    {
        await using MemifInterface loopback = await MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24");
        ForgetASocketOn(loopback, port: 5000);

        GC.Collect();
        GC.WaitForPendingFinalizers();

        using var again = new MemifUdpClient(loopback, 5000);
        Assert.True(again.Client.IsBound);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void ForgetASocketOn(MemifInterface memifInterface, int port) => GC.KeepAlive(new MemifUdpClient(memifInterface, port));
    }

    /// <summary>An interface without a peer, and a socket on it that is bound.</summary>
    private sealed class DisposableLoopback : IDisposable
    {
        internal DisposableLoopback()
        {
            Interface = MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24").GetAwaiter().GetResult();
            Socket = new MemifDatagramSocket(Interface, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        }

        internal MemifInterface Interface { get; }

        internal MemifDatagramSocket Socket { get; }

        public void Dispose()
        {
            Socket.Dispose();
            Interface.Dispose();
        }
    }
}

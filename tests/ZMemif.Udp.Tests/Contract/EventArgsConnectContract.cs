using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Connecting and disconnecting by <c>SocketAsyncEventArgs</c> (contract §10, §14).</summary>
public abstract class EventArgsConnectContract(UdpBinding binding)
{
    [Fact]
    public void ConnectAsync_IsDoneAtOnce()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(3, Peer());

        e.AssertDone(socket.ConnectAsync(e), SocketAsyncOperation.Connect, 0);

        Assert.True(socket.Connected);
        Assert.Equal(Peer(), socket.RemoteEndPoint);
        Assert.True(e.Connected!.LocalEndPoint!.Equals(socket.LocalEndPoint));
    }

    [Fact]
    public void ConnectAsync_AddressAsName_IsDoneAtOnce()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(0, new DnsEndPoint(binding.There.Address.ToString(), 9));

        e.AssertDone(socket.ConnectAsync(e), SocketAsyncOperation.Connect, 0);

        Assert.Equal(Peer(), socket.RemoteEndPoint);
    }

    [Fact]
    public void ConnectAsync_Refused_FailsAndLooksDisconnected()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(0, Peer());
        socket.ConnectAsync(e);
        e.RemoteEndPoint = new IPEndPoint(IPAddress.Broadcast, 9);

        e.AssertFailed(socket.ConnectAsync(e), SocketAsyncOperation.Connect, SocketError.AccessDenied);

        Assert.Null(e.Connected);
        Assert.False(socket.Connected);
    }

    [Fact]
    public async Task ConnectAsync_UnknownName_FailsAndTellsWhy()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(0, new DnsEndPoint("no.such.host.invalid", 9));

        if (socket.ConnectAsync(e))
            Assert.True(socket.StandsFor(await e.NextRaised()));

        SocketException reason = Assert.IsType<SocketException>(e.ConnectByNameError, exactMatch: false);
        Assert.Equal(reason.SocketErrorCode, e.SocketError);
        Assert.True(e.SocketError is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData, $"{e.SocketError}");
        Assert.Null(e.Connected);
        Assert.False(socket.Connected);
    }

    [Fact]
    public void ConnectAsync_UnusableArguments_AreRefused()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest nowhere = binding.EventArgs(0);
        using IEventArgsUnderTest list = binding.EventArgs([1], Peer());
        using IEventArgsUnderTest otherFamily = binding.EventArgs(0, new IPEndPoint(IPAddress.IPv6Loopback, 9));
        using IEventArgsUnderTest nameOfOtherFamily = binding.EventArgs(0, new DnsEndPoint("127.0.0.1", 9, AddressFamily.InterNetworkV6));

        Assert.Throws<ArgumentNullException>("e", () => socket.ConnectAsync(e: null));
        Assert.Throws<ArgumentNullException>("remoteEP", () => socket.ConnectAsync(nowhere));
        Assert.Throws<ArgumentException>("BufferList", () => socket.ConnectAsync(list));
        Assert.Throws<NotSupportedException>(() => socket.ConnectAsync(otherFamily));
        Assert.Throws<NotSupportedException>(() => socket.ConnectAsync(nameOfOtherFamily));
        nowhere.SetBuffer(0, 0); // They are free again.
        otherFamily.SetBuffer(0, 0);
    }

    [Fact]
    public void DisconnectAsync_ForReuse_DissolvesTheConnection()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(Peer());
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        e.DisconnectReuseSocket = true;

        e.AssertDone(socket.DisconnectAsync(e), SocketAsyncOperation.Disconnect, 0);

        Assert.False(socket.Connected);
        Assert.Null(socket.RemoteEndPoint);
        using IEventArgsUnderTest send = binding.EventArgs(4);
        send.AssertFailed(socket.SendAsync(send), SocketAsyncOperation.Send, SocketError.DestinationAddressRequired);
    }

    [Fact]
    public void DisconnectAsync_ForGood_ShutsDown()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(Peer());
        EndPoint? local = socket.LocalEndPoint;
        using IEventArgsUnderTest e = binding.EventArgs(4);

        e.AssertDone(socket.DisconnectAsync(e), SocketAsyncOperation.Disconnect, 0);

        Assert.False(socket.Connected);
        Assert.Equal(local, socket.LocalEndPoint);
        Refusal.Is(SocketError.Shutdown, () => socket.Send("x"u8));
        Assert.Equal(0, socket.Receive(new byte[4]));
    }

    [Fact]
    public void DisconnectAsync_NotConnected_Throws()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(4);

        Refusal.Is(SocketError.NotConnected, () => socket.DisconnectAsync(e));

        Assert.Throws<ArgumentNullException>("e", () => socket.DisconnectAsync(e: null));
        e.SetBuffer(0, 0); // It is free again.
    }

    [Fact]
    public void AcceptAsync_ADatagramSocketDoesNotListen()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(4);
        using IEventArgsUnderTest list = binding.EventArgs([1]);

        Assert.Throws<InvalidOperationException>(() => socket.AcceptAsync(e));
        Assert.Throws<ArgumentException>("e", () => socket.AcceptAsync(list));
        Assert.Throws<ArgumentNullException>("e", () => socket.AcceptAsync(e: null));
    }

    [Fact]
    public void Closed_EveryOperation_IsDisposedBeforeAnythingElse()
    {
        ISocketUnderTest socket = binding.BoundSocket();
        socket.Dispose();
        Action[] calls =
        [
            () => socket.ReceiveAsync(e: null),
            () => socket.ReceiveFromAsync(e: null),
            () => socket.ReceiveMessageFromAsync(e: null),
            () => socket.SendAsync(e: null),
            () => socket.SendToAsync(e: null),
            () => socket.SendPacketsAsync(e: null),
            () => socket.ConnectAsync(e: null),
            () => socket.DisconnectAsync(e: null),
            () => socket.AcceptAsync(e: null),
        ];

        Assert.All(calls, call => Assert.Throws<ObjectDisposedException>(call));
    }

    private IPEndPoint Peer() => new(binding.There.Address, 9);
}

public sealed class KernelEventArgsConnectTests(KernelBinding binding) : EventArgsConnectContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackEventArgsConnectTests(LoopbackBinding binding) : EventArgsConnectContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairEventArgsConnectTests(PairBinding binding) : EventArgsConnectContract(binding), IClassFixture<PairBinding>;

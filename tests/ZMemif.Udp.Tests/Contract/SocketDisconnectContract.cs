using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Disconnect, and Close with a time (contract §4, §10, §12).</summary>
public abstract class SocketDisconnectContract(UdpBinding binding)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disconnect_NeverConnected_IsRefused(bool reuse)
    {
        using ISocketUnderTest unbound = binding.UnboundSocket();
        using ISocketUnderTest bound = binding.BoundSocket();
        EndPoint? local = bound.LocalEndPoint;

        foreach (ISocketUnderTest socket in (ISocketUnderTest[])[unbound, bound])
        {
            Refusal.Is(SocketError.NotConnected, () => socket.Disconnect(reuse));
            Assert.Equal(SocketError.NotConnected, Refusal.IsSync<SocketException>(() => socket.DisconnectAsync(reuse).AsTask()).SocketErrorCode);
        }

        Assert.Equal(local, bound.LocalEndPoint);
    }

    [Fact]
    public async Task Disconnect_ForReuse_LosesPeerAndPort()
    {
        Func<ISocketUnderTest, Task>[] forms =
        [
            socket =>
            {
                socket.Disconnect(reuseSocket: true);
                return Task.CompletedTask;
            },
            socket => socket.DisconnectAsync(reuseSocket: true).AsTask(),
            socket => Task.Factory.FromAsync(socket.BeginDisconnect(reuseSocket: true, null, null), socket.EndDisconnect),
            socket =>
            {
                using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
                e.DisconnectReuseSocket = true;
                Assert.False(socket.DisconnectAsync(e));
                return Task.CompletedTask;
            },
        ];

        foreach (Func<ISocketUnderTest, Task> disconnect in forms)
        {
            using IUdpClientUnderTest peer = binding.PeerClient();
            using ISocketUnderTest socket = binding.BoundSocket();
            socket.Connect(peer.LocalEndPoint());
            socket.Ttl = 7;
            socket.Send("from where?"u8);
            IPEndPoint before = (await peer.ReceiveAsync().Soon()).RemoteEndPoint;

            await disconnect(socket).WaitAsync(UdpBinding.Patience);

            socket.AssertDisconnected();
            Assert.Equal(new IPEndPoint(IPAddress.Any, 0), socket.LocalEndPoint);
            Assert.Equal(7, socket.Ttl);
            Refusal.Is(SocketError.DestinationAddressRequired, () => socket.Send("x"u8));
            Assert.Throws<InvalidOperationException>(() => socket.Connect(peer.LocalEndPoint()));
            using ISocketUnderTest next = binding.UnboundSocket();
            next.Bind(before);
        }
    }

    [Fact]
    public async Task Disconnect_ForReuse_SendsFromANewPort()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(peer.LocalEndPoint());
        socket.Disconnect(reuseSocket: true);

        Assert.Equal(3, socket.SendTo("new"u8, peer.LocalEndPoint()));

        UdpReceiveResult received = await peer.ReceiveAsync().Soon();
        Assert.Equal("new"u8.ToArray(), received.Buffer);
        Assert.Equal(new IPEndPoint(IPAddress.Any, received.RemoteEndPoint.Port), socket.LocalEndPoint);
        peer.Send("back"u8, received.RemoteEndPoint);
        Assert.Equal(4, socket.Receive(new byte[8]));
    }

    [Fact]
    public void Disconnect_ForReuse_CanBeBoundAgain()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(peer.LocalEndPoint());
        socket.Disconnect(reuseSocket: true);

        socket.Bind(new IPEndPoint(binding.Here.Address, 0));

        peer.Send("here"u8, socket.LocalIPEndPoint());
        Assert.Equal(4, socket.Receive(new byte[8]));
    }

    [Fact]
    public async Task Disconnect_ForReuse_EndsWhatIsPendingAndForgetsWhatIsThere()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest waiting = binding.BoundSocket();
        using ISocketUnderTest unread = binding.BoundSocket();
        waiting.Connect(peer.LocalEndPoint());
        unread.Connect(peer.LocalEndPoint());
        ValueTask<int> pending = waiting.ReceiveAsync(new byte[4].AsMemory());
        peer.Send("unread"u8, unread.LocalIPEndPoint());
        await binding.SettleAsync();
        Assert.Equal(6, unread.Available);

        waiting.Disconnect(reuseSocket: true);
        unread.Disconnect(reuseSocket: true);

        await Refusal.ComesAsync(SocketError.OperationAborted, pending);
        Assert.Equal(0, unread.Available);
    }

    [Fact]
    public async Task Disconnect_NotForReuse_EndsBothDirections()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        IPEndPoint local = socket.LocalIPEndPoint();
        socket.Connect(peer.LocalEndPoint());
        peer.Send("unread"u8, local);
        await binding.SettleAsync();

        socket.Disconnect(reuseSocket: false);

        socket.AssertDisconnected();
        Assert.Equal(local, socket.LocalEndPoint);
        Refusal.Is(SocketError.Shutdown, () => socket.Send("x"u8));
        Refusal.Is(SocketError.Shutdown, () => socket.SendTo("x"u8, peer.LocalEndPoint()));
        Assert.Equal(6, socket.Receive(new byte[8]));
        Assert.Equal(0, socket.Receive(new byte[8]));
        Refusal.Is(SocketError.InvalidArgument, () => socket.Bind(new IPEndPoint(IPAddress.Any, 0)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disconnect_Again_IsHarmless(bool reuse)
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(new IPEndPoint(binding.There.Address, 9));

        socket.Disconnect(reuse);
        socket.Disconnect(reuse);
        socket.Shutdown(SocketShutdown.Both);

        socket.AssertDisconnected();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Disconnect_AfterAFailure_IsPossible(bool reuse)
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(new IPEndPoint(binding.There.Address, 9));
        Refusal.Is(SocketError.MessageSize, () => socket.Send(new byte[65_508]));

        socket.Disconnect(reuse);

        socket.AssertDisconnected();
    }

    /// <summary>To the framework, a send that failed has ended the connection.</summary>
    [Fact]
    public async Task Connect_AfterAFailure_IsPossibleOnlyAsynchronously()
    {
        var there = new IPEndPoint(binding.There.Address, 9);
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(there);
        Refusal.Is(SocketError.MessageSize, () => socket.Send(new byte[65_508]));

        Assert.Throws<InvalidOperationException>(() => socket.Connect(there));
        Assert.Null(socket.RemoteEndPoint);
        await socket.ConnectAsync(there);

        Assert.Equal(there, socket.RemoteEndPoint);
    }

    /// <summary>A receive that only came too early has not.</summary>
    [Fact]
    public void Connect_AfterATimeout_IsPossible()
    {
        var there = new IPEndPoint(binding.There.Address, 9);
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(there);
        socket.ReceiveTimeout = 1;
        Refusal.Is(SocketError.TimedOut, () => socket.Receive(new byte[1]));

        socket.Connect(there);

        Assert.True(socket.Connected);
    }

    [Fact]
    public async Task Connect_AfterDisconnect_IsPossibleOnlyAsynchronously()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(peer.LocalEndPoint());
        socket.Disconnect(reuseSocket: true);

        Assert.Throws<InvalidOperationException>(() => socket.Connect(peer.LocalEndPoint()));
        Assert.Throws<InvalidOperationException>(() => socket.Connect(peer.LocalEndPoint().Address, 9));
        await socket.ConnectAsync(peer.LocalEndPoint());

        Assert.Equal(peer.LocalEndPoint(), socket.RemoteEndPoint);
        Assert.Equal(5, socket.Send("again"u8));
        Assert.Equal("again"u8.ToArray(), (await peer.ReceiveAsync().Soon()).Buffer);
        socket.Connect(peer.LocalEndPoint());
    }

    [Fact]
    public async Task Disposed_Calls_AreDisposedUnlessCancelledBefore()
    {
        ISocketUnderTest socket = binding.UnboundSocket();
        socket.Dispose();

        Assert.Throws<ObjectDisposedException>(() => socket.Shutdown((SocketShutdown)9));
        Assert.Throws<ObjectDisposedException>(() => socket.Disconnect(reuseSocket: true));
        Refusal.IsSync<ObjectDisposedException>(() => socket.DisconnectAsync(reuseSocket: false).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(
            () => socket.DisconnectAsync(reuseSocket: true, new CancellationToken(canceled: true)).AsTask());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(100)]
    public void Close_WithATime_EndsTheSocketAtOnce(int timeout)
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        IPEndPoint local = socket.LocalIPEndPoint();

        Assert.Throws<ArgumentOutOfRangeException>(nameof(timeout), () => socket.Close(-2));
        Assert.Equal(local, socket.LocalEndPoint);
        socket.Close(timeout);

        Assert.Throws<ObjectDisposedException>(() => socket.LocalEndPoint);
        using ISocketUnderTest next = binding.UnboundSocket();
        next.Bind(local);
        Assert.Throws<ArgumentOutOfRangeException>(nameof(timeout), () => socket.Close(-2));
        socket.Close(timeout);
    }
}

public sealed class KernelSocketDisconnectTests(KernelBinding binding) : SocketDisconnectContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketDisconnectTests(LoopbackBinding binding) : SocketDisconnectContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketDisconnectTests(PairBinding binding) : SocketDisconnectContract(binding), IClassFixture<PairBinding>;

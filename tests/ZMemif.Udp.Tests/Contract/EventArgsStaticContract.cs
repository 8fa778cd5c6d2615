using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The static <c>ConnectAsync</c> and <c>CancelConnectAsync</c> of sockets (contract §14), which take no interface.</summary>
public abstract class EventArgsStaticContract(UdpBinding binding)
{
    private readonly IDefaultUdpHost _here = (IDefaultUdpHost)binding.Here;

    [Fact]
    public void ConnectAsync_MakesASocket()
    {
        foreach (EndPoint remote in (EndPoint[])[new IPEndPoint(IPAddress.Loopback, 9), new DnsEndPoint("127.0.0.1", 9)])
        {
            using IEventArgsUnderTest e = binding.EventArgs(0, remote);

            e.AssertDone(_here.ConnectAsync(SocketType.Dgram, ProtocolType.Udp, e), SocketAsyncOperation.Connect, 0);

            using IDatagramSocketUnderTest made = e.Connected!;
            Assert.True(made.Connected);
            Assert.Equal(SocketType.Dgram, made.SocketType);
            Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9), made.RemoteEndPoint);
        }
    }

    [Fact]
    public void ConnectAsync_Refused_MakesNone()
    {
        using IEventArgsUnderTest e = binding.EventArgs(0, new IPEndPoint(IPAddress.Broadcast, 9));

        e.AssertFailed(_here.ConnectAsync(SocketType.Dgram, ProtocolType.Udp, e), SocketAsyncOperation.Connect, SocketError.AccessDenied);

        Assert.Null(e.Connected);
    }

    [Fact]
    public void ConnectAsync_UnusableArguments_AreRefused()
    {
        using IEventArgsUnderTest nowhere = binding.EventArgs(0);
        using IEventArgsUnderTest list = binding.EventArgs([1], new IPEndPoint(IPAddress.Loopback, 9));

        Assert.Throws<ArgumentNullException>("e", () => _here.ConnectAsync(SocketType.Dgram, ProtocolType.Udp, null));
        Assert.Throws<ArgumentException>("e", () => _here.ConnectAsync(SocketType.Dgram, ProtocolType.Udp, nowhere));
        Assert.Throws<ArgumentException>(() => _here.ConnectAsync(SocketType.Dgram, ProtocolType.Udp, list));
    }

    [Fact]
    public async Task CancelConnectAsync_NameBeingResolved_AbortsAndClosesTheSocket()
    {
        // The name may have been resolved, that is not found, before; then once more.
        for (int attempt = 0; attempt < 200; attempt++)
        {
            using ISocketUnderTest socket = binding.UnboundSocket();
            using IEventArgsUnderTest e = binding.EventArgs(0, new DnsEndPoint("no.such.host.invalid", 9));
            bool isPending = socket.ConnectAsync(e);

            _here.CancelConnectAsync(e);

            if (isPending)
                await e.NextRaised();
            if (e.SocketError != SocketError.OperationAborted)
                continue;
            Assert.IsType<OperationCanceledException>(e.ConnectByNameError, exactMatch: false);
            Assert.Throws<ObjectDisposedException>(() => socket.LocalEndPoint);
            return;
        }

        Assert.Fail("The resolution was never canceled.");
    }

    [Fact]
    public async Task CancelConnectAsync_NothingToCancel_DoesNothing()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(4);
        Assert.True(socket.ReceiveAsync(e));

        _here.CancelConnectAsync(e);

        peer.Send("late"u8, socket.LocalIPEndPoint());
        await e.NextRaised();
        Assert.Equal((SocketError.Success, 4), (e.SocketError, e.BytesTransferred));
        _here.CancelConnectAsync(e);
        Assert.Throws<ArgumentNullException>("e", () => _here.CancelConnectAsync(null));
    }
}

public sealed class KernelEventArgsStaticTests(KernelBinding binding) : EventArgsStaticContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackEventArgsStaticTests(LoopbackBinding binding) : EventArgsStaticContract(binding), IClassFixture<LoopbackBinding>;

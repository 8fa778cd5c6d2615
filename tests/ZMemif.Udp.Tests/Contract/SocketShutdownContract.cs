using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Shutdown (contract §10, §12).</summary>
public abstract class SocketShutdownContract(UdpBinding binding)
{
    [Theory]
    [InlineData(SocketShutdown.Send)]
    [InlineData(SocketShutdown.Receive)]
    [InlineData(SocketShutdown.Both)]
    public void Shutdown_NeverConnected_IsRefused(SocketShutdown how)
    {
        using ISocketUnderTest unbound = binding.UnboundSocket();
        using ISocketUnderTest bound = binding.BoundSocket();

        Refusal.Is(SocketError.NotConnected, () => unbound.Shutdown(how));
        Refusal.Is(SocketError.NotConnected, () => bound.Shutdown(how));
    }

    [Fact]
    public void Shutdown_NoDirection_IsRefusedFirst()
    {
        using ISocketUnderTest unbound = binding.UnboundSocket();
        using ISocketUnderTest connected = binding.UnboundSocket();
        connected.Connect(new IPEndPoint(binding.There.Address, 9));

        Refusal.Is(SocketError.InvalidArgument, () => unbound.Shutdown((SocketShutdown)9));
        Refusal.Is(SocketError.InvalidArgument, () => connected.Shutdown((SocketShutdown)(-1)));
        Assert.False(connected.Connected);
    }

    [Theory]
    [InlineData(SocketShutdown.Send, true, false)]
    [InlineData(SocketShutdown.Receive, false, true)]
    [InlineData(SocketShutdown.Both, true, true)]
    public async Task Shutdown_EachDirection_EndsOnlyThat(SocketShutdown how, bool endsSending, bool endsReceiving)
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(peer.LocalEndPoint());
        peer.Send("there"u8, socket.LocalIPEndPoint());
        await binding.SettleAsync();

        socket.Shutdown(how);

        socket.AssertDisconnected();
        Assert.Equal(5, socket.Receive(new byte[8]));
        Assert.Equal(endsReceiving, socket.Poll(0, SelectMode.SelectRead));
        socket.ReceiveTimeout = 20;
        if (endsReceiving)
            Assert.Equal(0, socket.Receive(new byte[8]));
        else
            Refusal.Is(SocketError.TimedOut, () => socket.Receive(new byte[8]));
        if (endsSending)
        {
            Refusal.Is(SocketError.Shutdown, () => socket.Send("x"u8));
            Refusal.Is(SocketError.Shutdown, () => socket.SendTo("x"u8, peer.LocalEndPoint()));
            await Refusal.ComesAsync(SocketError.Shutdown, socket.SendAsync("x"u8.ToArray().AsMemory()));
        }
        else
        {
            Assert.Equal(1, socket.Send("x"u8));
        }

        Assert.Throws<InvalidOperationException>(() => socket.Connect(peer.LocalEndPoint()));
    }

    [Theory]
    [InlineData(SocketShutdown.Receive)]
    [InlineData(SocketShutdown.Both)]
    public async Task Shutdown_ReceiveBlocked_ReturnsNothing(SocketShutdown how)
    {
        int count = -1;

        Exception? exception = await BlockedCall.CloseUnderAsync(
            () =>
            {
                ISocketUnderTest socket = binding.BoundSocket();
                socket.Connect(new IPEndPoint(binding.There.Address, 9));
                return socket;
            },
            socket => count = socket.Receive(new byte[4]),
            socket => socket.Shutdown(how));

        Assert.Null(exception);
        Assert.Equal(0, count);
    }

    [Fact]
    public async Task Shutdown_AsyncReceive_PendsUntilTheEnd()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(peer.LocalEndPoint());
        Task<int> before = socket.ReceiveAsync(new byte[4].AsMemory()).AsTask();

        socket.Shutdown(SocketShutdown.Both);
        Task<int> after = socket.ReceiveAsync(new byte[4].AsMemory()).AsTask();

        await binding.SettleAsync();
        Assert.False(before.IsCompleted);
        Assert.False(after.IsCompleted);
        socket.Dispose();
        await Refusal.ComesAsync(SocketError.OperationAborted, before);
        await Refusal.ComesAsync(SocketError.OperationAborted, after);
    }

    [Fact]
    public void Shutdown_NotBlocking_ReceiveWouldBlockStill()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(new IPEndPoint(binding.There.Address, 9));
        socket.Blocking = false;

        socket.Shutdown(SocketShutdown.Receive);

        Refusal.Is(SocketError.WouldBlock, () => socket.Receive(new byte[4]));
    }
}

public sealed class KernelSocketShutdownTests(KernelBinding binding) : SocketShutdownContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketShutdownTests(LoopbackBinding binding) : SocketShutdownContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketShutdownTests(PairBinding binding) : SocketShutdownContract(binding), IClassFixture<PairBinding>;

using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>A socket's Receive and ReceiveFrom (contract §6, §8, §11).</summary>
public abstract class SocketReceiveContract(UdpBinding binding)
{
    private static readonly byte[] s_ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Fact]
    public async Task Receive_BufferTooSmall_CutsAndLosesTheRest()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        for (int i = 0; i < 5; i++)
            peer.Send(s_ten, socket.LocalIPEndPoint());
        byte[] buffer = new byte[4];
        EndPoint remote = Any();

        Assert.Equal(4, socket.Receive(buffer));
        Assert.Equal(s_ten[..4], buffer);
        Assert.Equal(4, socket.ReceiveFrom(buffer, ref remote));
        Assert.Equal(peer.LocalEndPoint(), remote);
        Assert.Equal(4, await socket.ReceiveAsync(buffer).Soon());
        Assert.Equal(4, (await socket.ReceiveFromAsync(buffer, Any()).Soon()).ReceivedBytes);
        byte[] large = new byte[64];
        Assert.Equal(10, socket.Receive(large));
        Assert.Equal(s_ten, large[..10]);
        Assert.Equal(0, large[10]);
    }

    [Fact]
    public async Task ReceiveAsync_PendingWithASmallBuffer_CutsToo()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        byte[] buffer = new byte[4];
        ValueTask<SocketReceiveFromResult> pending = socket.ReceiveFromAsync(buffer, Any());
        Assert.False(pending.IsCompleted);

        peer.Send(s_ten, socket.LocalIPEndPoint());

        SocketReceiveFromResult received = await pending.Soon();
        Assert.Equal(4, received.ReceivedBytes);
        Assert.Equal(peer.LocalEndPoint(), received.RemoteEndPoint);
        Assert.Equal(s_ten[..4], buffer);
    }

    [Fact]
    public async Task ReceiveFrom_EndPointGiven_IsNeitherAFilterNorChanged()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        peer.Send(s_ten, socket.LocalIPEndPoint());
        peer.Send(s_ten, socket.LocalIPEndPoint());
        var given = new IPEndPoint(IPAddress.Loopback, 1);
        EndPoint remote = given;

        socket.ReceiveFrom(new byte[16], ref remote);

        Assert.Equal(peer.LocalEndPoint(), remote);
        Assert.NotSame(given, remote);
        Assert.Equal(1, given.Port);
        SocketReceiveFromResult received = await socket.ReceiveFromAsync(new byte[16], given).Soon();
        Assert.Equal(peer.LocalEndPoint(), received.RemoteEndPoint);
        Assert.Equal(1, given.Port);
    }

    [Fact]
    public async Task Receive_EmptyDatagram_GivesZeroAndTheSender()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        for (int i = 0; i < 3; i++)
            peer.Send([], socket.LocalIPEndPoint());
        EndPoint remote = Any();

        Assert.Equal(0, socket.Receive(new byte[4]));
        Assert.Equal(0, socket.ReceiveFrom(new byte[4], ref remote));
        Assert.Equal(peer.LocalEndPoint(), remote);
        Assert.Equal(0, await socket.ReceiveAsync(new byte[4]).Soon());
    }

    [Fact]
    public void Receive_SeveralDatagrams_KeepTheirOrder()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        for (byte i = 0; i < 100; i++)
            peer.Send([i], 1, socket.LocalIPEndPoint());
        byte[] buffer = new byte[1];

        for (byte i = 0; i < 100; i++)
        {
            Assert.Equal(1, socket.Receive(buffer));
            Assert.Equal(i, buffer[0]);
        }
    }

    [Fact]
    public async Task ReceiveFrom_UnusableEndPoint_IsRefusedBeforeTheBinding()
    {
        using IDatagramSocketUnderTest bound = binding.BoundSocket();
        using IDatagramSocketUnderTest unbound = binding.UnboundSocket();

        foreach (IDatagramSocketUnderTest socket in (IDatagramSocketUnderTest[])[bound, unbound])
        {
            foreach (EndPoint? unusable in (EndPoint?[])[null, new IPEndPoint(IPAddress.IPv6Any, 0), new DnsEndPoint("localhost", 0)])
            {
                EndPoint remote = unusable!;
                Assert.ThrowsAny<ArgumentException>(() => socket.ReceiveFrom(new byte[4], ref remote));
                Assert.Equal("remoteEP", Assert.ThrowsAny<ArgumentException>(() => socket.ReceiveFrom(new byte[4], ref remote)).ParamName);
                Assert.Equal(
                    "remoteEndPoint",
                    Assert.ThrowsAny<ArgumentException>(() => { _ = socket.ReceiveFromAsync(new byte[4], unusable!).AsTask(); }).ParamName);
            }
        }

        EndPoint any = Any();
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<InvalidOperationException>(() => unbound.ReceiveFrom(new byte[4], ref any));
        Refusal.IsSync<InvalidOperationException>(() => unbound.ReceiveFromAsync(new byte[4], any, cancelled).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(() => bound.ReceiveFromAsync(new byte[4], any, cancelled).AsTask());
    }

    [Fact]
    public async Task Receive_NotBound_Waits()
    {
        using IDatagramSocketUnderTest socket = binding.UnboundSocket();
        socket.ReceiveTimeout = 20;

        Refusal.Is(SocketError.TimedOut, () => socket.Receive(new byte[4]));
        ValueTask<int> pending = socket.ReceiveAsync(new byte[4]);
        Assert.False(pending.IsCompleted);

        socket.Dispose();
        await Refusal.ComesAsync(SocketError.OperationAborted, pending);
    }

    [Fact]
    public async Task Receive_TimeIsUp_TimesOutAlsoAfterAnAsyncReceive()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        socket.ReceiveTimeout = 20;
        EndPoint remote = Any();
        long began = Environment.TickCount64;

        Refusal.Is(SocketError.TimedOut, () => socket.Receive(new byte[4]));
        Refusal.Is(SocketError.TimedOut, () => socket.ReceiveFrom(new byte[4], ref remote));

        Assert.InRange(Environment.TickCount64 - began, 25, (long)UdpBinding.Patience.TotalMilliseconds);
        Task<int> pending = socket.ReceiveAsync(new byte[4]).AsTask();
        peer.Send(s_ten, socket.LocalIPEndPoint());
        Assert.Equal(4, await pending.Soon());
        Refusal.Is(SocketError.TimedOut, () => socket.Receive(new byte[4]));
        Assert.True(socket.Blocking);
    }

    [Fact]
    public async Task Receive_NotBlocking_WouldBlockUntilThereIsSomething()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        socket.Blocking = false;
        EndPoint remote = Any();

        Refusal.Is(SocketError.WouldBlock, () => socket.Receive(new byte[4]));
        Refusal.Is(SocketError.WouldBlock, () => socket.ReceiveFrom(new byte[4], ref remote));
        peer.Send(s_ten, socket.LocalIPEndPoint());
        await binding.SettleAsync();
        Assert.Equal(10, socket.Receive(new byte[16]));

        socket.Blocking = true;
        socket.ReceiveTimeout = 20;
        Refusal.Is(SocketError.TimedOut, () => socket.Receive(new byte[4]));
    }

    [Fact]
    public async Task ReceiveAsync_OneOfSeveralCancelled_TheOthersKeepTheirOrder()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        using var source = new CancellationTokenSource();
        byte[][] buffers = [new byte[1], new byte[1], new byte[1]];
        Task<int> first = socket.ReceiveAsync(buffers[0]).AsTask();
        ValueTask<int> second = socket.ReceiveAsync(buffers[1], source.Token);
        Task<int> third = socket.ReceiveAsync(buffers[2]).AsTask();

        await source.CancelAsync();

        OperationCanceledException exception = await Assert.ThrowsAsync<OperationCanceledException>(async () => await second);
        Assert.Equal(source.Token, exception.CancellationToken);
        peer.Send([42], 1, socket.LocalIPEndPoint());
        peer.Send([43], 1, socket.LocalIPEndPoint());
        await Task.WhenAll(first, third).WaitAsync(UdpBinding.Patience);
        Assert.Equal([42, 0, 43], buffers.Select(buffer => (int)buffer[0]));
    }

    [Fact]
    public async Task ReceiveAsync_CancelledBefore_IsATaskCancelled()
    {
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        var cancelled = new CancellationToken(canceled: true);

        ValueTask<int> receive = socket.ReceiveAsync(new byte[4], cancelled);

        Assert.True(receive.IsCanceled);
        TaskCanceledException exception = await Assert.ThrowsAsync<TaskCanceledException>(() => receive.AsTask());
        Assert.Equal(cancelled, exception.CancellationToken);
    }

    [Fact]
    public async Task ReceiveAsync_DatagramWaits_CompletesSynchronously()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest socket = binding.BoundSocket();
        peer.Send(s_ten, socket.LocalIPEndPoint());
        peer.Send(s_ten, socket.LocalIPEndPoint());
        await binding.SettleAsync();

        ValueTask<int> receive = socket.ReceiveAsync(new byte[16]);
        ValueTask<SocketReceiveFromResult> receiveFrom = socket.ReceiveFromAsync(new byte[16], Any());

        Assert.True(receive.IsCompletedSuccessfully);
        Assert.True(receiveFrom.IsCompletedSuccessfully);
        Assert.Equal(10, await receive);
        Assert.Equal(peer.LocalEndPoint(), (await receiveFrom).RemoteEndPoint);
    }

    private static IPEndPoint Any() => new(IPAddress.Any, 0);
}

public sealed class KernelSocketReceiveTests(KernelBinding binding) : SocketReceiveContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketReceiveTests(LoopbackBinding binding) : SocketReceiveContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketReceiveTests(PairBinding binding) : SocketReceiveContract(binding), IClassFixture<PairBinding>;

using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The end of a socket while something is pending, and what comes after it (contract §4, §6, §12).</summary>
public abstract class SocketCloseContract(UdpBinding binding)
{
    [Fact]
    public Task Dispose_ReceiveBlocked_IsInterrupted() =>
        BlockedCall.IsInterruptedAsync(binding.BoundSocket, socket => socket.Receive(new byte[4]), socket => socket.Dispose());

    [Fact]
    public Task Close_ReceiveFromBlocked_IsInterrupted() => BlockedCall.IsInterruptedAsync(
        binding.BoundSocket,
        socket =>
        {
            EndPoint remote = new IPEndPoint(IPAddress.Any, 0);
            socket.ReceiveFrom(new byte[4], ref remote);
        },
        socket => socket.Close());

    [Fact]
    public async Task Dispose_AsyncReceivesPending_AreAborted()
    {
        for (int round = 0; round < 20; round++)
        {
            IDatagramSocketUnderTest socket = binding.BoundSocket();
            using var source = new CancellationTokenSource();
            ValueTask<int> plain = socket.ReceiveAsync(new byte[4]);
            ValueTask<int> cancellable = socket.ReceiveAsync(new byte[4], source.Token);
            ValueTask<SocketReceiveFromResult> from = socket.ReceiveFromAsync(new byte[4], new IPEndPoint(IPAddress.Any, 0));

            socket.Dispose();

            await Refusal.ComesAsync(SocketError.OperationAborted, plain);
            await Refusal.ComesAsync(SocketError.OperationAborted, cancellable);
            await Refusal.ComesAsync(SocketError.OperationAborted, from);
        }
    }

    [Fact]
    public void Dispose_ThenProperties_AnswerFromMemoryOrAreDisposed()
    {
        IDatagramSocketUnderTest socket = binding.BoundSocket();
        socket.Connect(new IPEndPoint(binding.There.Address, 9));
        socket.Dispose();

        Assert.Equal((AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), (socket.AddressFamily, socket.SocketType, socket.ProtocolType));
        Assert.True(socket.Blocking);
        Assert.True(socket.IsBound);
        Assert.False(socket.Connected);
        Action[] accesses =
        [
            () => _ = socket.LocalEndPoint,
            () => _ = socket.RemoteEndPoint,
            () => _ = socket.EnableBroadcast,
            () => socket.EnableBroadcast = true,
            () => _ = socket.ReceiveTimeout,
            () => socket.ReceiveTimeout = 1,
            () => _ = socket.SendTimeout,
            () => socket.Blocking = false,
        ];
        Assert.All(accesses, access => Assert.Throws<ObjectDisposedException>(access));
    }

    [Fact]
    public async Task Dispose_ThenMethods_AreDisposedUnlessCancelledBefore()
    {
        IDatagramSocketUnderTest socket = binding.BoundSocket();
        socket.Dispose();
        EndPoint any = new IPEndPoint(IPAddress.Any, 0);
        EndPoint nothing = null!;
        Action[] calls =
        [
            () => socket.Bind(null!),
            () => socket.Connect(null!),
            () => socket.Send("x"u8),
            () => socket.SendTo("x"u8, null!),
            () => socket.Receive(new byte[4]),
            () => socket.ReceiveFrom(new byte[4], ref nothing),
            () => socket.SendAsync(new byte[1]).AsTask(),
            () => socket.SendToAsync(new byte[1], any).AsTask(),
            () => socket.ReceiveAsync(new byte[4]).AsTask(),
            () => socket.ReceiveFromAsync(new byte[4], any).AsTask(),
        ];

        Assert.All(calls, call => Assert.Throws<ObjectDisposedException>(call));
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.SendToAsync(new byte[1], any, cancelled).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.ReceiveAsync(new byte[4], cancelled).AsTask());
        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.ReceiveFromAsync(new byte[4], any, cancelled).AsTask());
    }

    [Fact]
    public void Dispose_Repeated_DoesNothingMore()
    {
        IDatagramSocketUnderTest socket = binding.BoundSocket();

        socket.Dispose();
        socket.Dispose();
        socket.Close();

        Assert.False(socket.Connected);
    }

    [Fact]
    public async Task Close_WhileDatagramsPourIn_EndsEveryPendingReceive()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        for (int round = 0; round < 20; round++)
        {
            IDatagramSocketUnderTest socket = binding.BoundSocket();
            IPEndPoint to = socket.LocalIPEndPoint();
            using var stop = new CancellationTokenSource();
            Task flood = Task.Run(() =>
            {
                while (!stop.IsCancellationRequested)
                    peer.Send("flood"u8, to);
            });
            Task<int>[] receives = [.. Enumerable.Range(0, 8).Select(_ => socket.ReceiveAsync(new byte[8]).AsTask())];

            socket.Close();

            foreach (Task<int> receive in receives)
            {
                Exception? exception = await Record.ExceptionAsync(() => receive.Soon());
                if (exception is not null)
                    Assert.Equal(SocketError.OperationAborted, Assert.IsType<SocketException>(exception).SocketErrorCode);
            }

            await stop.CancelAsync();
            await flood.WaitAsync(UdpBinding.Patience);
        }
    }
}

public sealed class KernelSocketCloseTests(KernelBinding binding) : SocketCloseContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketCloseTests(LoopbackBinding binding) : SocketCloseContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketCloseTests(PairBinding binding) : SocketCloseContract(binding), IClassFixture<PairBinding>;

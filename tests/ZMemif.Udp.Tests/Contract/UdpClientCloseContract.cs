using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>The end of a <c>UdpClient</c>, and what comes after it (contract §5.7, §12).</summary>
public abstract class UdpClientCloseContract(UdpBinding binding)
{
    [Fact]
    public void Close_ThenEveryMethod_IsDisposedBeforeAnyOtherCheck()
    {
        IUdpClientUnderTest client = binding.BoundClient();
        client.Close();
        IPEndPoint? remote = null;
        var cancelled = new CancellationToken(canceled: true);
        Action[] calls =
        [
            () => client.Send(null!, 0),
            () => client.Send(new byte[4], 99, null),
            () => client.Send(new byte[4], 4, "127.0.0.1", 9),
            () => client.Send(new byte[4].AsSpan()),
            () => client.Send(new byte[4].AsSpan(), null),
            () => client.Send(new byte[4].AsSpan(), "127.0.0.1", 9),
            () => client.SendAsync(null!, 0),
            () => client.SendAsync(new byte[4], 99, null),
            () => client.SendAsync(new byte[4], 4, "127.0.0.1", 9),
            () => client.SendAsync(new byte[4].AsMemory(), cancelled).AsTask(),
            () => client.SendAsync(new byte[4].AsMemory(), null, cancelled).AsTask(),
            () => client.SendAsync(new byte[4].AsMemory(), "127.0.0.1", 9).AsTask(),
            () => client.Receive(ref remote),
            () => client.ReceiveAsync(),
            () => client.ReceiveAsync(cancelled).AsTask(),
            () => client.Connect(null!),
            () => client.Connect((IPAddress)null!, -1),
            () => client.Connect((string)null!, -1),
        ];

        Assert.All(calls, call =>
        {
            ObjectDisposedException exception = Assert.Throws<ObjectDisposedException>(call);
            Assert.Equal(client.GetType().FullName, exception.ObjectName);
        });
    }

    [Fact]
    public void Close_ThenTheSocket_IsForgottenAndDisposed()
    {
        IUdpClientUnderTest client = binding.BoundClient();
        IDatagramSocketUnderTest socket = client.Socket!;
        client.Connect(new IPEndPoint(binding.There.Address, 9));

        client.Close();

        Assert.Null(client.Socket);
        Assert.True(client.IsActive);
        Assert.False(socket.Connected);
        Assert.Throws<ObjectDisposedException>(() => socket.LocalEndPoint);
    }

    [Fact]
    public void Close_Repeated_DoesNothingMore()
    {
        IUdpClientUnderTest client = binding.BoundClient();

        client.Close();
        client.Close();
        client.Dispose();

        Assert.Null(client.Socket);
    }

    [Fact]
    public void Dispose_EveryWay_PassesThroughTheDerivedClass()
    {
        IUdpClientUnderTest disposed = binding.BoundClient();
        IUdpClientUnderTest closed = binding.BoundClient();

        disposed.Dispose();
        closed.Close();

        Assert.Equal(1, disposed.DisposeCalls);
        Assert.Equal(1, closed.DisposeCalls);
    }

    [Fact]
    public async Task Dispose_FromAFinalizer_LeavesTheClientAlone()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();

        client.DisposeFromFinalizer();

        Assert.Equal(4, client.Send("here"u8, peer.LocalEndPoint()));
        Assert.Equal("here"u8.ToArray(), (await peer.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public void Client_SetToNull_IsANullReferenceUntilDisposed()
    {
        IUdpClientUnderTest client = binding.BoundClient();
        using IDatagramSocketUnderTest socket = client.Socket!;
        IPEndPoint self = client.LocalEndPoint();
        client.ForgetSocket();

        Assert.Throws<NullReferenceException>(() => client.Send(new byte[4], 4, self));

        client.Dispose();
        Assert.True(socket.IsBound);
        Assert.NotNull(socket.LocalEndPoint);
    }

    [Fact]
    public async Task Close_ReceiveAsyncPending_IsAborted()
    {
        for (int round = 0; round < 20; round++)
        {
            IUdpClientUnderTest client = binding.BoundClient();
            using var source = new CancellationTokenSource();
            Task<UdpReceiveResult> plain = client.ReceiveAsync();
            ValueTask<UdpReceiveResult> cancellable = client.ReceiveAsync(source.Token);
            Assert.False(plain.IsCompleted);

            client.Close();

            await Refusal.ComesAsync(SocketError.OperationAborted, plain);
            await Refusal.ComesAsync(SocketError.OperationAborted, cancellable);
        }
    }

    [Fact]
    public async Task Close_ConnectedReceiveAsyncPending_IsAborted()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        IUdpClientUnderTest client = binding.BoundClient();
        client.Connect(peer.LocalEndPoint());
        Task<UdpReceiveResult> pending = client.ReceiveAsync();

        client.Dispose();

        await Refusal.ComesAsync(SocketError.OperationAborted, pending);
    }

    [Fact]
    public async Task Close_ReceiveBlocked_Wakes()
    {
        IPEndPoint? remote = null;

        Exception? ending = await BlockedCall.CloseUnderAsync(
            binding.BoundClient, client => client.Receive(ref remote), client => client.Close());

        AssertBlockedReceiveEnding(ending);
    }

    /// <summary>Ours is always interrupted.</summary>
    protected virtual void AssertBlockedReceiveEnding(Exception? ending) =>
        Assert.Equal(SocketError.Interrupted, Assert.IsType<SocketException>(ending).SocketErrorCode);
}

public sealed class KernelUdpClientCloseTests(KernelBinding binding) : UdpClientCloseContract(binding), IClassFixture<KernelBinding>
{
    /// <summary>The kernel's is interrupted, or gives an empty array: it shuts its socket down before it closes it.</summary>
    protected override void AssertBlockedReceiveEnding(Exception? ending)
    {
        if (ending is not null)
            base.AssertBlockedReceiveEnding(ending);
    }
}

public sealed class LoopbackUdpClientCloseTests(LoopbackBinding binding) : UdpClientCloseContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairUdpClientCloseTests(PairBinding binding) : UdpClientCloseContract(binding), IClassFixture<PairBinding>;

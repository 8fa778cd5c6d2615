using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>What a datagram socket has only so that programs compile (contract §2.5).</summary>
public abstract class SocketUnsupportedContract(UdpBinding binding)
{
    private const string File = "/dev/null";
    private static readonly CancellationToken s_cancelled = new(canceled: true);

    [Fact]
    public void Listen_EachForm_IsNotSupported()
    {
        using ISocketUnderTest socket = ConnectedSocket();

        Refusal.Is(SocketError.OperationNotSupported, socket.Listen);
        Refusal.Is(SocketError.OperationNotSupported, () => socket.Listen(5));
        Assert.False(socket.Connected);
    }

    [Fact]
    public async Task Accept_EachForm_DoesNotListen()
    {
        using ISocketUnderTest socket = ConnectedSocket();

        Assert.Throws<InvalidOperationException>(socket.AcceptOne);
        Assert.All(socket.AcceptsAsync(), accept => Refusal.IsSync<InvalidOperationException>(accept));
        Assert.All(socket.AcceptsAsync(CancellationToken.None), accept => Refusal.IsSync<InvalidOperationException>(accept));
        foreach (Func<Task> accept in socket.AcceptsAsync(s_cancelled))
            await Assert.ThrowsAsync<TaskCanceledException>(accept);
        Assert.True(socket.Connected);
    }

    [Fact]
    public async Task SendFile_EachForm_IsNotSupported()
    {
        using ISocketUnderTest socket = ConnectedSocket();
        const TransmitFileOptions Flags = TransmitFileOptions.UseDefaultWorkerThread;

        Assert.Throws<NotSupportedException>(() => socket.SendFile(File));
        Assert.Throws<NotSupportedException>(() => socket.SendFile(null));
        Assert.Throws<NotSupportedException>(() => socket.SendFile(null, null, null, Flags));
        Assert.Throws<NotSupportedException>(() => socket.SendFile(File, "a"u8, "b"u8, Flags));
        ValueTask sending = socket.SendFileAsync(File);
        ValueTask sendingMore = socket.SendFileAsync(File, new byte[1], new byte[1], Flags);
        await Assert.ThrowsAsync<NotSupportedException>(sending.AsTask);
        await Assert.ThrowsAsync<NotSupportedException>(sendingMore.AsTask);
        await Assert.ThrowsAsync<TaskCanceledException>(() => socket.SendFileAsync(File, s_cancelled).AsTask());
    }

    [Fact]
    public void Disposed_Calls_AreDisposed()
    {
        ISocketUnderTest socket = binding.UnboundSocket();
        socket.Dispose();

        Assert.Throws<ObjectDisposedException>(socket.Listen);
        Assert.Throws<ObjectDisposedException>(socket.AcceptOne);
        Assert.All(socket.AcceptsAsync(), accept => Refusal.IsSync<ObjectDisposedException>(accept));
        Assert.Throws<ObjectDisposedException>(() => socket.SendFile(null));
    }

#pragma warning disable CA1416 // That it is not there on Linux is what is tested.
    [Fact]
    public void DuplicateAndClose_OnLinux_IsNotThere()
    {
        using ISocketUnderTest socket = binding.BoundSocket();

        Assert.Throws<PlatformNotSupportedException>(() => socket.DuplicateAndClose(1));
    }
#pragma warning restore CA1416

    private ISocketUnderTest ConnectedSocket()
    {
        ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(new IPEndPoint(binding.There.Address, 9));
        return socket;
    }
}

public sealed class KernelSocketUnsupportedTests(KernelBinding binding) : SocketUnsupportedContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketUnsupportedTests(LoopbackBinding binding) : SocketUnsupportedContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketUnsupportedTests(PairBinding binding) : SocketUnsupportedContract(binding), IClassFixture<PairBinding>;

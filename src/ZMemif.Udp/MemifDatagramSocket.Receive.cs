using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Receiving.</content>
public partial class MemifDatagramSocket
{
    /// <summary>
    /// The length of the next datagram in bytes; 0 when there is none, or it is empty. Takes off the link what is there, so
    /// that a loop of <c>while (socket.Available &gt; 0)</c> gets all that has come.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Available
    {
        get
        {
            ThrowIfDisposed();
            return _endpoint.Peek() ?? 0;
        }
    }

    /// <summary>Receives a datagram. One that is longer than the buffer is cut, without an error, as on Linux.</summary>
    /// <returns>The number of bytes written to the buffer.</returns>
    /// <exception cref="SocketException">
    /// <see cref="SocketError.TimedOut"/> after <see cref="ReceiveTimeout"/>, <see cref="SocketError.WouldBlock"/> on a
    /// non-blocking socket, <see cref="SocketError.Interrupted"/> when the socket is closed meanwhile.
    /// </exception>
    public int Receive(Span<byte> buffer)
    {
        ThrowIfDisposed();
        DirectReceive direct = DirectReceive.Into(_endpoint, buffer);
        Take(ref direct);
        return Math.Min(direct.Length, buffer.Length);
    }

    /// <summary>Receives a datagram and tells who sent it.</summary>
    /// <param name="buffer">Where the payload goes.</param>
    /// <param name="remoteEP">An IPv4 endpoint, which is not looked at otherwise; replaced by the sender's.</param>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public int ReceiveFrom(Span<byte> buffer, ref EndPoint remoteEP)
    {
        ThrowIfDisposed();
        RequireReceivable(remoteEP, nameof(remoteEP));
        DirectReceive direct = DirectReceive.Into(_endpoint, buffer);
        Take(ref direct);
        remoteEP = direct.Source.ToEndPoint();
        return Math.Min(direct.Length, buffer.Length);
    }

    /// <inheritdoc cref="Receive(Span{byte})"/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        ThrowIfDisposed();
        DirectReceive direct = DirectReceive.Into(_endpoint, buffer.Span);
        return _endpoint.TryReceive(ref direct)
            ? new ValueTask<int>(Math.Min(direct.Length, buffer.Length))
            : FinishAsync(_endpoint.Inbox.TakeAsync(cancellationToken), buffer);
    }

    /// <inheritdoc cref="ReceiveFrom(Span{byte}, ref EndPoint)"/>
    public ValueTask<SocketReceiveFromResult> ReceiveFromAsync(
        Memory<byte> buffer, EndPoint remoteEndPoint, CancellationToken cancellationToken = default)
    {
        RequireReceivable(remoteEndPoint, nameof(remoteEndPoint));
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<SocketReceiveFromResult>(cancellationToken);
        ThrowIfDisposed();
        DirectReceive direct = DirectReceive.Into(_endpoint, buffer.Span);
        return _endpoint.TryReceive(ref direct)
            ? new ValueTask<SocketReceiveFromResult>(new SocketReceiveFromResult
            {
                RemoteEndPoint = direct.Source.ToEndPoint(),
                ReceivedBytes = Math.Min(direct.Length, buffer.Length),
            })
            : FinishFromAsync(_endpoint.Inbox.TakeAsync(cancellationToken), buffer);
    }

    /// <summary>Receives a datagram into an array of its exact length.</summary>
    internal byte[] ReceiveArray(out IPEndPoint sender)
    {
        ThrowIfDisposed();
        DirectReceive direct = DirectReceive.IntoArray(_endpoint);
        Take(ref direct);
        sender = direct.Source.ToEndPoint();
        return direct.Array!;
    }

    /// <inheritdoc cref="ReceiveArray"/>
    internal ValueTask<UdpReceiveResult> ReceiveArrayAsync(CancellationToken cancellationToken)
    {
        DirectReceive direct = DirectReceive.IntoArray(_endpoint);
        return _endpoint.TryReceive(ref direct)
            ? new ValueTask<UdpReceiveResult>(new UdpReceiveResult(direct.Array!, direct.Source.ToEndPoint()))
            : FinishArrayAsync(_endpoint.Inbox.TakeAsync(cancellationToken));
    }

    private static int CopyAndReturn(in QueuedDatagram datagram, Span<byte> buffer)
    {
        int length = Math.Min(datagram.Length, buffer.Length);
        datagram.Payload[..length].CopyTo(buffer);
        DatagramInbox.Return(datagram);
        return length;
    }

    private static byte[] ToArrayAndReturn(in QueuedDatagram datagram)
    {
        byte[] array = datagram.Payload.ToArray();
        DatagramInbox.Return(datagram);
        return array;
    }

    private static IPEndPoint SenderOf(in QueuedDatagram datagram) =>
        new UdpPeer(datagram.Source, datagram.SourcePort).ToEndPoint();

    private static SocketReceiveFromResult FinishFrom(in QueuedDatagram datagram, Span<byte> buffer) => new()
    {
        RemoteEndPoint = SenderOf(datagram),
        ReceivedBytes = CopyAndReturn(datagram, buffer),
    };

    private static UdpReceiveResult FinishArray(in QueuedDatagram datagram)
    {
        IPEndPoint sender = SenderOf(datagram);
        return new UdpReceiveResult(ToArrayAndReturn(datagram), sender);
    }

    // What pends keeps the socket alive: nobody else may refer to it, and its finalizer would end the receive.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishAsync(ValueTask<QueuedDatagram> pending, Memory<byte> buffer)
    {
        QueuedDatagram datagram = await pending.ConfigureAwait(false);
        GC.KeepAlive(this);
        return CopyAndReturn(datagram, buffer.Span);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SocketReceiveFromResult> FinishFromAsync(ValueTask<QueuedDatagram> pending, Memory<byte> buffer)
    {
        QueuedDatagram datagram = await pending.ConfigureAwait(false);
        GC.KeepAlive(this);
        return FinishFrom(datagram, buffer.Span);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<UdpReceiveResult> FinishArrayAsync(ValueTask<QueuedDatagram> pending)
    {
        QueuedDatagram datagram = await pending.ConfigureAwait(false);
        GC.KeepAlive(this);
        return FinishArray(datagram);
    }

    private void Take(ref DirectReceive direct)
    {
        SocketError error = _endpoint.Receive(ref direct, LimitOf(_endpoint.Settings.ReceiveTimeout));
        GC.KeepAlive(this);
        Throw(error);
    }

    private void RequireReceivable(EndPoint remoteEP, string parameter)
    {
        ArgumentNullException.ThrowIfNull(remoteEP, parameter);
        if (remoteEP is DnsEndPoint || remoteEP.AddressFamily != AddressFamily)
            throw new ArgumentException($"An endpoint of the family {AddressFamily} is needed, not {remoteEP}.", parameter);
        if (!IsBound)
            throw new InvalidOperationException("The socket must be bound before it can receive: call Bind, or send something first.");
    }
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Receiving.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Receives a datagram. One that is longer than the buffer is cut, without an error, as on Linux.</summary>
    /// <returns>The number of bytes written to the buffer.</returns>
    /// <exception cref="SocketException">
    /// <see cref="SocketError.TimedOut"/> after <see cref="ReceiveTimeout"/>, <see cref="SocketError.WouldBlock"/> on a
    /// non-blocking socket, <see cref="SocketError.Interrupted"/> when the socket is closed meanwhile.
    /// </exception>
    public int Receive(Span<byte> buffer)
    {
        ThrowIfDisposed();
        QueuedDatagram datagram = Take();
        return CopyAndReturn(datagram, buffer);
    }

    /// <summary>Receives a datagram and tells who sent it.</summary>
    /// <param name="buffer">Where the payload goes.</param>
    /// <param name="remoteEP">An IPv4 endpoint, which is not looked at otherwise; replaced by the sender's.</param>
    /// <inheritdoc cref="Receive(Span{byte})"/>
    public int ReceiveFrom(Span<byte> buffer, ref EndPoint remoteEP)
    {
        ThrowIfDisposed();
        RequireReceivable(remoteEP, nameof(remoteEP));
        QueuedDatagram datagram = Take();
        remoteEP = SenderOf(datagram);
        return CopyAndReturn(datagram, buffer);
    }

    /// <inheritdoc cref="Receive(Span{byte})"/>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        ThrowIfDisposed();
        ValueTask<QueuedDatagram> pending = _endpoint.Inbox.TakeAsync(cancellationToken);
        return pending.IsCompletedSuccessfully
            ? new ValueTask<int>(CopyAndReturn(pending.Result, buffer.Span))
            : FinishAsync(pending, buffer);
    }

    /// <inheritdoc cref="ReceiveFrom(Span{byte}, ref EndPoint)"/>
    public ValueTask<SocketReceiveFromResult> ReceiveFromAsync(
        Memory<byte> buffer, EndPoint remoteEndPoint, CancellationToken cancellationToken = default)
    {
        RequireReceivable(remoteEndPoint, nameof(remoteEndPoint));
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<SocketReceiveFromResult>(cancellationToken);
        ThrowIfDisposed();
        ValueTask<QueuedDatagram> pending = _endpoint.Inbox.TakeAsync(cancellationToken);
        return pending.IsCompletedSuccessfully
            ? new ValueTask<SocketReceiveFromResult>(FinishFrom(pending.Result, buffer.Span))
            : FinishFromAsync(pending, buffer);
    }

    /// <summary>Receives a datagram into an array of its exact length.</summary>
    internal byte[] ReceiveArray(out IPEndPoint sender)
    {
        ThrowIfDisposed();
        QueuedDatagram datagram = Take();
        sender = SenderOf(datagram);
        return ToArrayAndReturn(datagram);
    }

    /// <inheritdoc cref="ReceiveArray"/>
    internal ValueTask<UdpReceiveResult> ReceiveArrayAsync(CancellationToken cancellationToken)
    {
        ValueTask<QueuedDatagram> pending = _endpoint.Inbox.TakeAsync(cancellationToken);
        return pending.IsCompletedSuccessfully
            ? new ValueTask<UdpReceiveResult>(FinishArray(pending.Result))
            : FinishArrayAsync(pending);
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

    private QueuedDatagram Take()
    {
        int limit = LimitOf(_receiveTimeout);
        if (limit == 0)
            return _endpoint.Inbox.TryTake(out QueuedDatagram waiting) ? waiting : throw new SocketException((int)SocketError.WouldBlock);
        SocketError error = _endpoint.Inbox.Take(limit, out QueuedDatagram datagram);
        GC.KeepAlive(this);
        Throw(error);
        return datagram;
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

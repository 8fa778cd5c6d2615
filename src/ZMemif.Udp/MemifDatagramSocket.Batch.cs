using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Several datagrams with one call, as recvmmsg(2) and sendmmsg(2); nothing is allocated.</content>
public partial class MemifDatagramSocket
{
    /// <summary>
    /// Receives as many datagrams as there are and the batch has room for, straight off the ring where they lie there; waits for the
    /// first as <see cref="Receive(Span{byte})"/> does.
    /// </summary>
    /// <param name="datagrams">Each with a buffer; those that were received are the first ones.</param>
    /// <returns>How many, at least one; 0 when the batch is empty, or receiving was ended by <c>Shutdown</c>.</returns>
    /// <inheritdoc cref="Receive(Span{byte})" path="/exception"/>
    public int ReceiveBatch(Span<MemifDatagram> datagrams)
    {
        ThrowIfDisposed();
        if (datagrams.IsEmpty)
            return 0;
        DirectReceive direct = DirectReceive.IntoBatch(_endpoint, datagrams);
        SocketError error = _endpoint.ReceiveBatch(ref direct, LimitOf(_endpoint.Settings.ReceiveTimeout));
        GC.KeepAlive(this);
        return error == SocketError.Success ? CountOf(datagrams, direct.Count) : throw Failure(error);
    }

    /// <summary>Receives as many datagrams as there are and the batch has room for; pends while there is none.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing was received.</exception>
    /// <inheritdoc cref="ReceiveBatch"/>
    public ValueTask<int> ReceiveBatchAsync(Memory<MemifDatagram> datagrams, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        ThrowIfDisposed();
        if (datagrams.IsEmpty)
            return new ValueTask<int>(0);
        return TryReceiveBatch(datagrams.Span, out int count) ? new ValueTask<int>(count) : PendForBatchAsync(datagrams, cancellationToken);
    }

    /// <summary>
    /// Sends several datagrams, those that follow each other to known stations with one publication on the ring and at most one
    /// wake-up. A blocking socket waits for room for all, at most <see cref="SendTimeout"/>; another sends what there is room for.
    /// </summary>
    /// <param name="datagrams">Each with a buffer and a length; without an endpoint it goes to the socket's peer.</param>
    /// <returns>How many were sent, from the first on; fewer when one of them could not be, which the next call will tell about.</returns>
    /// <exception cref="SocketException">Not even the first could be sent.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is not within its buffer's; what stands before it was sent.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int SendBatch(ReadOnlySpan<MemifDatagram> datagrams)
    {
        ThrowIfDisposed();
        int limit = LimitOf(_endpoint.Settings.SendTimeout);
        int sent = _endpoint.SendBatch(datagrams, limit, out SocketError error);
        GC.KeepAlive(this);
        if (error == SocketError.Success || sent > 0)
            return sent;
        throw Failure(error);
    }

    /// <summary>Sends several datagrams; pends while there is no room for the first that is left.</summary>
    /// <exception cref="OperationCanceledException">The token was canceled before the first was sent.</exception>
    /// <inheritdoc cref="SendBatch"/>
    public ValueTask<int> SendBatchAsync(ReadOnlyMemory<MemifDatagram> datagrams, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        ThrowIfDisposed();
        int sent = _endpoint.SendBatch(datagrams.Span, milliseconds: 0, out SocketError error);
        if (sent == datagrams.Length)
            return new ValueTask<int>(sent);
        if (error != SocketError.WouldBlock)
            return sent > 0 ? new ValueTask<int>(sent) : ValueTask.FromException<int>(Failure(error));
        return FinishBatchAsync(datagrams, sent, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> PendForBatchAsync(Memory<MemifDatagram> datagrams, CancellationToken cancellationToken)
    {
        var target = new ReceiveTarget(this, default, SocketFlags.None, Address: null);
        while (true)
        {
            SocketError failure = _endpoint.Inbox.TakeFailure();
            if (failure != SocketError.Success)
                throw Failure(failure);
            if (TryReceiveBatch(datagrams.Span, out int count))
                return count;
            await _endpoint.Inbox.WatchAsync(target, cancellationToken).ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FinishBatchAsync(ReadOnlyMemory<MemifDatagram> datagrams, int sent, CancellationToken cancellationToken)
    {
        while (sent < datagrams.Length)
        {
            MemifDatagram next = datagrams.Span[sent];
            try
            {
                await SendAsync(_endpoint.PeerFor(next), next.Payload, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (sent > 0 && e is SocketException or OperationCanceledException)
            {
                return sent; // The next call will tell.
            }

            sent += 1 + _endpoint.SendBatch(datagrams.Span[(sent + 1)..], milliseconds: 0, out SocketError error);
            if (error is not (SocketError.Success or SocketError.WouldBlock))
                break;
        }

        return sent;
    }

    private bool TryReceiveBatch(Span<MemifDatagram> datagrams, out int count)
    {
        DirectReceive direct = DirectReceive.IntoBatch(_endpoint, datagrams);
        bool isThere = !_endpoint.Inbox.HasFailure && _endpoint.TryReceiveBatch(ref direct);
        count = direct.Count;
        return isThere || _endpoint.Inbox.IsEnded;
    }

    // The end of receiving looks like a datagram from nowhere.
    private int CountOf(ReadOnlySpan<MemifDatagram> datagrams, int count) =>
        _endpoint.Inbox.IsEnded && count == 1 && datagrams[0].RemoteEndPoint == default ? 0 : count;
}

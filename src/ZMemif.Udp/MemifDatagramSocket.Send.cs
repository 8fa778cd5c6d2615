using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Sending.</content>
public partial class MemifDatagramSocket
{
    private static readonly TimeSpan s_retryInterval = TimeSpan.FromMilliseconds(1);

    // Asynchronous sends that wait for room: the first of them looks for it, the others wait for their turn.
    private readonly SemaphoreSlim _sendTurn = new(1, 1);
    private int _waitingSends;
    private long _roomSeen;

    /// <summary>Sends a datagram to the peer.</summary>
    /// <returns>The number of bytes, which is the whole payload.</returns>
    /// <exception cref="SocketException">There is no peer (<see cref="SocketError.DestinationAddressRequired"/>), or the datagram could not be sent.</exception>
    public int Send(ReadOnlySpan<byte> buffer)
    {
        ThrowIfDisposed();
        return Send(RequirePeer(), buffer);
    }

    /// <summary>Sends a datagram to a destination.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public int SendTo(ReadOnlySpan<byte> buffer, EndPoint remoteEP)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(remoteEP);
        SocketError error = TryReadPeer(remoteEP, nameof(remoteEP), out UdpPeer to);
        return error == SocketError.Success ? Send(to, buffer) : throw Failure(error);
    }

    /// <summary>Sends a datagram to the peer; pends while the ring is full.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        ThrowIfDisposed();
        return _endpoint.Peer is { } peer
            ? SendAsync(peer, buffer, cancellationToken)
            : ValueTask.FromException<int>(new SocketException((int)SocketError.DestinationAddressRequired));
    }

    /// <summary>Sends a datagram to a destination; pends while the ring is full.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> buffer, EndPoint remoteEP, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(remoteEP);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        ThrowIfDisposed();
        SocketError error = TryReadPeer(remoteEP, nameof(remoteEP), out UdpPeer to);
        return error == SocketError.Success
            ? SendAsync(to, buffer, cancellationToken)
            : ValueTask.FromException<int>(Failure(error));
    }

    private UdpPeer RequirePeer() =>
        _endpoint.Peer ?? throw new SocketException((int)SocketError.DestinationAddressRequired);

    private int Send(UdpPeer to, ReadOnlySpan<byte> buffer)
    {
        SocketError error = Refusal(to);
        if (error == SocketError.Success)
            error = _endpoint.Send(to, buffer, LimitOf(_sendTimeout));
        return error == SocketError.Success ? buffer.Length : throw Failure(error);
    }

    private ValueTask<int> SendAsync(UdpPeer to, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        SocketError error = Refusal(to);
        if (error == SocketError.Success)
            error = Volatile.Read(ref _waitingSends) == 0 ? _endpoint.TrySend(to, buffer.Span) : SocketError.WouldBlock;
        return error switch
        {
            SocketError.Success => new ValueTask<int>(buffer.Length),
            SocketError.WouldBlock => SendInTurnAsync(to, buffer, cancellationToken),
            _ => ValueTask.FromException<int>(Failure(error)),
        };
    }

    private async ValueTask<int> SendInTurnAsync(UdpPeer to, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        SocketError error;
        Interlocked.Increment(ref _waitingSends);
        try
        {
            await _sendTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                error = await SendWhenThereIsRoomAsync(to, buffer, began, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _sendTurn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waitingSends);
        }

        return error == SocketError.Success ? buffer.Length : throw Failure(error);
    }

    // memif has no event for returned buffers, so a full ring is looked at again and again. It stands still when there
    // was no room for anybody since this send began.
    private async Task<SocketError> SendWhenThereIsRoomAsync(
        UdpPeer to, ReadOnlyMemory<byte> buffer, long began, CancellationToken cancellationToken)
    {
        SocketError error;
        while ((error = IsDisposed ? SocketError.OperationAborted : _endpoint.TrySend(to, buffer.Span)) == SocketError.WouldBlock)
        {
            if (Stopwatch.GetElapsedTime(Math.Max(began, _roomSeen)) >= _endpoint.Stall)
                return SocketError.NetworkDown;
            await Task.Delay(s_retryInterval, CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        _roomSeen = Stopwatch.GetTimestamp();
        return error;
    }

    private SocketError Refusal(UdpPeer to)
    {
        if (to.Port == 0)
            return SocketError.InvalidArgument;
        return !EnableBroadcast && _endpoint.IsBroadcast(to.Address) ? SocketError.AccessDenied : SocketError.Success;
    }
}

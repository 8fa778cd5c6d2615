using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Sending.</content>
public partial class MemifDatagramSocket
{
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
            error = _endpoint.Send(to, buffer, LimitOf(_endpoint.Settings.SendTimeout));
        return error == SocketError.Success ? buffer.Length : throw Failure(error);
    }

    private ValueTask<int> SendAsync(UdpPeer to, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        SocketError refusal = Refusal(to);
        if (refusal != SocketError.Success)
            return ValueTask.FromException<int>(Failure(refusal));
        ValueTask<SocketError> sending = _endpoint.SendAsync(to, buffer, cancellationToken);
        return sending is { IsCompletedSuccessfully: true, Result: SocketError.Success }
            ? new ValueTask<int>(buffer.Length)
            : FinishAsync(sending, buffer.Length);
    }

    private async ValueTask<int> FinishAsync(ValueTask<SocketError> sending, int length)
    {
        SocketError error = await sending.ConfigureAwait(false);
        GC.KeepAlive(this);
        return error == SocketError.Success ? length : throw Failure(error);
    }

    private SocketError Refusal(UdpPeer to)
    {
        if (to.Port == 0)
            return SocketError.InvalidArgument;
        return !_endpoint.Settings.AllowsBroadcast && _endpoint.IsBroadcast(to.Address) ? SocketError.AccessDenied : SocketError.Success;
    }
}

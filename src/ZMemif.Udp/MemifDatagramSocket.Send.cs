using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Sending.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Sends a datagram to the peer. A full ring is waited for, unless the socket does not block.</summary>
    /// <returns>The number of bytes, which is the whole payload.</returns>
    /// <exception cref="SocketException">
    /// There is no peer (<see cref="SocketError.DestinationAddressRequired"/>), or the datagram could not be sent; or what others on the
    /// way said of one that was sent before.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public int Send(ReadOnlySpan<byte> buffer) => Send(buffer, SocketFlags.None);

    /// <summary>Sends a datagram to the peer.</summary>
    /// <param name="buffer">The payload.</param>
    /// <param name="socketFlags">With <see cref="SocketFlags.DontRoute"/> only hosts on the link are reached.</param>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public int Send(ReadOnlySpan<byte> buffer, SocketFlags socketFlags)
    {
        int count = Send(buffer, socketFlags, out SocketError error);
        return error == SocketError.Success ? count : throw new SocketException((int)error);
    }

    /// <summary>Sends a datagram to the peer, and says what went wrong without an exception.</summary>
    /// <returns>The number of bytes; 0 when something went wrong.</returns>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, SocketFlags)"/>
    public int Send(ReadOnlySpan<byte> buffer, SocketFlags socketFlags, out SocketError errorCode)
    {
        ThrowIfDisposed();
        errorCode = Send(Peer, buffer, socketFlags);
        if (errorCode == SocketError.Success)
            return buffer.Length;
        NoteFailure(errorCode);
        return 0;
    }

    /// <summary>Sends a datagram to a destination.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public int SendTo(ReadOnlySpan<byte> buffer, EndPoint remoteEP) => SendTo(buffer, SocketFlags.None, remoteEP);

    /// <summary>Sends a datagram to a destination.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, SocketFlags)"/>
    public int SendTo(ReadOnlySpan<byte> buffer, SocketFlags socketFlags, EndPoint remoteEP)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(remoteEP);
        SocketError error = TryReadPeer(remoteEP, nameof(remoteEP), out UdpPeer to);
        return SendTo(buffer, socketFlags, to, error);
    }

    /// <summary>Sends a datagram to a destination, given as it lies in memory.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, SocketFlags)"/>
    public int SendTo(ReadOnlySpan<byte> buffer, SocketFlags socketFlags, SocketAddress socketAddress)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(socketAddress);
        SocketError error = SocketAddresses.TryRead(socketAddress, out UdpPeer to);
        return SendTo(buffer, socketFlags, to, error);
    }

    /// <summary>Sends a datagram to the peer; pends while the ring is full.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        SendAsync(buffer, SocketFlags.None, cancellationToken);

    /// <summary>Sends a datagram to the peer; pends while the ring is full.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte}, SocketFlags)"/>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing is sent.</exception>
    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer, SocketFlags socketFlags, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        ThrowIfDisposed();
        return SendAsync(Peer, buffer, socketFlags, cancellationToken);
    }

    /// <summary>Sends a datagram to a destination; pends while the ring is full.</summary>
    /// <inheritdoc cref="Send(ReadOnlySpan{byte})"/>
    public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> buffer, EndPoint remoteEP, CancellationToken cancellationToken = default) =>
        SendToAsync(buffer, SocketFlags.None, remoteEP, cancellationToken);

    /// <summary>Sends a datagram to a destination; pends while the ring is full.</summary>
    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, SocketFlags, CancellationToken)"/>
    public ValueTask<int> SendToAsync(
        ReadOnlyMemory<byte> buffer, SocketFlags socketFlags, EndPoint remoteEP, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(remoteEP);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        ThrowIfDisposed();
        SocketError error = TryReadPeer(remoteEP, nameof(remoteEP), out UdpPeer to);
        return error == SocketError.Success
            ? SendAsync(to, buffer, socketFlags, cancellationToken)
            : ValueTask.FromException<int>(Failure(error));
    }

    /// <summary>Sends a datagram to a destination, given as it lies in memory; pends while the ring is full.</summary>
    /// <inheritdoc cref="SendAsync(ReadOnlyMemory{byte}, SocketFlags, CancellationToken)"/>
    public ValueTask<int> SendToAsync(
        ReadOnlyMemory<byte> buffer, SocketFlags socketFlags, SocketAddress socketAddress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(socketAddress);
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        ThrowIfDisposed();
        SocketError error = SocketAddresses.TryRead(socketAddress, out UdpPeer to);
        return error == SocketError.Success
            ? SendAsync(to, buffer, socketFlags, cancellationToken)
            : ValueTask.FromException<int>(Failure(error));
    }

    private int SendTo(ReadOnlySpan<byte> buffer, SocketFlags socketFlags, UdpPeer to, SocketError addressError)
    {
        SocketError error = addressError == SocketError.Success ? Send(to, buffer, socketFlags) : addressError;
        return error == SocketError.Success ? buffer.Length : throw Failure(error);
    }
}

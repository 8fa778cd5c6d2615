using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>Ending a connection, or one direction of it.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Ends sending, receiving or both; what is there can be received still. A receive that is pending asynchronously stays so, as on Linux.</summary>
    /// <exception cref="SocketException">
    /// <see cref="SocketError.NotConnected"/>: there has never been a peer; <see cref="SocketError.InvalidArgument"/>: that is no direction.
    /// </exception>
    public void Shutdown(SocketShutdown how)
    {
        ThrowIfDisposed();
        if (how is < SocketShutdown.Receive or > SocketShutdown.Both)
            throw Failure(SocketError.InvalidArgument);
        SocketError error = _endpoint.Shutdown(how);
        if (error != SocketError.Success && !_isDisconnected)
            throw Failure(error);
        EndConnection();
    }

    /// <summary>Ends the connection. Only <see cref="ConnectAsync(System.Net.EndPoint)"/> connects again.</summary>
    /// <param name="reuseSocket">
    /// True: the socket is as new but for its options. Its port is given back, who waits is told that it is over, and what nobody has
    /// received is dropped. False: nothing more is sent or received, as after <see cref="Shutdown"/> of both.
    /// </param>
    /// <exception cref="SocketException"><see cref="SocketError.NotConnected"/>: there has never been a peer.</exception>
    public void Disconnect(bool reuseSocket)
    {
        ThrowIfDisposed();
        if (!reuseSocket)
        {
            Shutdown(SocketShutdown.Both);
            return;
        }

        if (Peer is null && !_isDisconnected)
            throw Failure(SocketError.NotConnected);
        _hasLostItsPort = true;
        _endpoint.Disconnect();
        EndConnection();
    }

    /// <inheritdoc cref="Disconnect"/>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public ValueTask DisconnectAsync(bool reuseSocket, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        Disconnect(reuseSocket);
        return ValueTask.CompletedTask;
    }

    private void EndConnection()
    {
        _connected = false;
        _isDisconnected = true;
    }
}

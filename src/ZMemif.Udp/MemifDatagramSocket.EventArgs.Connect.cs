using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>Connecting and its end by <see cref="MemifSocketAsyncEventArgs"/>.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Sets the peer. Pends only while a name is resolved.</summary>
    /// <param name="e">Names the peer, and tells how it went.</param>
    /// <returns>False when it is over already; then <see cref="MemifSocketAsyncEventArgs.Completed"/> is not raised.</returns>
    /// <exception cref="ArgumentException">There is no peer named, or there is a list of buffers.</exception>
    /// <exception cref="NotSupportedException">The peer is not of IPv4.</exception>
    /// <exception cref="InvalidOperationException">The object is used for another operation.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed, or the object is disposed.</exception>
    public bool ConnectAsync(MemifSocketAsyncEventArgs e)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(e);
        if (e.BufferList is not null)
#pragma warning disable CA2208 // The name that the framework gives.
            throw new ArgumentException("Nothing is sent by connecting.", nameof(e.BufferList));
#pragma warning restore CA2208
        EndPoint? remoteEP = e.RemoteEndPoint;
        ArgumentNullException.ThrowIfNull(remoteEP);
        return Connect(e, remoteEP, isMade: false);
    }

    /// <summary>Makes a socket on <see cref="MemifInterface.Default"/> and sets its peer: <see cref="MemifSocketAsyncEventArgs.ConnectSocket"/>.</summary>
    /// <param name="socketType">As of the constructor.</param>
    /// <param name="protocolType">As of the constructor.</param>
    /// <param name="e">Names the peer, and tells how it went.</param>
    /// <inheritdoc cref="ConnectAsync(MemifSocketAsyncEventArgs)"/>
    public static bool ConnectAsync(SocketType socketType, ProtocolType protocolType, MemifSocketAsyncEventArgs e)
    {
        ArgumentNullException.ThrowIfNull(e);
        if (e.BufferList is not null)
            throw new ArgumentException("Nothing is sent by connecting.", nameof(e));
        EndPoint remoteEP = e.RemoteEndPoint ?? throw MissingRemote(nameof(e));
        AddressFamily family = remoteEP is DnsEndPoint { AddressFamily: AddressFamily.Unspecified } ? AddressFamily.InterNetwork : remoteEP.AddressFamily;
        var made = new MemifDatagramSocket(family, socketType, protocolType);
        try
        {
            return made.Connect(e, remoteEP, isMade: true);
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>Ends the wait for a name to be resolved, and the socket with it. Otherwise nothing happens.</summary>
    public static void CancelConnectAsync(MemifSocketAsyncEventArgs e)
    {
        ArgumentNullException.ThrowIfNull(e);
        e.CancelConnect();
    }

    /// <summary>Dissolves the connection.</summary>
    /// <param name="e">Says whether the socket is to be used again, and tells how it went.</param>
    /// <returns>False: it is over already.</returns>
    /// <exception cref="SocketException">The socket has no peer.</exception>
    /// <inheritdoc cref="ReceiveAsync(MemifSocketAsyncEventArgs)"/>
    public bool DisconnectAsync(MemifSocketAsyncEventArgs e)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(e);
        e.Begin(this, SocketAsyncOperation.Disconnect);
        try
        {
            Disconnect(e.DisconnectReuseSocket);
        }
        catch
        {
            e.Release();
            throw;
        }

        e.Finish(SocketError.Success, 0, SocketFlags.None);
        return false;
    }

    /// <summary>A socket of datagrams does not listen.</summary>
    /// <returns>Nothing: it always throws.</returns>
    /// <exception cref="InvalidOperationException">Always, if nothing else is wrong.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public bool AcceptAsync(MemifSocketAsyncEventArgs e)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(e);
        throw e.BufferList is not null
            ? new ArgumentException("Nothing is received by accepting.", nameof(e))
            : NotListening();
    }

    private bool Connect(MemifSocketAsyncEventArgs e, EndPoint remoteEP, bool isMade)
    {
        if (remoteEP is DnsEndPoint host)
        {
            RequireOwnFamily(host);
            return e.Await(ResolveAndConnectAsync(e, host, isMade, e.BeginConnect(this)));
        }

        RequireOwnFamily(remoteEP.AddressFamily);
        e.Begin(this, SocketAsyncOperation.Connect);
        try
        {
            SocketError error = TryConnect(remoteEP);
            e.NoteConnect(error == SocketError.Success ? this : null, byNameError: null);
            if (isMade && error != SocketError.Success)
                Dispose();
            e.Finish(error, 0, SocketFlags.None);
            return false;
        }
        catch
        {
            e.Release();
            throw;
        }
    }

    private async ValueTask<SocketError> ResolveAndConnectAsync(
        MemifSocketAsyncEventArgs e, DnsEndPoint host, bool isMade, CancellationToken cancellationToken)
    {
        try
        {
            await ConnectToHostAsync(host, cancellationToken).ConfigureAwait(false);
            e.NoteConnect(this, byNameError: null);
            return SocketError.Success;
        }
#pragma warning disable CA1031 // Whatever it is, the caller finds it in ConnectByNameError.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            e.NoteConnect(null, failure);
            if (isMade || failure is OperationCanceledException)
                Dispose();
            return failure switch
            {
                SocketException socketFailure => socketFailure.SocketErrorCode,
                OperationCanceledException or ObjectDisposedException => SocketError.OperationAborted,
                _ => SocketError.SocketError,
            };
        }
    }
}

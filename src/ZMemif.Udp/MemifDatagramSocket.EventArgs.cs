using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Receiving and sending by <see cref="MemifSocketAsyncEventArgs"/>.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Receives a datagram.</summary>
    /// <param name="e">Where its payload goes, and how it went. Without a buffer a datagram is waited for, and stays.</param>
    /// <returns>False when it is over already; then <see cref="MemifSocketAsyncEventArgs.Completed"/> is not raised.</returns>
    /// <exception cref="InvalidOperationException">The object is used for another operation.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed, or the object is disposed.</exception>
    public bool ReceiveAsync(MemifSocketAsyncEventArgs e)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(e);
        return Receive(e, SocketAsyncOperation.Receive);
    }

    /// <summary>Receives a datagram, and tells who sent it. Unlike others like it, it waits on a socket that is not bound yet.</summary>
    /// <exception cref="ArgumentException"><see cref="MemifSocketAsyncEventArgs.RemoteEndPoint"/> is null, or not of IPv4.</exception>
    /// <inheritdoc cref="ReceiveAsync(MemifSocketAsyncEventArgs)"/>
    public bool ReceiveFromAsync(MemifSocketAsyncEventArgs e)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(e);
        RequireSenderPlace(e);
        return Receive(e, SocketAsyncOperation.ReceiveFrom);
    }

    /// <summary>Receives a datagram, and tells who sent it, and to which address.</summary>
    /// <inheritdoc cref="ReceiveFromAsync(MemifSocketAsyncEventArgs)"/>
    public bool ReceiveMessageFromAsync(MemifSocketAsyncEventArgs e)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(e);
        RequireSenderPlace(e);
        _endpoint.Inbox.NotesInterface = true;
        return Receive(e, SocketAsyncOperation.ReceiveMessageFrom);
    }

    /// <summary>Sends a datagram to the peer; pends while the ring is full.</summary>
    /// <param name="e">Holds its payload, and tells how it went.</param>
    /// <inheritdoc cref="ReceiveAsync(MemifSocketAsyncEventArgs)"/>
    public bool SendAsync(MemifSocketAsyncEventArgs e)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(e);
        return Send(e, SocketAsyncOperation.Send, Peer, SocketError.Success);
    }

    /// <summary>Sends a datagram to <see cref="MemifSocketAsyncEventArgs.RemoteEndPoint"/>; pends while the ring is full.</summary>
    /// <param name="e">Holds its payload and its destination, and tells how it went.</param>
    /// <exception cref="ArgumentException">There is no destination, or it is a name.</exception>
    /// <inheritdoc cref="ReceiveAsync(MemifSocketAsyncEventArgs)"/>
    public bool SendToAsync(MemifSocketAsyncEventArgs e)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(e);
        EndPoint remoteEP = e.RemoteEndPoint ?? throw MissingRemote(nameof(e));
        SocketError addressError = TryReadPeer(remoteEP, nameof(remoteEP), out UdpPeer to);
        return Send(e, SocketAsyncOperation.SendTo, to, addressError);
    }

    private bool Receive(MemifSocketAsyncEventArgs e, SocketAsyncOperation operation)
    {
        e.Begin(this, operation);
        try
        {
            return e.Receive(_endpoint);
        }
        catch
        {
            // The caller's memory may refuse itself.
            e.Release();
            throw;
        }
        finally
        {
            GC.KeepAlive(this);
        }
    }

    private bool Send(MemifSocketAsyncEventArgs e, SocketAsyncOperation operation, UdpPeer? to, SocketError addressError)
    {
        e.Begin(this, operation);
        try
        {
            return e.Await(SendAsync(e, to, addressError));
        }
        catch
        {
            e.Release();
            throw;
        }
        finally
        {
            GC.KeepAlive(this);
        }
    }

    private ValueTask<SocketError> SendAsync(MemifSocketAsyncEventArgs e, UdpPeer? to, SocketError addressError)
    {
        SocketError error = addressError == SocketError.Success ? Refusal(to, e.SocketFlags) : addressError;
        ReadOnlyMemory<byte> payload = default;
        if (error == SocketError.Success)
            error = e.GetPayload(out payload);
        return error == SocketError.Success
            ? _endpoint.SendAsync(to!.Value, payload, OptionsFor(e.SocketFlags), CancellationToken.None)
            : new ValueTask<SocketError>(error);
    }

    private void RequireSenderPlace(MemifSocketAsyncEventArgs e)
    {
        if (e.RemoteEndPoint is not { } remoteEP)
            throw MissingRemote(nameof(e));
        if (remoteEP is DnsEndPoint || remoteEP.AddressFamily != AddressFamily)
            throw new ArgumentException($"An endpoint of the family {AddressFamily} is needed, not {remoteEP}.", nameof(e));
    }

    private static ArgumentException MissingRemote(string parameter) => new("The RemoteEndPoint must be set.", parameter);
}

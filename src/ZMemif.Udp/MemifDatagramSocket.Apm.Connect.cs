using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

#pragma warning disable CA1822 // End… are members of an instance by contract.

/// <content>Connecting and its end, by Begin and End.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Begins to set the peer; pends only while a name is resolved.</summary>
    /// <exception cref="NotSupportedException">The endpoint is not of IPv4.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public IAsyncResult BeginConnect(EndPoint remoteEP, AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(remoteEP);
        var name = remoteEP as DnsEndPoint;
        if (remoteEP.AddressFamily != AddressFamily && (name is null || name.AddressFamily != AddressFamily.Unspecified))
            throw NotOfTheFamily();
        Task connect = name is null ? ConnectAtOnce(remoteEP) : ConnectToHostAsync(name.Host, name.Port, CancellationToken.None);
        return TaskToAsyncResult.Begin(connect, callback, state);
    }

    /// <summary>Begins to set the peer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The port is not 0 to 65535.</exception>
    /// <inheritdoc cref="BeginConnect(EndPoint, AsyncCallback?, object?)"/>
    public IAsyncResult BeginConnect(IPAddress address, int port, AsyncCallback? requestCallback, object? state)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(address);
        RequirePort(port);
        return BeginConnect(new IPEndPoint(address, port), requestCallback, state);
    }

    /// <summary>Begins to set the peer to the first of several addresses that can be one.</summary>
    /// <exception cref="ArgumentException">There are no addresses.</exception>
    /// <inheritdoc cref="BeginConnect(IPAddress, int, AsyncCallback?, object?)"/>
    public IAsyncResult BeginConnect(IPAddress[] addresses, int port, AsyncCallback? requestCallback, object? state)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(addresses);
        if (addresses.Length == 0)
            throw new ArgumentException("There must be an address.", nameof(addresses));
        RequirePort(port);
        return TaskToAsyncResult.Begin(ConnectToOneAsync(addresses, port), requestCallback, state);
    }

    /// <summary>Begins to set the peer to a host, whose name is resolved.</summary>
    /// <inheritdoc cref="BeginConnect(IPAddress, int, AsyncCallback?, object?)"/>
    public IAsyncResult BeginConnect(string host, int port, AsyncCallback? requestCallback, object? state)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(host);
        RequirePort(port);
        return TaskToAsyncResult.Begin(ConnectToHostAsync(host, port, CancellationToken.None), requestCallback, state);
    }

    /// <summary>Waits for the end of a connect.</summary>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    /// <exception cref="SocketException">It has failed.</exception>
    public void EndConnect(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>Dissolves the connection.</summary>
    /// <exception cref="SocketException">The socket has no peer.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public IAsyncResult BeginDisconnect(bool reuseSocket, AsyncCallback? callback, object? state)
    {
        ThrowIfDisposed();
        SocketError error = DissolveConnection(reuseSocket);
        return error == SocketError.Success ? TaskToAsyncResult.Begin(Task.CompletedTask, callback, state) : throw Failure(error);
    }

    /// <summary>Waits for the end of a disconnect.</summary>
    /// <exception cref="ArgumentException">The result is of something else.</exception>
    public void EndDisconnect(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    private Task ConnectAtOnce(EndPoint remoteEP)
    {
        SocketError error = TryConnect(remoteEP);
        return error == SocketError.Success ? Task.CompletedTask : Task.FromException(Failure(error));
    }

    private async Task ConnectToHostAsync(string host, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? address)
            ? [address]
            : await Dns.GetHostAddressesAsync(host, AddressFamily, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        await ConnectToOneAsync(addresses, port).ConfigureAwait(false);
    }

    // Tries them in turn; the last failure is the answer.
    private async Task ConnectToOneAsync(IPAddress[] addresses, int port)
    {
        SocketError error = SocketError.AddressFamilyNotSupported;
        foreach (IPAddress address in addresses)
        {
            ArgumentNullException.ThrowIfNull(address);
            if (address.AddressFamily != AddressFamily)
                continue;
            error = TryConnect(new IPEndPoint(address, port));
            if (error == SocketError.Success)
                return;
        }

        throw error == SocketError.AddressFamilyNotSupported ? NotOfTheFamily() : Failure(error);
    }

    private NotSupportedException NotOfTheFamily() => new($"The socket is of the family {AddressFamily}.");
}

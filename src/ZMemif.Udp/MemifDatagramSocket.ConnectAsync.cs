using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>Choosing a peer asynchronously: only the name of a host has to be waited for.</content>
public partial class MemifDatagramSocket
{
    /// <inheritdoc cref="ConnectAsync(EndPoint, CancellationToken)"/>
    public Task ConnectAsync(EndPoint remoteEP) => ConnectAsync(remoteEP, CancellationToken.None).AsTask();

    /// <summary>Sets the peer; also after <see cref="Disconnect"/>. A <see cref="DnsEndPoint"/> is resolved without blocking.</summary>
    /// <exception cref="NotSupportedException">The endpoint is not of IPv4.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    /// <inheritdoc cref="Connect(EndPoint)"/>
    public ValueTask ConnectAsync(EndPoint remoteEP, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(remoteEP);
        if (remoteEP is DnsEndPoint host)
        {
            RequireOwnFamily(host);
            return ConnectToHostAsync(host, cancellationToken);
        }

        RequireOwnFamily(remoteEP.AddressFamily);
        SocketError error = TryConnect(remoteEP);
        return error == SocketError.Success ? ValueTask.CompletedTask : ValueTask.FromException(Failure(error));
    }

    /// <inheritdoc cref="ConnectAsync(EndPoint, CancellationToken)"/>
    public Task ConnectAsync(IPAddress address, int port) => ConnectAsync(new IPEndPoint(address, port));

    /// <inheritdoc cref="ConnectAsync(EndPoint, CancellationToken)"/>
    public ValueTask ConnectAsync(IPAddress address, int port, CancellationToken cancellationToken) =>
        ConnectAsync(new IPEndPoint(address, port), cancellationToken);

    /// <inheritdoc cref="ConnectAsync(IPAddress[], int, CancellationToken)"/>
    public Task ConnectAsync(IPAddress[] addresses, int port) => ConnectAsync(addresses, port, CancellationToken.None).AsTask();

    /// <summary>Sets the peer to the first of these addresses that can be one; if none can, the last tells why.</summary>
    /// <inheritdoc cref="ConnectAsync(EndPoint, CancellationToken)"/>
    public ValueTask ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        RequireAddresses(addresses);
        RequirePort(port);
        return ConnectToAnyAsync(addresses, port, cancellationToken);
    }

    /// <inheritdoc cref="ConnectAsync(string, int, CancellationToken)"/>
    public Task ConnectAsync(string host, int port) => ConnectAsync(host, port, CancellationToken.None).AsTask();

    /// <summary>Sets the peer to a host, given by its address in text, or by its name, which is resolved without blocking.</summary>
    /// <inheritdoc cref="ConnectAsync(EndPoint, CancellationToken)"/>
    public ValueTask ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        EndPoint remoteEP = IPAddress.TryParse(host, out IPAddress? address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
        return ConnectAsync(remoteEP, cancellationToken);
    }

    private async ValueTask ConnectToHostAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        // A resolver that has begun does not listen to the token.
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(host.Host, AddressFamily, cancellationToken)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        await ConnectToAnyAsync(addresses, host.Port, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ConnectToAnyAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        Exception failure = new SocketException((int)SocketError.HostNotFound);
        foreach (IPAddress address in addresses)
        {
            try
            {
                await ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is SocketException or NotSupportedException)
            {
                failure = e;
            }
        }

        throw failure;
    }
}

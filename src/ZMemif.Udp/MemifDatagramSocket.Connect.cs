using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>Choosing a peer.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Sets the peer: <see cref="Send(ReadOnlySpan{byte})"/> goes there, and only what comes from there is received.</summary>
    /// <param name="remoteEP">The peer; a <see cref="DnsEndPoint"/> is resolved.</param>
    /// <exception cref="SocketException">There is no route, or the address is a broadcast without <see cref="EnableBroadcast"/>.</exception>
    /// <exception cref="InvalidOperationException">After <see cref="Disconnect"/> or <see cref="Shutdown"/>.</exception>
    public void Connect(EndPoint remoteEP)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(remoteEP);
        if (_isDisconnected)
            throw new InvalidOperationException("After a disconnect only ConnectAsync can connect again.");
        if (remoteEP is DnsEndPoint host)
        {
            RequireOwnFamily(host);
            Connect(host.Host, host.Port);
            return;
        }

        SocketError error = TryConnect(remoteEP);
        if (error != SocketError.Success)
            throw new SocketException((int)error, $"{Failure(error).Message} {remoteEP}");
    }

    /// <summary>Sets the peer.</summary>
    /// <exception cref="NotSupportedException">The address is not of IPv4.</exception>
    /// <inheritdoc cref="Connect(EndPoint)"/>
    public void Connect(IPAddress address, int port)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(address);
        RequirePort(port);
        RequireOwnFamily(address.AddressFamily);
        Connect(new IPEndPoint(address, port));
    }

    /// <summary>Sets the peer to the first of these addresses that can be one; if none can, the last tells why.</summary>
    /// <exception cref="ArgumentException">There is no address of IPv4.</exception>
    /// <inheritdoc cref="Connect(EndPoint)"/>
    public void Connect(IPAddress[] addresses, int port)
    {
        ThrowIfDisposed();
        RequireAddresses(addresses);
        RequirePort(port);
        SocketException? failure = null;
        foreach (IPAddress address in addresses.Where(address => address.AddressFamily == AddressFamily))
        {
            try
            {
                Connect(new IPEndPoint(address, port));
                return;
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }

        throw failure ?? (Exception)new ArgumentException($"There is no address of the family {AddressFamily}.", nameof(addresses));
    }

    /// <summary>Sets the peer to a host, given by its name or by its address in text.</summary>
    /// <exception cref="NotSupportedException">It is an address that is not of IPv4.</exception>
    /// <exception cref="ArgumentException">The host has no address of IPv4.</exception>
    /// <inheritdoc cref="Connect(EndPoint)"/>
    public void Connect(string host, int port)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(host);
        RequirePort(port);
        if (IPAddress.TryParse(host, out IPAddress? address))
            Connect(address, port);
        else
            Connect(AddressesOf(host), port);
    }

    /// <summary>The addresses of a host. The empty name stands for this one, which is the interface.</summary>
    internal IPAddress[] AddressesOf(string host) => host.Length == 0 ? [_interface.Address] : Dns.GetHostAddresses(host);

    /// <inheritdoc cref="AddressesOf"/>
    internal Task<IPAddress[]> AddressesOfAsync(string host, CancellationToken cancellationToken) => host.Length == 0
        ? Task.FromResult<IPAddress[]>([_interface.Address])
        : Dns.GetHostAddressesAsync(host, cancellationToken);

    private SocketError TryConnect(EndPoint remoteEP)
    {
        SocketError error = TryReadPeer(remoteEP, nameof(remoteEP), out UdpPeer peer);
        if (error == SocketError.Success)
            error = MayConnect(peer) ? _endpoint.Connect(peer) : SocketError.AccessDenied;
        if (error != SocketError.Success)
            return error;
        _connected = true;
        _isDisconnected = false;
        return SocketError.Success;
    }

    // That there is no way is told first.
    private bool MayConnect(UdpPeer peer) =>
        _endpoint.Settings.AllowsBroadcast || !_endpoint.IsBroadcast(peer.Address) || !_endpoint.HasRoute(peer.Address);

    private static void RequireAddresses(IPAddress[] addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (addresses.Length == 0)
            throw new ArgumentException("There are no addresses.", nameof(addresses));
    }

    private static void RequirePort(int port)
    {
        if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
            throw new ArgumentOutOfRangeException(nameof(port));
    }

    private void RequireOwnFamily(DnsEndPoint host)
    {
        if (host.AddressFamily != AddressFamily.Unspecified)
            RequireOwnFamily(host.AddressFamily);
    }

    private void RequireOwnFamily(AddressFamily family)
    {
        if (family != AddressFamily)
            throw new NotSupportedException($"The socket is of the family {AddressFamily}, the address of {family}.");
    }
}

using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>Groups (RFC 1112 section 7.1). A socket may join 20, as on Linux.</content>
public partial class MemifUdpClient
{
    /// <summary>Joins a group: datagrams that are sent to it and to the client's port are received.</summary>
    /// <param name="multicastAddr">A group, in 224.0.0.0/4.</param>
    /// <exception cref="ArgumentException">The address is not of IPv4.</exception>
    /// <exception cref="SocketException">
    /// <see cref="SocketError.InvalidArgument"/>: it is no group; <see cref="SocketError.AddressAlreadyInUse"/>: the client has joined
    /// it; <see cref="SocketError.NoBufferSpaceAvailable"/>: it has joined as many as it may.
    /// </exception>
    public void JoinMulticastGroup(IPAddress multicastAddr)
    {
        ThrowIfDisposed();
        RequireGroup(multicastAddr);
        SetMembership(SocketOptionName.AddMembership, new MulticastOption(multicastAddr));
    }

    /// <summary>Joins a group, and sets how many routers the client's datagrams to groups may pass.</summary>
    /// <param name="multicastAddr">A group, in 224.0.0.0/4.</param>
    /// <param name="timeToLive">0 to 255; with 0 they stay in this host.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time to live is not 0 to 255.</exception>
    /// <inheritdoc cref="JoinMulticastGroup(IPAddress)"/>
    public void JoinMulticastGroup(IPAddress multicastAddr, int timeToLive)
    {
        ThrowIfDisposed();
        ArgumentNullException.ThrowIfNull(multicastAddr);
        if (timeToLive is < 0 or > byte.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(timeToLive));
        JoinMulticastGroup(multicastAddr);
        Client.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, timeToLive);
    }

    /// <summary>Joins a group on the interface that has an address.</summary>
    /// <param name="multicastAddr">A group, in 224.0.0.0/4.</param>
    /// <param name="localAddress">An address of the interface, or any.</param>
    /// <inheritdoc cref="JoinMulticastGroup(IPAddress)"/>
    public void JoinMulticastGroup(IPAddress multicastAddr, IPAddress localAddress)
    {
        ThrowIfDisposed();
        var membership = new MulticastOption(multicastAddr, localAddress);
        if (multicastAddr.AddressFamily != AddressFamily.InterNetwork)
            throw new SocketException((int)SocketError.OperationNotSupported);
        SetMembership(SocketOptionName.AddMembership, membership);
    }

    /// <summary>Of IPv6 only.</summary>
    /// <exception cref="SocketException">Always: <see cref="SocketError.OperationNotSupported"/>.</exception>
    public void JoinMulticastGroup(int ifindex, IPAddress multicastAddr)
    {
        ThrowIfDisposed();
        RefuseInterfaceIndex(multicastAddr, ifindex);
    }

    /// <summary>Leaves a group.</summary>
    /// <param name="multicastAddr">A group that was joined.</param>
    /// <exception cref="ArgumentException">The address is not of IPv4.</exception>
    /// <exception cref="SocketException"><see cref="SocketError.AddressNotAvailable"/>: it was not joined.</exception>
    public void DropMulticastGroup(IPAddress multicastAddr)
    {
        ThrowIfDisposed();
        RequireGroup(multicastAddr);
        SetMembership(SocketOptionName.DropMembership, new MulticastOption(multicastAddr));
    }

    /// <inheritdoc cref="JoinMulticastGroup(int, IPAddress)"/>
    public void DropMulticastGroup(IPAddress multicastAddr, int ifindex)
    {
        ThrowIfDisposed();
        RefuseInterfaceIndex(multicastAddr, ifindex);
    }

    private static void RefuseInterfaceIndex(IPAddress multicastAddr, int ifindex)
    {
        ArgumentNullException.ThrowIfNull(multicastAddr);
        ArgumentOutOfRangeException.ThrowIfNegative(ifindex);
        throw new SocketException((int)SocketError.OperationNotSupported);
    }

    private void RequireGroup(IPAddress multicastAddr)
    {
        ArgumentNullException.ThrowIfNull(multicastAddr);
        if (multicastAddr.AddressFamily != Client.AddressFamily)
            throw new ArgumentException($"The group has to be of the family {Client.AddressFamily}, as the client.", nameof(multicastAddr));
    }

    private void SetMembership(SocketOptionName name, MulticastOption membership) =>
        Client.SetSocketOption(SocketOptionLevel.IP, name, membership);
}

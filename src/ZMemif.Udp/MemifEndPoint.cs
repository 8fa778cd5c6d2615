using System.Net;
using System.Runtime.InteropServices;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp;

/// <summary>An IPv4 address and a port as a value: what <see cref="IPEndPoint"/> is, without an object for each datagram.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MemifEndPoint
{
    private readonly UdpPeer _peer;

    /// <param name="address">An IPv4 address.</param>
    /// <param name="port">0 to 65535.</param>
    /// <exception cref="ArgumentException">The address is not of IPv4.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port is not 0 to 65535.</exception>
    public MemifEndPoint(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        _peer = new UdpPeer(Ipv4Address.FromIPAddress(address), (ushort)port);
    }

    /// <param name="endPoint">An endpoint of IPv4.</param>
    /// <exception cref="ArgumentException">It is not of IPv4.</exception>
    public MemifEndPoint(IPEndPoint endPoint)
        : this((endPoint ?? throw new ArgumentNullException(nameof(endPoint))).Address, endPoint.Port)
    {
    }

    internal MemifEndPoint(UdpPeer peer) => _peer = peer;

    /// <summary>The address, as a new object.</summary>
    public IPAddress Address => _peer.Address.ToIPAddress();

    /// <summary>The port.</summary>
    public int Port => _peer.Port;

    internal UdpPeer Peer => _peer;

    /// <summary>The same as an object.</summary>
    public IPEndPoint ToIPEndPoint() => _peer.ToEndPoint();

    /// <summary>As <c>192.0.2.1:53</c>.</summary>
    public override string ToString() => $"{_peer.Address}:{_peer.Port}";
}

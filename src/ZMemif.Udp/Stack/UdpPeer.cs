using System.Net;
using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>The far end of a datagram: an address and a port.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UdpPeer(Ipv4Address Address, ushort Port)
{
    internal IPEndPoint ToEndPoint() => new(Address.ToIPAddress(), Port);
}

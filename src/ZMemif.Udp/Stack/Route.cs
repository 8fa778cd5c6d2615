using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>Where to send packets for one destination, and from which own address (RFC 1122 §3.3.1, §3.3.4.3).</summary>
/// <param name="Kind">What becomes of the packet.</param>
/// <param name="Source">The address to send from, unless the socket is bound to one.</param>
/// <param name="NextHop">For unicast: the destination itself, or the gateway.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Route(RouteKind Kind, Ipv4Address Source, Ipv4Address NextHop);

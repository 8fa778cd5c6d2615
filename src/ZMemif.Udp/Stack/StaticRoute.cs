using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>A way to a network that is not by the default gateway.</summary>
/// <param name="Prefix">The network.</param>
/// <param name="NextHop">A router on the link.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct StaticRoute(Ipv4Prefix Prefix, Ipv4Address NextHop);

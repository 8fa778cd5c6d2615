using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>What the fragments of one packet have in common (RFC 791 §3.2).</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReassemblyKey(Ipv4Address Source, Ipv4Address Destination, IpProtocol Protocol, ushort Identification);

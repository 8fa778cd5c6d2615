using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>What <see cref="Ipv4Protocol"/> has to know to send a packet, its payload aside.</summary>
/// <param name="Route">The way.</param>
/// <param name="Protocol">What the packet carries.</param>
/// <param name="Source">Own address.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Options">What its sender has chosen.</param>
/// <param name="FlowHash">The same for what has to stay in order.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OutgoingHeader(
    Route Route, IpProtocol Protocol, Ipv4Address Source, Ipv4Address Destination, PacketOptions Options, uint FlowHash);

using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>The two ends of a datagram on its way out.</summary>
/// <param name="Source">Own address; any lets the route choose.</param>
/// <param name="SourcePort">Own port.</param>
/// <param name="Destination">The peer's address.</param>
/// <param name="DestinationPort">The peer's port.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UdpFlow(Ipv4Address Source, ushort SourcePort, Ipv4Address Destination, ushort DestinationPort)
{
    /// <summary>The same for all datagrams of a flow.</summary>
    internal uint Hash => (uint)HashCode.Combine(Source.Value, Destination.Value, ((uint)SourcePort << 16) | DestinationPort);
}

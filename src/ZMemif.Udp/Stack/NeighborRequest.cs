using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>An ARP request to be sent.</summary>
/// <param name="Address">The neighbor asked for.</param>
/// <param name="Station">Whom to ask: the station it was last known under (RFC 1122 §2.3.2.1, "unicast poll"), or everybody.</param>
internal readonly record struct NeighborRequest(Ipv4Address Address, MacAddress Station);

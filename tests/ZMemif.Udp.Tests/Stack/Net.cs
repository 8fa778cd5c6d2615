using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>The network of the tests: who is who.</summary>
internal static class Net
{
    /// <summary>The host under test, 192.0.2.2/24.</summary>
    internal static readonly Ipv4Address Own = Ipv4Address.Parse("192.0.2.2");
    internal static readonly MacAddress OwnMac = MacAddress.Parse("02:00:c0:00:02:02");

    internal static readonly Ipv4Address Neighbor = Ipv4Address.Parse("192.0.2.9");
    internal static readonly MacAddress NeighborMac = MacAddress.Parse("02:00:00:00:00:09");

    internal static readonly Ipv4Address Gateway = Ipv4Address.Parse("192.0.2.254");
    internal static readonly MacAddress GatewayMac = MacAddress.Parse("02:00:00:00:00:fe");

    /// <summary>A station that is nobody's, or anybody's.</summary>
    internal static readonly MacAddress OtherMac = MacAddress.Parse("02:00:00:00:00:aa");

    internal static readonly Ipv4Address DirectedBroadcast = Ipv4Address.Parse("192.0.2.255");
    internal static readonly Ipv4Address Group = Ipv4Address.Parse("239.1.2.3");

    /// <summary>Somebody behind the gateway.</summary>
    internal static readonly Ipv4Address Outside = Ipv4Address.Parse("198.51.100.7");
}

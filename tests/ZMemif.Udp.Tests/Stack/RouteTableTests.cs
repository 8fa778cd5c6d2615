using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

public sealed class RouteTableTests
{
    private const string Own = "192.0.2.2";

    [Theory]
    [InlineData("192.0.2.2", nameof(RouteKind.Local), Own, "192.0.2.2")]
    [InlineData("127.0.0.1", nameof(RouteKind.Local), "127.0.0.1", "127.0.0.1")]
    [InlineData("127.9.9.9", nameof(RouteKind.Local), "127.0.0.1", "127.9.9.9")]
    [InlineData("0.0.0.0", nameof(RouteKind.Local), "127.0.0.1", "0.0.0.0")]
    [InlineData("192.0.2.9", nameof(RouteKind.Unicast), Own, "192.0.2.9")]
    [InlineData("192.0.2.254", nameof(RouteKind.Unicast), Own, "192.0.2.254")]
    [InlineData("192.0.3.1", nameof(RouteKind.Unicast), Own, "192.0.2.254")]
    [InlineData("8.8.8.8", nameof(RouteKind.Unicast), Own, "192.0.2.254")]
    [InlineData("192.0.2.255", nameof(RouteKind.Broadcast), Own, "192.0.2.255")]
    [InlineData("255.255.255.255", nameof(RouteKind.Broadcast), Own, "255.255.255.255")]
    [InlineData("224.0.0.1", nameof(RouteKind.Multicast), Own, "224.0.0.1")]
    [InlineData("239.255.255.255", nameof(RouteKind.Multicast), Own, "239.255.255.255")]
    public void Lookup_WithGateway_KnowsAWayToEverything(string destination, string kind, string source, string nextHop)
    {
        Route route = Table(24, Net.Gateway).Lookup(Ipv4Address.Parse(destination));

        Assert.Equal((kind, source, nextHop), (route.Kind.ToString(), route.Source.ToString(), route.NextHop.ToString()));
    }

    [Theory]
    [InlineData("192.0.3.1", nameof(RouteKind.None))]
    [InlineData("192.0.1.255", nameof(RouteKind.None))]
    [InlineData("192.0.2.1", nameof(RouteKind.Unicast))]
    [InlineData("192.0.2.255", nameof(RouteKind.Broadcast))]
    [InlineData("239.1.2.3", nameof(RouteKind.Multicast))]
    [InlineData("127.0.0.1", nameof(RouteKind.Local))]
    public void Lookup_WithoutGateway_StaysOnTheLink(string destination, string kind) =>
        Assert.Equal(kind, Table(24, null).Lookup(Ipv4Address.Parse(destination)).Kind.ToString());

    [Fact]
    public void Lookup_PointToPointPrefix_HasNoBroadcast()
    {
        RouteTable routes = Table(31, null);

        Assert.Equal(RouteKind.Unicast, routes.Lookup(Ipv4Address.Parse("192.0.2.3")).Kind);
        Assert.Equal(RouteKind.None, routes.Lookup(Ipv4Address.Parse("192.0.2.4")).Kind);
        Assert.Equal(RouteKind.Broadcast, routes.Lookup(Ipv4Address.Broadcast).Kind);
    }

    [Fact]
    public void Lookup_HostPrefix_ReachesOthersOnlyByTheGateway()
    {
        Route route = Table(32, Net.Gateway).Lookup(Net.Neighbor);

        Assert.Equal((RouteKind.Unicast, Net.Gateway), (route.Kind, route.NextHop));
    }

    private static RouteTable Table(int prefixLength, Ipv4Address? gateway) =>
        new(new StackIdentity(new Ipv4Prefix(Ipv4Address.Parse(Own), prefixLength), gateway, Net.OwnMac, 1500));
}

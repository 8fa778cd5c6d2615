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

    [Theory]
    [InlineData("10.1.2.3", "192.0.2.12", "the longest of three")]
    [InlineData("10.1.9.9", "192.0.2.11", "the middle one")]
    [InlineData("10.9.9.9", "192.0.2.10", "the shortest")]
    [InlineData("11.0.0.1", "192.0.2.254", "the default")]
    [InlineData("192.0.2.129", "192.0.2.13", "longer than the link's own")]
    [InlineData("192.0.2.9", "192.0.2.9", "on the link")]
    [InlineData("192.0.3.9", "192.0.2.14", "around the link")]
    public void Lookup_StaticRoutes_TheLongestPrefixWins(string destination, string nextHop, string because)
    {
        RouteTable routes = new(
            Identity(24, Net.Gateway),
            Way("10.0.0.0/8", "192.0.2.10"),
            Way("10.1.2.0/24", "192.0.2.12"),
            Way("10.1.0.0/16", "192.0.2.11"),
            Way("10.1.0.0/16", "192.0.2.99"),
            Way("192.0.2.128/25", "192.0.2.13"),
            Way("192.0.2.0/24", "192.0.2.99"),
            Way("192.0.0.0/16", "192.0.2.14"));

        Route route = routes.Lookup(Ipv4Address.Parse(destination));

        Assert.True((RouteKind.Unicast, nextHop) == (route.Kind, route.NextHop.ToString()), because);
    }

    [Fact]
    public void Lookup_StaticRouteToEverything_GoesBeforeTheDefault()
    {
        RouteTable routes = new(Identity(24, Net.Gateway), Way("0.0.0.0/0", "192.0.2.10"));

        Assert.Equal("192.0.2.10", routes.Lookup(Net.Outside).NextHop.ToString());
        Assert.Equal(RouteKind.Broadcast, routes.Lookup(Net.DirectedBroadcast).Kind);
        Assert.Equal(RouteKind.Local, routes.Lookup(Net.Own).Kind);
    }

    [Theory]
    [InlineData("198.51.100.1")]
    [InlineData("192.0.2.2")]
    [InlineData("192.0.2.255")]
    public void New_NextHopThatIsNoOtherHostOnTheLink_IsRefused(string nextHop) =>
        Assert.Throws<ArgumentException>("routes", () => new RouteTable(Identity(24, null), Way("10.0.0.0/8", nextHop)));

    private static StaticRoute Way(string prefix, string nextHop) => new(Ipv4Prefix.Parse(prefix), Ipv4Address.Parse(nextHop));

    private static RouteTable Table(int prefixLength, Ipv4Address? gateway) =>
        new(Identity(prefixLength, gateway));

    private static StackIdentity Identity(int prefixLength, Ipv4Address? gateway) =>
        new(new Ipv4Prefix(Ipv4Address.Parse(Own), prefixLength), gateway, Net.OwnMac, 1500);
}

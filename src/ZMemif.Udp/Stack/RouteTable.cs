using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>Chooses the way out: local, on the link, or by the default gateway (RFC 1122 §3.3.1).</summary>
internal sealed class RouteTable(StackIdentity identity)
{
    internal Route Lookup(Ipv4Address destination)
    {
        if (identity.IsLocal(destination))
            return new Route(RouteKind.Local, LocalSource(destination), destination);
        if (destination.IsMulticast)
            return new Route(RouteKind.Multicast, identity.Address, destination);
        if (identity.IsBroadcast(destination))
            return new Route(RouteKind.Broadcast, identity.Address, destination);
        if (identity.Prefix.Contains(destination))
            return new Route(RouteKind.Unicast, identity.Address, destination);
        return identity.Gateway is { } gateway
            ? new Route(RouteKind.Unicast, identity.Address, gateway)
            : default;
    }

    private Ipv4Address LocalSource(Ipv4Address destination) =>
        destination == identity.Address ? identity.Address : Ipv4Address.Loopback;
}

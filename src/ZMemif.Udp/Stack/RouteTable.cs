using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>Chooses the way out: local, on the link, or by the default gateway (RFC 1122 §3.3.1).</summary>
internal sealed class RouteTable(StackIdentity identity)
{
    /// <param name="destination">Where to.</param>
    /// <param name="source">The address that the socket is bound to; any lets the route choose.</param>
    internal Route Lookup(Ipv4Address destination, Ipv4Address source = default)
    {
        if (identity.IsLocal(destination))
            return new Route(RouteKind.Local, LocalSource(destination), destination);

        // As on Linux: what has no way of its own goes by the interface of its source, and that is the loopback here.
        if (source.IsLoopback && (destination.IsBroadcast || destination.IsMulticast))
            return new Route(RouteKind.Local, source, destination);
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

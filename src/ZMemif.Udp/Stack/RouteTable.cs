using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Chooses the way out: local, on the link, by a router for that network, or by the default gateway; of several the one with
/// the longest prefix (RFC 1122 §3.3.1, RFC 1812 §5.2.4.3).
/// </summary>
internal sealed class RouteTable
{
    private readonly StackIdentity _identity;

    // Nobody else is on the link, as far as this host knows: it has no way to groups and to everybody either, as on Linux.
    private readonly bool _isAlone;

    // The longest prefixes first; of two equal ones that which was given first.
    private readonly StaticRoute[] _routes;

    /// <param name="identity">Who this host is.</param>
    /// <param name="routes">Other routes than those to the link and to the default gateway.</param>
    /// <exception cref="ArgumentException">A next hop is not another host on the link.</exception>
    internal RouteTable(StackIdentity identity, params IEnumerable<StaticRoute> routes)
    {
        _identity = identity;
        _isAlone = identity.Prefix.Length == Ipv4Prefix.MaxLength && identity.Gateway is null && identity.HasStations;
        _routes = [.. routes.OrderByDescending(route => route.Prefix.Length)];
        foreach (StaticRoute route in _routes)
        {
            if (!IsOnLink(route.NextHop))
                throw new ArgumentException($"The next hop {route.NextHop} of {route.Prefix} is not another host on {identity.Prefix}.", nameof(routes));
        }
    }

    /// <param name="destination">Where to.</param>
    /// <param name="source">The address that the socket is bound to; any lets the route choose.</param>
    internal Route Lookup(Ipv4Address destination, Ipv4Address source = default)
    {
        if (_identity.IsLocal(destination))
            return new Route(RouteKind.Local, LocalSource(destination), destination);

        // As on Linux: what has no way of its own goes by the interface of its source, and that is the loopback here.
        if (source.IsLoopback && (destination.IsBroadcast || destination.IsMulticast))
            return new Route(RouteKind.Local, source, destination);
        if (_isAlone && (destination.IsMulticast || destination.IsBroadcast))
            return default;
        if (destination.IsMulticast)
            return new Route(RouteKind.Multicast, _identity.Address, destination);
        if (_identity.IsBroadcast(destination))
            return new Route(RouteKind.Broadcast, _identity.Address, destination);
        return NextHop(destination) is { } nextHop
            ? new Route(RouteKind.Unicast, _identity.Address, nextHop)
            : default;
    }

    private Ipv4Address? NextHop(Ipv4Address destination)
    {
        int linkLength = _identity.Prefix.Contains(destination) ? _identity.Prefix.Length : -1;
        foreach (StaticRoute route in _routes)
        {
            if (route.Prefix.Length <= linkLength)
                break;
            if (route.Prefix.Contains(destination))
                return route.NextHop;
        }

        return linkLength >= 0 ? destination : _identity.Gateway;
    }

    private bool IsOnLink(Ipv4Address nextHop) =>
        _identity.Prefix.Contains(nextHop) && !_identity.IsBroadcast(nextHop) && nextHop != _identity.Address;

    private Ipv4Address LocalSource(Ipv4Address destination) =>
        destination == _identity.Address ? _identity.Address : Ipv4Address.Loopback;
}

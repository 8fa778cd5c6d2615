using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>Who this host is on its link.</summary>
/// <param name="Prefix">Own address and the network it is on.</param>
/// <param name="Gateway">Next hop for everything outside; null for none.</param>
/// <param name="Mac">Own station address.</param>
/// <param name="Mtu">Largest IPv4 packet in bytes.</param>
internal sealed record StackIdentity(Ipv4Prefix Prefix, Ipv4Address? Gateway, MacAddress Mac, int Mtu)
{
    /// <summary>The address is another host's too, which answers for it: this one resolves neighbors, but makes no ARP answer.</summary>
    internal bool IsShared { get; init; }

    /// <summary>Frames have station addresses; otherwise the link has two ends only, and carries bare IPv4 packets.</summary>
    internal bool HasStations { get; init; } = true;

    /// <summary>UDP checksums are the link's business: received ones are taken for right, and none are computed (RFC 768 allows it).</summary>
    internal bool OffloadsChecksums { get; init; }

    /// <summary>Other ways than to the link and by the gateway.</summary>
    internal IReadOnlyList<StaticRoute> Routes { get; init; } = [];

    internal Ipv4Address Address => Prefix.Address;

    /// <summary>Whether packets to this address stay inside: own, 127/8, and 0.0.0.0, which as a destination means this host.</summary>
    internal bool IsLocal(Ipv4Address address) => address == Address || address.IsLoopback || address.IsAny;

    internal bool IsBroadcast(Ipv4Address address) => address.IsBroadcast || address == Prefix.DirectedBroadcast;
}

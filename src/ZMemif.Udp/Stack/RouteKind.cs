namespace ZMemif.Udp.Stack;

/// <summary>What becomes of a packet to some destination.</summary>
internal enum RouteKind
{
    /// <summary>Nobody knows a way.</summary>
    None,

    /// <summary>It stays inside this interface.</summary>
    Local,

    /// <summary>To one station on the link, whose address ARP finds.</summary>
    Unicast,

    /// <summary>To all stations on the link.</summary>
    Broadcast,

    /// <summary>To the stations on the link that listen to a group.</summary>
    Multicast,
}

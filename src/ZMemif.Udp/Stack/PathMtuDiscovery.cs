namespace ZMemif.Udp.Stack;

/// <summary>Whether a packet may be cut on its way (RFC 1191 §3). Names and numbers are those of Linux' IP_MTU_DISCOVER.</summary>
internal enum PathMtuDiscovery
{
    /// <summary>Anybody may cut it.</summary>
    Dont = 0,

    /// <summary>What fits the path in one packet must not be cut by others; what does not is cut here.</summary>
    Want = 1,

    /// <summary>Nobody may cut it: what does not fit is refused.</summary>
    Do = 2,
}

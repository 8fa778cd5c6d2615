namespace ZMemif.Udp.Stack;

/// <summary>What became of an attempt to send.</summary>
internal enum SendStatus
{
    /// <summary>On the ring, delivered inside, or parked until its neighbor answers.</summary>
    Sent,

    /// <summary>The ring is full: try again later.</summary>
    RingFull,

    /// <summary>The ring is full, and its peer has taken nothing for a long time.</summary>
    Stalled,

    /// <summary>The link is down.</summary>
    LinkDown,

    /// <summary>No route to the destination.</summary>
    NoRoute,

    /// <summary>The source is a loopback address, which must not leave the host (RFC 1122 §3.2.1.3 (g)).</summary>
    BadSource,

    /// <summary>Longer than a datagram may be, or than one packet on its way, and it must not be cut.</summary>
    TooLong,

    /// <summary>The ring can never hold all fragments at once, and the sender does not wait.</summary>
    RingTooSmall,
}

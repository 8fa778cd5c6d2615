namespace ZMemif.HostilePeer.Links;

/// <summary>How far a handshake has come.</summary>
internal enum HandshakeStage
{
    /// <summary>The channel is there; as a server, HELLO has not been sent.</summary>
    Silent,

    /// <summary>HELLO has come, or has been sent.</summary>
    Greeted,

    /// <summary>INIT has been acknowledged.</summary>
    Introduced,

    /// <summary>ADD_REGION has been acknowledged.</summary>
    RegionAdded,

    /// <summary>All ADD_RINGs have been acknowledged.</summary>
    RingsAdded,

    /// <summary>The link is up.</summary>
    Up,
}

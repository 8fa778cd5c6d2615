namespace ZMemif.Tests.Peers;

/// <summary>How far a client has come with its handshake.</summary>
public enum ClientStage
{
    /// <summary>HELLO was read.</summary>
    Greeted,

    /// <summary>INIT was acknowledged.</summary>
    Introduced,

    /// <summary>ADD_REGION was acknowledged.</summary>
    RegionAdded,

    /// <summary>Both ADD_RINGs were acknowledged.</summary>
    RingsAdded,

    /// <summary>CONNECTED came.</summary>
    Up,
}

namespace ZMemif;

/// <summary>Where a <see cref="MemifPort"/> is in its life.</summary>
public enum MemifPortState
{
    /// <summary>Its socket has not been started, or has been stopped.</summary>
    Stopped = 0,

    /// <summary>A client is trying to reach its server; a server listens and waits for its client.</summary>
    Connecting = 1,

    /// <summary>The link is up: packets can be sent and received.</summary>
    Connected = 2,

    /// <summary>
    /// A client that was told to <see cref="MemifPort.Disconnect"/>, and does not try until <see cref="MemifPort.RequestConnection"/>.
    /// </summary>
    Disconnected = 4,

    /// <summary>Disposed. A closed port does not come back.</summary>
    Closed = 3,
}

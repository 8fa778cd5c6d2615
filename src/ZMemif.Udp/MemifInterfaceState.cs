namespace ZMemif.Udp;

/// <summary>Whether a <see cref="MemifInterface"/> can carry datagrams.</summary>
public enum MemifInterfaceState
{
    /// <summary>The link has not been up yet.</summary>
    Connecting = 0,

    /// <summary>The link is up.</summary>
    Up = 1,

    /// <summary>The link was up and is gone; the interface tries to get it back. Sends fail, receives keep waiting.</summary>
    Down = 2,

    /// <summary>Disposed.</summary>
    Closed = 3,

    /// <summary>
    /// The link is up, but its peer has taken nothing off a full ring for <see cref="MemifInterfaceOptions.Stall"/>: sends to
    /// it fail at once, until it moves again.
    /// </summary>
    Stalled = 4,
}

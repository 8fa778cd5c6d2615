namespace ZMemif;

/// <summary>What happens when a peer's descriptor is impossible.</summary>
public enum MemifMalformedPolicy
{
    /// <summary>End the link: after a bad descriptor no packet boundary on the ring can be trusted.</summary>
    Disconnect = 0,

    /// <summary>
    /// Drop the packet, count it and go on, where only the packet is bad (a piece outside its region, a chain that is too
    /// long). An impossible index ends the link all the same.
    /// </summary>
    Drop = 1,
}

namespace ZMemif;

/// <summary>What a packet on the ring is (INIT's mode byte).</summary>
public enum MemifMode
{
    /// <summary>Whole Ethernet frames without frame check sequence.</summary>
    Ethernet = 0,

    /// <summary>Bare IP packets, without a link header.</summary>
    Ip = 1,
}

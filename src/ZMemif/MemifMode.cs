namespace ZMemif;

/// <summary>What one packet on a memif ring is. Both sides of a connection must agree.</summary>
public enum MemifMode
{
    /// <summary>A whole Ethernet frame, without the frame check sequence.</summary>
    Ethernet = 0,

    /// <summary>A bare IP packet, without a link header.</summary>
    Ip = 1,
}

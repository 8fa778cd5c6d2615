namespace ZMemif;

/// <summary>The bounds of the protocol, and of what anybody speaks.</summary>
internal static class MemifLimits
{
    internal const int MaxQueues = 255;

    /// <summary>2^14 slots: what every implementation advertises.</summary>
    internal const int UsualLog2RingSize = 14;

    /// <summary>2^15 slots: what 16-bit counters can tell full from empty with.</summary>
    internal const int MaxLog2RingSize = 15;

    internal const int MaxRegions = 256;

    /// <summary>Descriptors reach 4 GiB.</summary>
    internal const long MaxRegionBytes = 1L << 32;
}

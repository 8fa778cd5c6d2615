namespace ZMemif;

/// <summary>What a port accepts at most, from its own configuration and from peers.</summary>
internal static class MemifLimits
{
    internal const int MaxQueues = 255;

    /// <summary>2^14 slots: what every implementation advertises.</summary>
    internal const int MaxLog2RingSize = 14;

    internal const int MaxRegions = 256;

    /// <summary>Connections of one socket whose handshake is not complete; each may hold descriptors until its deadline.</summary>
    internal const int MaxPendingConnections = 64;

    /// <summary>Descriptors reach 4 GiB.</summary>
    internal const ulong MaxRegionBytes = 1UL << 32;

    internal const ulong MaxTotalBytes = 1UL << 34;
}

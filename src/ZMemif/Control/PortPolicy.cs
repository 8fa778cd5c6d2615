namespace ZMemif.Control;

/// <summary>What a port accepts from its peer; see the properties of the same names in <see cref="MemifPortOptions"/>.</summary>
internal sealed record PortPolicy(
    MemifSealPolicy Seals,
    MemifMalformedPolicy Malformed,
    ulong MaxRegionBytes,
    ulong MaxTotalBytes,
    int MaxLog2RingSize);

namespace ZMemif.Udp.Link;

/// <summary>What may befall a frame.</summary>
internal enum FaultKind
{
    Loss,
    Duplication,
    Reordering,
    Corruption,
    Delay,
    RingFull,
}

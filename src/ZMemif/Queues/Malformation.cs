namespace ZMemif.Queues;

/// <summary>Why a received packet is impossible; each has its counter in <see cref="MemifRxStatistics"/>.</summary>
internal enum Malformation
{
    /// <summary>None is: nothing is wrong.</summary>
    None,

    /// <summary>A descriptor of the client's points outside the shared memory.</summary>
    OutsideMemory,

    /// <summary>The server claims to have written more than our buffer holds.</summary>
    LongerThanBuffer,

    /// <summary>The packet is longer than any packet is.</summary>
    TooLong,
}

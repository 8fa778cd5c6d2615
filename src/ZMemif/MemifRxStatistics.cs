using System.Runtime.InteropServices;

namespace ZMemif;

/// <summary>What a receive queue, or all of a port together, did since the port was created: a snapshot.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MemifRxStatistics
{
    /// <summary>Packets taken off the ring.</summary>
    public required ulong Packets { get; init; }

    /// <summary>Bytes taken off the ring.</summary>
    public required ulong Bytes { get; init; }

    /// <summary>Packets dropped because a descriptor was impossible; see <see cref="MemifMalformedPolicy.Drop"/>.</summary>
    public required ulong Malformed { get; init; }

    /// <summary>Times a sleeper was woken by the peer.</summary>
    public required ulong Wakeups { get; init; }

    /// <summary>Slots of the ring that hold packets nobody has read.</summary>
    public required int Occupancy { get; init; }

    /// <summary>Slots of the ring; 0 while there is no connection.</summary>
    public required int RingSize { get; init; }

    internal static MemifRxStatistics Sum(MemifRxStatistics one, MemifRxStatistics other) => new()
    {
        Packets = one.Packets + other.Packets,
        Bytes = one.Bytes + other.Bytes,
        Malformed = one.Malformed + other.Malformed,
        Wakeups = one.Wakeups + other.Wakeups,
        Occupancy = one.Occupancy + other.Occupancy,
        RingSize = one.RingSize + other.RingSize,
    };
}

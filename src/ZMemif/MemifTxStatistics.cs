using System.Runtime.InteropServices;

namespace ZMemif;

/// <summary>What a transmit queue, or all of a port together, did since the port was created: a snapshot.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MemifTxStatistics
{
    /// <summary>Packets put on the ring.</summary>
    public required ulong Packets { get; init; }

    /// <summary>Bytes put on the ring.</summary>
    public required ulong Bytes { get; init; }

    /// <summary>Calls that found no room on the ring: back-pressure, not loss.</summary>
    public required ulong RefusedRingFull { get; init; }

    /// <summary>Calls while there was no connection.</summary>
    public required ulong RefusedLinkDown { get; init; }

    /// <summary>Calls with a packet that is longer than the next buffer, or, where it may be chained, than the ring holds.</summary>
    public required ulong RefusedTooLong { get; init; }

    /// <summary>Calls that sent nothing, or not all, for any of these reasons.</summary>
    public ulong Refusals => RefusedRingFull + RefusedLinkDown + RefusedTooLong;

    /// <summary>Events written to wake the peer.</summary>
    public required ulong SignalsSent { get; init; }

    /// <summary>Publications without an event, because the peer was awake.</summary>
    public required ulong SignalsSkipped { get; init; }

    /// <summary>Events written again, because the peer was asked to look and did not.</summary>
    public required ulong Rekicks { get; init; }

    /// <summary>Slots of the ring that the peer has not consumed.</summary>
    public required int Occupancy { get; init; }

    /// <summary>Slots of the ring; 0 while there is no connection.</summary>
    public required int RingSize { get; init; }

    internal static MemifTxStatistics Sum(MemifTxStatistics one, MemifTxStatistics other) => new()
    {
        Packets = one.Packets + other.Packets,
        Bytes = one.Bytes + other.Bytes,
        RefusedRingFull = one.RefusedRingFull + other.RefusedRingFull,
        RefusedLinkDown = one.RefusedLinkDown + other.RefusedLinkDown,
        RefusedTooLong = one.RefusedTooLong + other.RefusedTooLong,
        SignalsSent = one.SignalsSent + other.SignalsSent,
        SignalsSkipped = one.SignalsSkipped + other.SignalsSkipped,
        Rekicks = one.Rekicks + other.Rekicks,
        Occupancy = one.Occupancy + other.Occupancy,
        RingSize = one.RingSize + other.RingSize,
    };
}

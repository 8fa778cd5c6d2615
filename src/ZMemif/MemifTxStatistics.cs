using System.Runtime.InteropServices;

namespace ZMemif;

/// <summary>What a transmit queue did since its port was created: a snapshot.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MemifTxStatistics
{
    /// <summary>Packets put on the ring.</summary>
    public required ulong Packets { get; init; }

    /// <summary>Bytes put on the ring.</summary>
    public required ulong Bytes { get; init; }

    /// <summary>Calls that found no room on the ring: back-pressure, not loss.</summary>
    public required ulong Refusals { get; init; }

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
}

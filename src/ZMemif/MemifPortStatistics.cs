using System.Runtime.InteropServices;

namespace ZMemif;

/// <summary>What a port did since it was created: a snapshot, with the sums of its queues.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MemifPortStatistics
{
    /// <summary>All receive queues together; the ring size is the slots of all their rings.</summary>
    public required MemifRxStatistics Rx { get; init; }

    /// <summary>All transmit queues together; the ring size is the slots of all their rings.</summary>
    public required MemifTxStatistics Tx { get; init; }

    /// <summary>Times that the link came up.</summary>
    public required int Connections { get; init; }

    /// <summary>Times that it came up again.</summary>
    public int Reconnects => Math.Max(0, Connections - 1);
}

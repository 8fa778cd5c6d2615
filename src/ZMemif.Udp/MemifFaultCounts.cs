using ZMemif.Udp.Link;

namespace ZMemif.Udp;

/// <summary>
/// What <see cref="MemifInterfaceOptions.Faults"/> did to the frames of one direction; all 0 without it. A frame may meet several
/// faults, and is counted under each; one that is lost meets no other.
/// </summary>
public sealed class MemifFaultCounts
{
    internal MemifFaultCounts(FaultCounters? counters)
    {
        if (counters is null)
            return;
        Lost = counters.Of(FaultKind.Loss);
        Duplicated = counters.Of(FaultKind.Duplication);
        Reordered = counters.Of(FaultKind.Reordering);
        Corrupted = counters.Of(FaultKind.Corruption);
        Delayed = counters.Of(FaultKind.Delay);
        Refused = counters.Of(FaultKind.RingFull);
        Held = counters.Held;
    }

    /// <summary>
    /// Frames that were lost: by <see cref="MemifFaults.Loss"/>, because too many were under way, or because the link
    /// went while they were.
    /// </summary>
    public long Lost { get; }

    /// <summary>Frames that went on twice.</summary>
    public long Duplicated { get; }

    /// <summary>Frames that the next one overtook.</summary>
    public long Reordered { get; }

    /// <summary>Frames with a flipped bit. What becomes of them is counted elsewhere, as for any frame.</summary>
    public long Corrupted { get; }

    /// <summary>Frames that were delayed, copies of duplicated ones included.</summary>
    public long Delayed { get; }

    /// <summary>Times that the ring was said to be full; always 0 on receipt. Senders are refused, or wait, while it is.</summary>
    public long Refused { get; }

    /// <summary>Frames that are under way now.</summary>
    public long Held { get; }
}

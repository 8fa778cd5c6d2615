namespace ZMemif.Udp.Link;

/// <summary>The pretence that the peer has paused, so that the ring is full for a while. Rolled by one thread at a time, seen by any.</summary>
/// <param name="faults">How often.</param>
/// <param name="stream">Which dice of the seed.</param>
/// <param name="counters">Where pauses are counted.</param>
/// <param name="time">The clock.</param>
internal sealed class RingPause(MemifFaults faults, int stream, FaultCounters counters, TimeProvider time)
{
    /// <summary>How long a pause lasts.</summary>
    internal static readonly TimeSpan Length = TimeSpan.FromMilliseconds(1);

    private readonly FaultDice _dice = new(faults.Seed, stream);
    private readonly long _length = (long)(Length.TotalSeconds * time.TimestampFrequency);
    private long _until = long.MinValue;

    internal bool IsOn => time.GetTimestamp() < Volatile.Read(ref _until);

    /// <summary>Rolls whether a pause begins now.</summary>
    internal bool Begins()
    {
        if (!_dice.Hits(faults.Full))
            return false;
        Volatile.Write(ref _until, faults.Full >= 1 ? long.MaxValue : time.GetTimestamp() + _length);
        counters.Count(FaultKind.RingFull);
        return true;
    }
}

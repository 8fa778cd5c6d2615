namespace ZMemif.Udp.Stack;

/// <summary>
/// Says whose the own address is: twice when the link comes up (RFC 5227 §2.3), and in defence when another station
/// claims it. The address was given by the user, so it is never given up: that is §2.4 (c), which allows one defence in
/// so many seconds and wants reports to be as rare. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="announce">Sends an announcement.</param>
/// <param name="scheduled">A deadline has come up while nobody may be ticking.</param>
internal sealed class ArpAnnouncer(TimeProvider time, Action announce, Action scheduled)
{
    /// <summary>ANNOUNCE_INTERVAL of RFC 5227 §1.1; ANNOUNCE_NUM is 2.</summary>
    internal static readonly TimeSpan AnnounceInterval = TimeSpan.FromSeconds(2);

    /// <summary>DEFEND_INTERVAL of RFC 5227 §1.1.</summary>
    internal static readonly TimeSpan DefendInterval = TimeSpan.FromSeconds(10);

    private const long Never = long.MaxValue;

    private readonly Lock _lock = new();
    private long _secondAt = Never;
    private long _defendedAt = Never;

    /// <summary>When the second announcement is due, as a timestamp of the clock; null if there is none.</summary>
    internal long? NextDeadline
    {
        get
        {
            long at = Volatile.Read(ref _secondAt);
            return at == Never ? null : at;
        }
    }

    /// <summary>Announces now and once more in a while.</summary>
    internal void Begin()
    {
        Volatile.Write(ref _secondAt, time.GetTimestamp() + (long)(AnnounceInterval.TotalSeconds * time.TimestampFrequency));
        announce();
        scheduled();
    }

    internal void Tick()
    {
        long at = Volatile.Read(ref _secondAt);
        bool isDue = at != Never && time.GetTimestamp() >= at;

        // Of several loops that see it due, one announces.
        if (isDue && Interlocked.CompareExchange(ref _secondAt, Never, at) == at)
            announce();
    }

    /// <summary>Announces in defence of the address, unless that was done a short while ago.</summary>
    internal bool TryDefend()
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            if (_defendedAt != Never && time.GetElapsedTime(_defendedAt, now) < DefendInterval)
                return false;
            _defendedAt = now;
        }

        announce();
        return true;
    }
}

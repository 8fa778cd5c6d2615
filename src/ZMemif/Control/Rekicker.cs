using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>
/// Sees to it that a peer looks at its rings after an event was written: some swallow an event that comes while they are
/// busy (§4.3). Sleeps unless there was an event; looks first after 2 ms, then ever more rarely, down to four times a
/// second, while packets lie.
/// </summary>
/// <param name="loop">The control loop.</param>
/// <param name="rekick">Writes events again where packets lie; returns whether to look again.</param>
internal sealed class Rekicker(ControlLoop loop, Func<bool> rekick) : ControlSource
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_last = TimeSpan.FromMilliseconds(250);

    private TimeSpan _interval;
    private int _isScheduled;

    internal override FileDescriptor? Descriptor => null;

    /// <summary>An event was written. Thread-safe, and cheap when that has just happened.</summary>
    internal void Schedule()
    {
        if (Volatile.Read(ref _isScheduled) == 0 && Interlocked.Exchange(ref _isScheduled, 1) == 0)
            loop.Post(() => LookIn(s_first));
    }

    internal override void OnReadable()
    {
    }

    internal override void OnDeadline()
    {
        Deadline = null;

        // Before the look: a sender who finds the flag set has published and announced before, and is seen by it.
        Interlocked.Exchange(ref _isScheduled, 0);
        if (!rekick())
            return;
        Volatile.Write(ref _isScheduled, 1);
        LookIn(TimeSpan.FromTicks(Math.Min(_interval.Ticks * 2, s_last.Ticks)));
    }

    private void LookIn(TimeSpan interval)
    {
        _interval = interval;
        Deadline = loop.Time.GetTimestamp() + (long)(interval.TotalSeconds * loop.Time.TimestampFrequency);
    }
}

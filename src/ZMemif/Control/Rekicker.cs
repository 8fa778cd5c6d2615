using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>
/// Sees to it that a peer looks at its rings after an event was written: some swallow an event that comes while they are
/// busy (§4.3). Sleeps unless there was an event; looks first after 2 ms, then ever more rarely, while packets lie.
/// </summary>
/// <param name="loop">The control loop.</param>
/// <param name="rekick">Writes events again where packets lie; returns whether some still do.</param>
internal sealed class Rekicker(ControlLoop loop, Func<bool> rekick) : ControlSource
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_last = TimeSpan.FromSeconds(1);

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
        if (rekick())
            LookIn(TimeSpan.FromTicks(Math.Min(_interval.Ticks * 2, s_last.Ticks)));
        else
            Volatile.Write(ref _isScheduled, 0);
    }

    private void LookIn(TimeSpan interval)
    {
        _interval = interval;
        Deadline = loop.Time.GetTimestamp() + (long)(interval.TotalSeconds * loop.Time.TimestampFrequency);
    }
}

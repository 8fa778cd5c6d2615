using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>
/// Sees to it that a peer looks at its rings after an event was written: some swallow an event that comes while they are
/// busy (§4.3). Sleeps unless there was an event; looks first after 2 ms, then ever more rarely, while packets lie;
/// but soon after every event, because the peer may make the writing of one block (§4.5).
/// </summary>
internal sealed class Rekicker : ControlSource
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_last = TimeSpan.FromSeconds(1);

    // A look that a writer whom the peer blocks can wait for.
    private static readonly TimeSpan s_soon = TimeSpan.FromMilliseconds(10);

    private const int Asleep = 0;
    private const int Far = 1;
    private const int Soon = 2;

    private readonly ControlLoop _loop;
    private readonly Func<RekickLook> _rekick;
    private readonly Action _hasten;
    private TimeSpan _interval;
    private int _nextLook;

    /// <param name="loop">The control loop.</param>
    /// <param name="rekick">Writes events again where packets lie; returns when to look again.</param>
    internal Rekicker(ControlLoop loop, Func<RekickLook> rekick)
    {
        _loop = loop;
        _rekick = rekick;
        _hasten = Hasten;
    }

    internal override FileDescriptor? Descriptor => null;

    /// <summary>An event was written. Thread-safe, and cheap when that has just happened.</summary>
    internal void Schedule()
    {
        if (Volatile.Read(ref _nextLook) != Soon && Interlocked.Exchange(ref _nextLook, Soon) != Soon)
            _loop.Post(_hasten);
    }

    internal override void OnReadable()
    {
    }

    internal override void OnDeadline()
    {
        Deadline = null;

        // Before the look, and fenced from it, so that an event that comes meanwhile is not taken for one that was looked after.
        Interlocked.Exchange(ref _nextLook, Asleep);
        RekickLook next = _rekick();
        if (next == RekickLook.Never)
            return;
        if (next == RekickLook.Later)
            _interval = TimeSpan.FromTicks(Math.Min(_interval.Ticks * 2, s_last.Ticks));
        Deadline = In(next == RekickLook.Soon ? s_soon : _interval);
        bool isSoon = next == RekickLook.Soon || _interval <= s_soon;
        _ = Interlocked.CompareExchange(ref _nextLook, isSoon ? Soon : Far, Asleep);
    }

    private void Hasten()
    {
        if (Deadline is null)
            _interval = s_first;
        Deadline = Math.Min(Deadline ?? long.MaxValue, In(Deadline is null ? s_first : s_soon));
    }

    private long In(TimeSpan interval) => _loop.Time.GetTimestamp() + (long)(interval.TotalSeconds * _loop.Time.TimestampFrequency);
}

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ZMemif.Udp.Sockets;

/// <summary>When a blocked call gives up, by the monotonic clock.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Deadline
{
    private readonly long _began;
    private readonly int _milliseconds;

    /// <param name="milliseconds">From now; −1 for never.</param>
    internal Deadline(int milliseconds)
    {
        _milliseconds = milliseconds;
        _began = milliseconds > 0 ? Stopwatch.GetTimestamp() : 0;
    }

    internal bool IsOver => _milliseconds >= 0 && Remaining <= TimeSpan.Zero;

    /// <summary>The same in whole milliseconds, rounded up; −1 for ever.</summary>
    internal int RemainingMilliseconds => _milliseconds < 0 ? Timeout.Infinite : (int)Math.Ceiling(Remaining.TotalMilliseconds);

    /// <summary>How long it is until then, never negative; <see cref="Timeout.InfiniteTimeSpan"/> for ever.</summary>
    internal TimeSpan Remaining
    {
        get
        {
            if (_milliseconds < 0)
                return Timeout.InfiniteTimeSpan;
            TimeSpan remaining = TimeSpan.FromMilliseconds(_milliseconds) - Stopwatch.GetElapsedTime(_began);
            return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
        }
    }
}

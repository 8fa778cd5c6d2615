namespace ZMemif.Udp.Link;

/// <summary>
/// Calls when the next frame of a line is due: no thread sleeps for that. Set by one thread at a time; disposed, it waits for
/// a call that is under way.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="due">What to call, on the thread pool.</param>
internal sealed class LineTimer(TimeProvider time, Action due) : IAsyncDisposable
{
    private readonly ITimer _timer = time.CreateTimer(static call => ((Action)call!)(), due, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    private bool _isSet;

    /// <summary>Sets the time of the next call, in whole milliseconds, at least one; null for none.</summary>
    internal void Set(TimeSpan? until)
    {
        if (until is null && !_isSet)
            return;
        _isSet = until is not null;
        _timer.Change(
            until is { } span ? TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(span.TotalMilliseconds))) : Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}

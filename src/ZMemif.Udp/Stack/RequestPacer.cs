namespace ZMemif.Udp.Stack;

/// <summary>Gives out turns: a burst at once, and after that one in each interval, first come first served. Not thread-safe.</summary>
/// <param name="interval">Between two turns, in units of the clock.</param>
/// <param name="burst">Turns that may be taken at once after a rest.</param>
internal sealed class RequestPacer(long interval, int burst)
{
    private long _next = long.MinValue;

    /// <summary>When the caller's turn is: now or later.</summary>
    internal long Take(long now)
    {
        _next = Math.Max(_next, now - ((burst - 1) * interval));
        long turn = Math.Max(_next, now);
        _next += interval;
        return turn;
    }
}

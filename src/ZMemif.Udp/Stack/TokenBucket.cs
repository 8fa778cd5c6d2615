namespace ZMemif.Udp.Stack;

/// <summary>
/// So many at once, and then one in so much time. Kept as the time until which tokens have been used up, so that nothing has to
/// be refilled. Thread-safe.
/// </summary>
internal struct TokenBucket
{
    private long _usedUntil;

    /// <summary>Takes tokens, if there is one at least.</summary>
    /// <param name="now">By any clock, always the same.</param>
    /// <param name="interval">How long a token takes to come back, in that clock's units.</param>
    /// <param name="burst">How many there are at most.</param>
    /// <param name="tokens">How many are taken.</param>
    internal bool TryTake(long now, long interval, int burst, int tokens = 1)
    {
        while (true)
        {
            long before = Volatile.Read(ref _usedUntil);
            long usedUntil = Math.Max(before, now);
            if (usedUntil - now > (burst - 1) * interval)
                return false;
            if (Interlocked.CompareExchange(ref _usedUntil, usedUntil + (tokens * interval), before) == before)
                return true;
        }
    }
}

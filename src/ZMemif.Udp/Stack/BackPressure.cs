namespace ZMemif.Udp.Stack;

/// <summary>
/// <see cref="MemifOverflow.Hold"/>: how many sockets' receive buffers are full. While there is one, nothing is taken off
/// the link, so that its peer finds the ring full and holds back himself. Thread-safe.
/// </summary>
/// <param name="resumed">Called when the last full buffer has room again, by whoever made it.</param>
internal sealed class BackPressure(Action resumed)
{
    private int _full;

    internal bool IsOn => Volatile.Read(ref _full) > 0;

    /// <summary>A buffer has become full.</summary>
    internal void Begin() => Interlocked.Increment(ref _full);

    /// <summary>A full buffer has room again, or is gone.</summary>
    internal void End()
    {
        if (Interlocked.Decrement(ref _full) == 0)
            resumed();
    }
}

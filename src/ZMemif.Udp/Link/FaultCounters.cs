namespace ZMemif.Udp.Link;

/// <summary>The faults of one direction of a link, by kind, and how many frames it holds. Thread-safe.</summary>
internal sealed class FaultCounters
{
    private readonly long[] _counts = new long[Enum.GetValues<FaultKind>().Length];
    private long _held;

    /// <summary>Frames that are under way.</summary>
    internal long Held => Volatile.Read(ref _held);

    internal long Of(FaultKind kind) => Volatile.Read(ref _counts[(int)kind]);

    internal void Count(FaultKind kind) => Interlocked.Increment(ref _counts[(int)kind]);

    internal void Hold() => Interlocked.Increment(ref _held);

    internal void LetGo() => Interlocked.Decrement(ref _held);
}

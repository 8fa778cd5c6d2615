using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>
/// One ring of one connection, seen from one side: the ring, its event, and a gate that lets one user in at a time.
/// Teardown closes the gate and never waits: if somebody is inside, the duty to drop the generation passes to him.
/// </summary>
internal abstract class QueueWalk
{
    private const int Held = 1;
    private const int Closed = 2;

    private readonly Generation _generation;
    private int _gate;
    private bool _isBlamed;

    /// <summary>Takes a reference to the generation, which the gate's closing gives back.</summary>
    protected QueueWalk(Generation generation, Ring ring, QueueSignal signal)
    {
        generation.Retain();
        _generation = generation;
        Ring = ring;
        Signal = signal;
    }

    internal QueueSignal Signal { get; }

    /// <summary>What the peer did wrong on this ring, or null. Once set, the walk yields nothing more.</summary>
    internal string? Violation { get; private set; }

    internal Generation Generation => _generation;

    protected Ring Ring { get; }

    /// <summary>Slots of the ring.</summary>
    internal int RingSize => Ring.Slots;

    /// <summary>Whether the connection is gone.</summary>
    internal bool IsClosed => (Volatile.Read(ref _gate) & Closed) != 0;

    /// <summary>
    /// Keeps the memory mapped without entering, to look at the ring's counters or to sleep on its event; to be followed
    /// by a release of the <see cref="Generation"/>.
    /// </summary>
    /// <returns>False when the connection is gone.</returns>
    internal bool TryHold() => _generation.TryRetain();

    /// <summary>Enters for one operation or reservation; the memory stays mapped until <see cref="Exit"/>.</summary>
    /// <returns>False when the connection is gone.</returns>
    /// <exception cref="InvalidOperationException">Another thread is inside: a queue has one user at a time.</exception>
    internal bool Enter()
    {
        int was = Interlocked.CompareExchange(ref _gate, Held, 0);
        if (was == Held)
            ThrowTwoUsers();
        return was == 0;
    }

    /// <summary>Leaves; lets go of the memory if the walk was closed meanwhile.</summary>
    /// <returns>Whether the walk is still open, so that its connection is still the one to blame or to use.</returns>
    internal bool Exit()
    {
        int was = Interlocked.CompareExchange(ref _gate, 0, Held);
        if (was == Held)
            return true;

        // Closed meanwhile: the duty passes to us, once. Whoever leaves without being inside is a second user.
        if (Interlocked.CompareExchange(ref _gate, Closed, Held | Closed) != (Held | Closed))
            ThrowTwoUsers();
        _generation.Release();
        return false;
    }

    /// <summary>
    /// What the peer did wrong, the first time only: until the connection ends every further call finds the same. For
    /// whoever is inside.
    /// </summary>
    internal string? TakeViolation()
    {
        string? violation = _isBlamed ? null : Violation;
        _isBlamed |= violation is not null;
        return violation;
    }

    /// <summary>
    /// Begins the ring anew, before anything else touches it: the peer can make it last, by taking the page away while it is
    /// touched. For who keeps the memory, while nobody is inside.
    /// </summary>
    /// <returns>What the peer did wrong, or null.</returns>
    internal abstract string? Open();

    /// <summary>Ends the walk; called once, by the connection's owner.</summary>
    internal void Close()
    {
        if (Interlocked.Or(ref _gate, Closed) == 0)
            _generation.Release();
    }

    /// <summary>Begins a ring that the peer made, if it is one. Its mask is the receiver's.</summary>
    protected string? OpenPeersRing()
    {
        uint cookie = Ring.Cookie;
        if (cookie != RingLayout.Cookie)
            return $"announced a ring whose cookie is 0x{cookie:x8} instead of 0x{RingLayout.Cookie:x8}";
        Ring.ResetCounters();
        return null;
    }

    /// <summary>Records that the peer broke a rule; the queue's owner ends the connection.</summary>
    protected void Fail(string violation) => Violation ??= violation;

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    internal static void ThrowTwoUsers() => throw new InvalidOperationException(
        "A queue is used by two threads at once, or a burst has not been released. A queue has a single user; give each thread its own queue or take a lock.");
}

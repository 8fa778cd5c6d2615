using System.Diagnostics;
using ZMemif.Native;

namespace ZMemif.Memory;

/// <summary>
/// The event of one ring: the sender of packets writes it, the receiver reads it and owns the ring's mask.
/// </summary>
internal sealed class QueueSignal(Ring ring, EventCounter @event)
{
    /// <summary>A write that takes longer was made to block by the peer, who shares the descriptor's flags (§4.5).</summary>
    private static readonly TimeSpan s_longestWrite = TimeSpan.FromMilliseconds(10);

    // Writes that were announced and that are over. Both only grow, so that the same difference seen twice means the same writer.
    private int _announced;
    private int _over;

    // Of whoever frees: what was over when the writer of now was first seen, and when that was; 0 when there was none.
    private int _overWhenSeen;
    private long _seenAt;

    /// <summary>For poll sets of the receiver.</summary>
    internal FileDescriptor Descriptor => @event.Descriptor;

    /// <summary>
    /// Sender, after publishing an index: whether the receiver wants to be woken. The fence pairs with the one in
    /// <see cref="Arm"/>: either the receiver sees the new index, or this load sees the cleared mask (§4.2).
    /// </summary>
    internal bool IsWanted()
    {
        Interlocked.MemoryBarrier();
        return !ring.IsMasked;
    }

    /// <summary>Whether somebody is about to write the event, or in the middle of it.</summary>
    internal bool HasWriter
    {
        get
        {
            int over = Volatile.Read(ref _over);
            return over != Volatile.Read(ref _announced);
        }
    }

    /// <summary>
    /// Sender: a write is going to come. Whoever frees blocked writers is told after this, and before the write; the
    /// increment is the full fence between the two.
    /// </summary>
    internal void Announce() => Interlocked.Increment(ref _announced);

    /// <summary>Sender: wakes the receiver, as announced. The peer can make this block; see <see cref="TryFreeWriter"/>.</summary>
    internal void Notify()
    {
        @event.Signal();
        Withdraw();
    }

    /// <summary>Sender: the write that was announced does not come.</summary>
    internal void Withdraw() => Interlocked.Increment(ref _over);

    /// <summary>
    /// Frees a sender whom the peer keeps in <see cref="Notify"/>, by emptying the event. One thread at a time, again and
    /// again while <see cref="HasWriter"/>.
    /// </summary>
    /// <returns>Whether there was one: who is merely slow, on a busy machine, does not count.</returns>
    internal bool TryFreeWriter()
    {
        int over = Volatile.Read(ref _over);
        if (over == Volatile.Read(ref _announced))
        {
            _seenAt = 0;
            return false;
        }

        if (_seenAt == 0 || over != _overWhenSeen)
        {
            _overWhenSeen = over;
            _seenAt = Stopwatch.GetTimestamp();
            return false;
        }

        if (Stopwatch.GetElapsedTime(_seenAt) < s_longestWrite || !@event.IsFull)
            return false;
        @event.Drain();
        return true;
    }

    /// <summary>
    /// Receiver, before it sleeps: asks for events. The caller must look at the ring once more afterwards; the fence
    /// orders the cleared mask before that look.
    /// </summary>
    internal void Arm()
    {
        ring.SetMask(false);
        Interlocked.MemoryBarrier();
    }

    /// <summary>Receiver, awake: asks for no events.</summary>
    internal void Disarm() => ring.SetMask(true);

    /// <summary>Receiver, woken: empties the event before it looks at the ring, so that no later event is swallowed (§4.3).</summary>
    internal void Drain() => @event.Drain();
}

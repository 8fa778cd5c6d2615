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

    private long _writeBegan;
    private int _writers;

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

    /// <summary>Sender: wakes the receiver. The peer can make this block; see <see cref="FreeBlockedSender"/>.</summary>
    internal void Notify()
    {
        if (Interlocked.Increment(ref _writers) == 1)
            Volatile.Write(ref _writeBegan, Stopwatch.GetTimestamp());
        @event.Signal();
        Interlocked.Decrement(ref _writers);
    }

    /// <summary>Anybody else: frees a sender whom the peer keeps in <see cref="Notify"/>.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool FreeBlockedSender()
    {
        if (Volatile.Read(ref _writers) == 0 || Stopwatch.GetElapsedTime(Volatile.Read(ref _writeBegan)) < s_longestWrite)
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

using ZMemif.Native;

namespace ZMemif.Memory;

/// <summary>
/// The event of one ring: the sender of packets writes it, the receiver reads it and owns the ring's mask.
/// </summary>
internal sealed class QueueSignal(Ring ring, EventFd @event)
{
    /// <summary>For poll sets of the receiver.</summary>
    internal FileDescriptor Descriptor => @event.Descriptor;

    /// <summary>
    /// Sender, after publishing an index: wakes the receiver unless it asked not to be. The fence pairs with the one in
    /// <see cref="Arm"/>: either the receiver sees the new index, or this load sees the cleared mask (§4.2).
    /// </summary>
    /// <returns>Whether an event was written.</returns>
    internal bool Notify()
    {
        Interlocked.MemoryBarrier();
        if (ring.IsMasked)
            return false;
        @event.Signal();
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

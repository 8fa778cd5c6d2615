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

    /// <summary>Nobody goes without a processor for so long.</summary>
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(1);

    // A peer that fills the counter again at once may win against a writer that is only just waking up.
    private const int MostDrains = 1000;

    // A peer that makes writers wait for a moment, and then is innocent again, does so time after time.
    private const int MostRescues = 10;

    private long _writeBegan;
    private int _writers;
    private long _rescuesBegan;
    private int _rescues;

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
    internal bool HasWriter => Volatile.Read(ref _writers) > 0;

    /// <summary>Sender: wakes the receiver. The peer can make this block; see <see cref="FreeBlockedSender"/>.</summary>
    internal void Notify()
    {
        BeginNotify();
        EndNotify();
    }

    /// <summary>The first half of <see cref="Notify"/>: from here on there is a writer.</summary>
    internal void BeginNotify()
    {
        // Before the count, so that nobody who sees a writer takes an earlier one's time for his.
        if (Volatile.Read(ref _writers) == 0)
            Volatile.Write(ref _writeBegan, Stopwatch.GetTimestamp());
        Interlocked.Increment(ref _writers);
    }

    /// <summary>The second half of <see cref="Notify"/>, on any thread: writes.</summary>
    internal void EndNotify()
    {
        @event.Signal();
        Interlocked.Decrement(ref _writers);
    }

    /// <summary>Instead of <see cref="EndNotify"/>: nobody is there any more to be woken.</summary>
    internal void GiveUpNotify() => Interlocked.Decrement(ref _writers);

    /// <summary>
    /// Anybody else: frees a sender whom the peer may keep in <see cref="Notify"/>, by emptying an event that is full; a
    /// sender whose event is lost so writes it again while packets lie.
    /// </summary>
    /// <returns>
    /// Whether the peer is to blame. A writer may merely have been without a processor for so long, beside an event that is
    /// full: only a descriptor that blocks, a very long time, or many such cases in a second prove more.
    /// </returns>
    internal bool FreeBlockedSender()
    {
        TimeSpan writing = Stopwatch.GetElapsedTime(Volatile.Read(ref _writeBegan));
        if (!HasWriter || writing < s_longestWrite || @event.CanSignal())
            return false;
        bool isBlamed = @event.IsBlocking || writing > s_longestPause || CountRescue() > MostRescues;
        for (int i = 0; i < MostDrains && HasWriter; i++)
            @event.Drain();
        return isBlamed;
    }

    // On the control thread, like all rescues.
    private int CountRescue()
    {
        if (Stopwatch.GetElapsedTime(_rescuesBegan) > s_longestPause)
            (_rescuesBegan, _rescues) = (Stopwatch.GetTimestamp(), 0);
        return ++_rescues;
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

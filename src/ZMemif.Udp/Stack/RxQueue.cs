using ZMemif.Udp.Link;

namespace ZMemif.Udp.Stack;

/// <summary>
/// One receive queue, which one thread at a time drains: its loop, a caller that waits for a datagram, or one that only
/// looks. One thread at a time may sleep on it, also while another drains.
/// </summary>
/// <param name="receiver">The queue.</param>
/// <param name="stack">Who gets the frames.</param>
/// <param name="pressure">Says when nothing may be taken off the link; null for never.</param>
internal sealed class RxQueue(ILinkReceiver receiver, IpStack stack, BackPressure? pressure)
{
    // Frames for others are many at times; a look ends all the same.
    private const int MostFramesOfALook = 4096;

    /// <summary>So many frames are taken at once, at most.</summary>
    internal const int MostFramesOfABurst = 64;

    private int _drainers;
    private volatile bool _isClosed;

    /// <summary>Whether a full receive buffer holds the link back.</summary>
    internal bool IsHeld => pressure is { IsOn: true };

    /// <summary>Whether another thread drains at this moment.</summary>
    internal bool IsBeingDrained => Volatile.Read(ref _drainers) != 0;

    /// <summary>Takes frames off the queue until <paramref name="maxFrames"/> are done, or <paramref name="direct"/> is served.</summary>
    /// <returns>How many; 0 also when another thread is at it, or the link is held back.</returns>
    internal int TryDrain(int maxFrames, ref DirectReceive direct)
    {
        if (_isClosed || IsHeld || Interlocked.CompareExchange(ref _drainers, 1, 0) != 0)
            return 0;
        try
        {
            return receiver.Acquire(maxFrames) == 0 ? 0 : Drain(ref direct);
        }
        finally
        {
            Volatile.Write(ref _drainers, 0);
        }
    }

    /// <summary>Takes off what is there, for a caller who looks and does not wait; until he is served, at the most.</summary>
    internal void Look(ref DirectReceive direct)
    {
        int burst = Math.Clamp(direct.Wanted, 1, MostFramesOfABurst);
        for (int frames = 0; frames < MostFramesOfALook && !direct.IsOver; burst = Math.Min(2 * burst, MostFramesOfABurst))
        {
            // What another thread has in its hands may be for this caller.
            var spin = default(SpinWait);
            while (IsBeingDrained)
                spin.SpinOnce();
            int drained = TryDrain(burst, ref direct);
            frames += drained;
            if (drained == 0 && !IsBeingDrained)
                return;
        }
    }

    /// <summary>Sleeps until there may be something to drain, <see cref="Wake"/> is called, or the time is over.</summary>
    internal void Wait(TimeSpan timeout) => receiver.Wait(timeout);

    /// <summary>Ends a <see cref="Wait"/>, the present or the next one. Thread-safe.</summary>
    internal void Wake() => receiver.Wake();

    /// <summary>Nothing is taken off any more, from now on: when this returns, nobody drains.</summary>
    internal void Close()
    {
        _isClosed = true;
        Interlocked.MemoryBarrier();
        var spin = default(SpinWait);
        while (IsBeingDrained)
            spin.SpinOnce();
    }

    private int Drain(ref DirectReceive direct)
    {
        int frames = 0;
        try
        {
            while (!direct.IsOver && !IsHeld && receiver.TryRead(out ReadOnlySpan<byte> frame))
            {
                frames++;
                stack.Handle(frame, ref direct);
            }
        }
        finally
        {
            receiver.Release();
        }

        return frames;
    }
}

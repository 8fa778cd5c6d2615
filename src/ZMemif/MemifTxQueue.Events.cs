using ZMemif.Control;
using ZMemif.Queues;

namespace ZMemif;

/// <content>Waking the peer: the event that goes with a publication, and the one that is written again.</content>
public sealed partial class MemifTxQueue
{
    private ulong _signalsSent;
    private ulong _rekicks;

    /// <summary>
    /// Writes the event again if the peer wants events and has left packets lying: some peers lose an event that comes
    /// while they are busy (§4.3). On the control thread, which therefore does not touch the ring.
    /// </summary>
    /// <returns>When to look again.</returns>
    internal RekickLook Rekick()
    {
        if (Volatile.Read(ref _walk) is not { } walk || !walk.TryHold())
            return RekickLook.Never;
        (bool isLying, bool isWanted) = walk.Glance();
        bool isWriting = walk.Signal.HasWriter;
        if (walk.Signal.FreeBlockedSender())
            _owner.Fail(walk.Generation, $"On transmit queue {Index} the peer made the writing of its event block.");
        else if (isLying && isWanted)
            NotifyAgain(walk);
        walk.Generation.Release();
        return isWriting ? RekickLook.Soon : isLying ? RekickLook.Later : RekickLook.Never;
    }

    // On the pool, because the write may block and the control thread must not.
    private void NotifyAgain(TxWalk walk)
    {
        if (!walk.TryHold())
            return;
        Volatile.Write(ref _rekicks, _rekicks + 1);
        walk.Signal.BeginNotify();
        ThreadPool.UnsafeQueueUserWorkItem(walk, preferLocal: false);
    }

    /// <summary>
    /// Writes the peer's event, after <see cref="Publish"/> has said that it sleeps. One write is enough for all that was published
    /// before. Thread-safe.
    /// </summary>
    public void WakePeer()
    {
        if (Volatile.Read(ref _walk) is not { } walk || !walk.TryHold())
            return;
        Signal(walk);
        walk.Generation.Release();
    }

    // The control thread is told first, and sees a writer by then: if the peer makes the write block, it is he who ends that.
    private void Signal(TxWalk walk)
    {
        walk.Signal.BeginNotify();
        _owner.Kicked();

        // Whoever closes the walk looks for writers afterwards: so either he sees this one, or nothing is written.
        if (walk.IsClosed)
        {
            walk.Signal.GiveUpNotify();
            return;
        }

        walk.Signal.EndNotify();
        Interlocked.Increment(ref _signalsSent);
    }
}

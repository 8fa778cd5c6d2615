namespace ZMemif.Udp.Stack;

/// <summary>
/// Who drains the only receive queue of an interface: its loop, or one of the callers that wait for a datagram. So a
/// synchronous receive loop needs no second thread and no wake-up. Thread-safe; nothing is called under its lock.
/// </summary>
/// <param name="queue">The queue.</param>
/// <param name="wakeLoop">Makes the loop look at the seat.</param>
internal sealed class DriverSeat(RxQueue queue, Action wakeLoop)
{
    private const int Free = 0;
    private const int Loop = 1;
    private const int Caller = 2;

    private readonly Lock _lock = new();
    private readonly LinkedList<ISeatWaiter> _waiting = new();
    private int _holder;
    private int _waitingCount;
    private int _pending;
    private uint _visits;
    private bool _loopRests;
    private bool _isClaimed;

    /// <summary>The queue that whoever sits here drains.</summary>
    internal RxQueue Queue => queue;

    /// <summary>How many times a caller has taken the seat; it may wrap.</summary>
    internal uint Visits => Volatile.Read(ref _visits);

    internal bool IsFree => Volatile.Read(ref _holder) == Free;

    internal bool IsLoops => Volatile.Read(ref _holder) == Loop;

    /// <summary>
    /// Whether the loop has to drain: for receives that have no thread, or because the link is held back and whoever waits
    /// for it to move again must not be a caller who may leave.
    /// </summary>
    internal bool NeedsLoop => Volatile.Read(ref _pending) > 0 || queue.IsHeld;

    /// <summary>Whether the loop should give the seat to a caller.</summary>
    internal bool IsWantedByCallers => (Volatile.Read(ref _waitingCount) > 0 || Volatile.Read(ref _isClaimed)) && !NeedsLoop;

    internal bool TryTakeAsLoop() => Interlocked.CompareExchange(ref _holder, Loop, Free) == Free;

    internal bool TryTakeAsCaller()
    {
        if (NeedsLoop || Interlocked.CompareExchange(ref _holder, Caller, Free) != Free)
            return false;
        Volatile.Write(ref _visits, _visits + 1);
        return true;
    }

    /// <summary>
    /// A caller looks, and will do so again: the loop had better stand beside. It is not woken for that.
    /// </summary>
    internal void Claim()
    {
        Volatile.Write(ref _visits, _visits + 1);
        if (IsLoops && !_isClaimed)
            Volatile.Write(ref _isClaimed, true);
    }

    /// <summary>Gets up; the next who waits is told.</summary>
    internal void Leave()
    {
        Volatile.Write(ref _isClaimed, false);
        Interlocked.Exchange(ref _holder, Free);
        if (NeedsLoop || Volatile.Read(ref _loopRests))
            wakeLoop();
        InviteNext();
    }

    /// <summary>Puts a caller in the line for the seat.</summary>
    /// <returns>False when the seat seems to be free, so that it is better to try again than to wait.</returns>
    internal bool Enlist(LinkedListNode<ISeatWaiter> waiter)
    {
        lock (_lock)
        {
            _waiting.AddLast(waiter);
            Volatile.Write(ref _waitingCount, _waiting.Count);
        }

        // Who leaves makes the seat free and then looks at the line; who comes stands in line and then looks at the seat.
        Interlocked.MemoryBarrier();
        if (IsLoops)
            wakeLoop();
        return !IsFree || NeedsLoop;
    }

    /// <summary>Takes a caller out of the line.</summary>
    /// <returns>False when he has been invited: he takes the seat, or calls <see cref="InviteNext"/>.</returns>
    internal bool Delist(LinkedListNode<ISeatWaiter> waiter)
    {
        lock (_lock)
        {
            if (waiter.List is null)
                return false;
            _waiting.Remove(waiter);
            Volatile.Write(ref _waitingCount, _waiting.Count);
            return true;
        }
    }

    /// <summary>Tells the first in line, if the seat is free.</summary>
    internal void InviteNext()
    {
        if (!IsFree || Volatile.Read(ref _waitingCount) == 0)
            return;
        ISeatWaiter? next;
        lock (_lock)
        {
            next = _waiting.First?.Value;
            if (next is not null)
                _waiting.RemoveFirst();
            Volatile.Write(ref _waitingCount, _waiting.Count);
        }

        next?.Invite();
    }

    /// <summary>A receive without a thread begins to wait.</summary>
    internal void BeginPending()
    {
        Interlocked.Increment(ref _pending);
        if (!IsLoops)
            wakeLoop();
    }

    internal void EndPending() => Interlocked.Decrement(ref _pending);

    /// <summary>
    /// The loop has nothing to do while a caller sits here for long: it wants to be woken when he leaves.
    /// </summary>
    /// <returns>False when he has left already.</returns>
    internal bool BeginRest()
    {
        Volatile.Write(ref _loopRests, true);
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _holder) == Caller;
    }

    internal void EndRest() => Volatile.Write(ref _loopRests, false);
}

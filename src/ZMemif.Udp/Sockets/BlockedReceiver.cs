using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// A thread that is blocked in a receive: it sleeps on the link, if it drives, or on an event. Each thread has one and uses
/// it again; a signal that comes late, from its last use, makes it look once for nothing.
/// </summary>
#pragma warning disable CA1001 // The event never makes its handle, and lives as long as its thread.
internal sealed class BlockedReceiver : ReceiveWaiter, ISeatWaiter
#pragma warning restore CA1001
{
    [ThreadStatic]
    private static BlockedReceiver? s_current;

    private readonly ManualResetEventSlim _event = new();
    private volatile bool _isDone;
    private volatile RxQueue? _sleepsOn;
    private QueuedDatagram _datagram;
    private SocketError _error;

    private BlockedReceiver() => Place = new LinkedListNode<ISeatWaiter>(this);

    /// <summary>This thread's waiter, ready for a receive.</summary>
    internal static BlockedReceiver Begin()
    {
        BlockedReceiver current = s_current ??= new BlockedReceiver();
        current._event.Reset();
        current._error = SocketError.Success;
        current._isDone = false;
        return current;
    }

    /// <summary>Its place in the line for the driver's seat.</summary>
    internal LinkedListNode<ISeatWaiter> Place { get; }

    internal override SocketError ClosedError => SocketError.Interrupted;

    internal override bool NeedsLoop => false;

    /// <summary>Whether it has been completed or failed.</summary>
    internal bool IsDone => _isDone;

    /// <summary>Waits until it is done or invited, or the time is over.</summary>
    internal void Wait(TimeSpan limit)
    {
        if (_event.Wait(limit))
            _event.Reset();
    }

    /// <summary>Sleeps on the link, until something comes there, or it is done, or the time is over.</summary>
    internal void SleepOn(RxQueue queue, TimeSpan limit)
    {
        _sleepsOn = queue;
        Interlocked.MemoryBarrier(); // Who completes it says so first, and then looks where it sleeps.
        if (!_isDone)
            queue.Wait(limit);
        _sleepsOn = null;
    }

    /// <summary>Waits for somebody who is about to complete it, without being interrupted.</summary>
    internal void SpinUntilDone()
    {
        while (!_isDone)
            Thread.Yield();
    }

    /// <summary>The outcome, when it is done.</summary>
    internal SocketError GetResult(out QueuedDatagram datagram)
    {
        datagram = _datagram;
        _datagram = default;
        return _error;
    }

    public void Invite() => _event.Set();

    internal override void Complete(QueuedDatagram datagram)
    {
        _datagram = datagram;
        Finish();
    }

    internal override void Fail(SocketError error)
    {
        _error = error;
        Finish();
    }

    private void Finish()
    {
        _isDone = true;
        Interlocked.MemoryBarrier();
        _event.Set();
        _sleepsOn?.Wake();
    }
}

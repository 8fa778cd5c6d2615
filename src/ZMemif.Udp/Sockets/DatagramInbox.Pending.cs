using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <content>Waiting without a thread, and the end of receiving.</content>
internal sealed partial class DatagramInbox
{
    /// <summary>Nothing more is waited for: who finds nothing is at the end (shutdown(2)).</summary>
    internal bool IsEnded => _isEnded;

    /// <summary>Begins to wait for the next datagram, in turn, unless there is one; for the end it does not look, as on Linux.</summary>
    /// <param name="target">For whom, and where to.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="datagram">The datagram, on success.</param>
    /// <param name="operation">Who waits.</param>
    /// <returns><see cref="SocketError.WouldBlock"/> for who waits; otherwise it is over already.</returns>
    internal SocketError TakeOrPend(
        in ReceiveTarget target, CancellationToken cancellationToken, out QueuedDatagram datagram, out ReceiveOperation? operation)
    {
        operation = null;
        lock (_lock)
        {
            datagram = default;
            if (HasFailure)
                return TakeFailureLocked();
            if (!TryTakeLocked(out datagram))
            {
                if (_isClosed)
                    return SocketError.OperationAborted;
                operation = Pend(target, _waiters);
            }
        }

        if (operation is null)
        {
            Budget.Uncharge(datagram.Length);
            return SocketError.Success;
        }

        Expect(operation, cancellationToken);
        return SocketError.WouldBlock;
    }

    /// <summary>Ends the waiting of threads, which get nothing; what is there can be read still.</summary>
    internal void End()
    {
        ReceiveWaiter[] waiters;
        lock (_lock)
        {
            _isEnded = true;
            ShowReadiness();
            waiters = [.. Threads(_waiters), .. RemoveAll(_watchers)];
        }

        foreach (ReceiveWaiter waiter in waiters)
            waiter.Complete(default);
    }

    // What pends without a thread is not woken, as on Linux.
    private static IEnumerable<ReceiveWaiter> Threads(WaiterQueue queue)
    {
        ReceiveWaiter? next = queue.First;
        while (next is { } waiter)
        {
            next = waiter.Next;
            if (!waiter.NeedsLoop && queue.Remove(waiter))
                yield return waiter;
        }
    }

    private ReceiveOperation Pend(in ReceiveTarget target, WaiterQueue queue)
    {
        ReceiveOperation operation = _spare ?? new ReceiveOperation(this);
        _spare = null;
        operation.Begin(target, isWatcher: queue == _watchers);
        queue.Append(operation);
        return operation;
    }

    private void Expect(ReceiveOperation operation, CancellationToken cancellationToken)
    {
        engine?.BeginPending();
        if (cancellationToken.CanBeCanceled)
            operation.WatchFor(cancellationToken);
    }
}

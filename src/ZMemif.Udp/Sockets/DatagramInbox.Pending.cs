using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <content>Waiting for a datagram, with a thread or without, and the end of it.</content>
internal sealed partial class DatagramInbox
{
    private ReceiveOperation? _spare;

    /// <summary>Nothing more is waited for: who finds nothing is at the end (shutdown(2)).</summary>
    internal bool IsEnded => _isEnded;

    /// <summary>Begins to wait, unless there is a datagram, or there will be none; only threads look for the end, as on Linux.</summary>
    /// <param name="waiter">Who waits; in turn.</param>
    /// <param name="datagram">The datagram, on success.</param>
    /// <returns><see cref="SocketError.WouldBlock"/> for who waits; otherwise it is over already.</returns>
    internal SocketError TakeOrWait(ReceiveWaiter waiter, out QueuedDatagram datagram)
    {
        SocketError error = TakeOrAppend(waiter, out datagram);
        if (error == SocketError.WouldBlock && waiter.NeedsLoop)
            engine?.BeginPending();
        else if (error == SocketError.Success && datagram.Buffer is not null)
            Budget.Uncharge(datagram.Length);
        return error;
    }

    /// <summary>Begins to wait for the next datagram, in turn, unless there is one.</summary>
    /// <param name="target">For whom, and where to.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="datagram">The datagram, on success.</param>
    /// <param name="operation">Who waits.</param>
    /// <returns><see cref="SocketError.WouldBlock"/> for who waits; otherwise it is over already.</returns>
    internal SocketError TakeOrPend(
        in ReceiveTarget target, CancellationToken cancellationToken, out QueuedDatagram datagram, out ReceiveOperation? operation)
    {
        operation = Rent(target, isWatcher: false);
        SocketError error = TakeOrWait(operation, out datagram);
        if (error == SocketError.WouldBlock)
        {
            operation.WatchFor(cancellationToken);
        }
        else
        {
            operation.GiveBack();
            operation = null;
        }

        return error;
    }

    /// <summary>Waits until there is a datagram to be taken, or nothing more to wait for, without taking it.</summary>
    internal ValueTask<QueuedDatagram> WatchAsync(in ReceiveTarget target, CancellationToken cancellationToken)
    {
        ReceiveOperation operation = Rent(target, isWatcher: true);
        var task = new ValueTask<QueuedDatagram>(operation, operation.Version);
        if (Watch(operation))
        {
            operation.WatchFor(cancellationToken);
            return task;
        }

        operation.GiveBack();
        return IsClosed ? ValueTask.FromException<QueuedDatagram>(new SocketException((int)SocketError.OperationAborted)) : default;
    }

    /// <summary>Keeps an operation for the next receive.</summary>
    internal void Recycle(ReceiveOperation operation) => Interlocked.CompareExchange(ref _spare, operation, null);

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

    private SocketError TakeOrAppend(ReceiveWaiter waiter, out QueuedDatagram datagram)
    {
        lock (_lock)
        {
            datagram = default;
            if (HasFailure)
                return TakeFailureLocked();
            if (TryTakeLocked(out datagram) || (_isEnded && !_isClosed && !waiter.NeedsLoop))
                return SocketError.Success;
            if (_isClosed)
                return waiter.ClosedError;
            _waiters.Append(waiter);
            return SocketError.WouldBlock;
        }
    }

    private ReceiveOperation Rent(in ReceiveTarget target, bool isWatcher)
    {
        ReceiveOperation operation = Interlocked.Exchange(ref _spare, null) ?? new ReceiveOperation(this);
        operation.Begin(target, isWatcher);
        return operation;
    }
}

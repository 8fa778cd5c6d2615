using System.Net.Sockets;

namespace ZMemif.Udp.Sockets;

/// <content>An error that the network has reported: told once, to who waits, or to the next who receives or sends.</content>
internal sealed partial class DatagramInbox
{
    private volatile SocketError _failure = SocketError.Success;

    /// <summary>Whether there is an error that nobody has been told of.</summary>
    internal bool HasFailure => _failure != SocketError.Success;

    /// <summary>Fails the first who waits for a datagram; without one, keeps the error, and lets those look who only watch.</summary>
    internal void Fail(SocketError error)
    {
        ReceiveWaiter? waiter;
        ReceiveWaiter[] watchers = [];
        lock (_lock)
        {
            waiter = _waiters.First;
            if (waiter is not null)
            {
                Remove(_waiters, waiter);
            }
            else
            {
                _failure = error;
                watchers = RemoveAll(_watchers);
            }
        }

        waiter?.Fail(error);
        foreach (ReceiveWaiter watcher in watchers)
            watcher.Complete(default);
    }

    /// <summary>Takes the error that nobody has been told of; success if there is none.</summary>
    internal SocketError TakeFailure()
    {
        if (!HasFailure)
            return SocketError.Success;
        lock (_lock)
            return TakeFailureLocked();
    }

    private SocketError TakeFailureLocked()
    {
        SocketError failure = _failure;
        _failure = SocketError.Success;
        return failure;
    }
}

using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <content>The end, and the end of a connection.</content>
internal sealed partial class DatagramInbox
{
    /// <summary>Ends the inbox: fails everybody who waits, and drops what nobody read.</summary>
    /// <returns>How many datagrams were dropped.</returns>
    internal int Close()
    {
        int unread = Empty(isForGood: true);
        Conceal();
        return unread;
    }

    /// <summary>Fails everybody who waits, and drops what nobody read; then it is as new.</summary>
    /// <returns>How many datagrams were dropped.</returns>
    internal int Reset() => Empty(isForGood: false);

    private int Empty(bool isForGood)
    {
        ReceiveWaiter[] waiters;
        QueuedDatagram[] unread;
        lock (_lock)
        {
            _isClosed |= isForGood;
            _isEnded &= isForGood;
            TakeFailureLocked();
            unread = [.. _datagrams];
            _datagrams.Clear();
            ShowReadiness();
            waiters = [.. RemoveAll(_waiters), .. RemoveAll(_watchers)];
        }

        foreach (QueuedDatagram datagram in unread)
        {
            Budget.Uncharge(datagram.Length);
            Return(datagram);
        }

        if (isForGood)
            Budget.Close();
        foreach (ReceiveWaiter waiter in waiters)
            waiter.Fail(waiter.ClosedError);
        return unread.Length;
    }
}

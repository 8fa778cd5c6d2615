using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <content>Looking, and waiting to be able to receive, without receiving.</content>
internal sealed partial class DatagramInbox
{
    private EventFd? _ready;
    private bool _isShownReady;

    /// <summary>Whether whoever receives would not wait: there is a datagram, an error, or the end.</summary>
    private bool IsReady => _datagrams.Count > 0 || HasFailure || _isEnded || _isClosed;

    /// <summary>Begins to wait until there is something to look at.</summary>
    /// <returns>False when there is: then nobody waits.</returns>
    internal bool Watch(ReceiveWaiter watcher)
    {
        lock (_lock)
        {
            if (IsReady)
                return false;
            _watchers.Append(watcher);
        }

        if (watcher.NeedsLoop)
            engine?.BeginPending();
        return true;
    }

    /// <summary>Takes a watcher out of the list.</summary>
    /// <returns>False when somebody else did: he completes it.</returns>
    internal bool TryRemoveWatcher(ReceiveWaiter watcher)
    {
        lock (_lock)
            return Remove(_watchers, watcher);
    }

    /// <summary>Copies the first datagram, which stays.</summary>
    internal bool TryPeek(ref DirectReceive direct)
    {
        lock (_lock)
        {
            if (!_datagrams.TryPeek(out QueuedDatagram first))
                return false;
            direct.Serve(first);
            return true;
        }
    }

    /// <summary>
    /// A descriptor that is readable while there is something to receive. From now on the loops take frames off the link, since
    /// nobody knows who waits.
    /// </summary>
    internal EventFd Expose()
    {
        lock (_lock)
        {
            if (_ready is not null)
                return _ready;
            _ready = new EventFd();
            ShowReadiness();
        }

        engine?.BeginPending();
        return _ready;
    }

    /// <summary>Closes the descriptor, if there is one.</summary>
    private void Conceal()
    {
        EventFd? ready;
        lock (_lock)
        {
            ready = _ready;
            _ready = null;
        }

        if (ready is null)
            return;
        ready.Dispose();
        engine?.EndPending();
    }

    // Under the lock, so that the descriptor says what is.
    private void ShowReadiness()
    {
        if (_ready is not { } ready || IsReady == _isShownReady)
            return;
        _isShownReady = !_isShownReady;
        if (_isShownReady)
            ready.Signal();
        else
            ready.Drain();
    }
}

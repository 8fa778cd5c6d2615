namespace ZMemif;

/// <summary>
/// Runs callbacks on the thread pool, one after the other, in the order in which they were given. Few may wait: a peer can
/// cause more than a slow handler takes. Of too many the newest takes the place of the one before it, so that the last
/// word always arrives. What a callback throws is not caught.
/// </summary>
internal sealed class SerialCallbacks
{
    internal const int MostWaiting = 64;

    private readonly LinkedList<Action> _waiting = new();
    private bool _isRunning;

    internal void Run(Action callback)
    {
        lock (_waiting)
        {
            if (_waiting.Count == MostWaiting)
                _waiting.RemoveLast();
            _waiting.AddLast(callback);
            if (_isRunning)
                return;
            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static callbacks => callbacks.RunAll(), this, preferLocal: false);
    }

    private void RunAll()
    {
        while (TryTake() is { } callback)
            callback();
    }

    private Action? TryTake()
    {
        lock (_waiting)
        {
            Action? next = _waiting.First?.Value;
            if (next is null)
                _isRunning = false;
            else
                _waiting.RemoveFirst();
            return next;
        }
    }
}

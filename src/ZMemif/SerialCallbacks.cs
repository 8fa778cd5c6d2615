namespace ZMemif;

/// <summary>Runs callbacks on the thread pool, one after the other, in the order in which they were given.</summary>
internal sealed class SerialCallbacks
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;

    internal void Run(Action callback)
    {
        lock (_lock)
        {
            _last = _last.ContinueWith(
                static (_, state) => ((Action)state!)(),
                callback,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
        }
    }
}

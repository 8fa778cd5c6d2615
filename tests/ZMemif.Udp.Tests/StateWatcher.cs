namespace ZMemif.Udp.Tests;

/// <summary>Waits for an interface's states, by its event.</summary>
internal sealed class StateWatcher
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly MemifInterface _watched;
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = New();

    internal StateWatcher(MemifInterface watched)
    {
        _watched = watched;
        watched.StateChanged += (_, _) => Changed();
    }

    /// <summary>Returns when the interface is in the state.</summary>
    internal async Task ReachAsync(MemifInterfaceState state)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
                changed = _changed.Task;
            if (_watched.State == state)
                return;
            await changed.WaitAsync(s_patience);
        }
    }

    private void Changed()
    {
        lock (_lock)
        {
            _changed.SetResult();
            _changed = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

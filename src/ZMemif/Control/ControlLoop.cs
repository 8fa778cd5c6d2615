using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>
/// The one control thread of the process: runs the state machines of all sockets, never blocks in one of them, and ends
/// with the last socket. Everything about a port's life happens here.
/// </summary>
internal sealed class ControlLoop
{
    private static readonly Lock s_lock = new();
    private static ControlLoop? s_shared;
    private static int s_users;

    private readonly Queue<Action> _posted = new();
    private readonly List<ControlSource> _sources = [];
    private readonly EventCounter _wake = EventCounter.Create();
    private readonly TimeProvider _time;
    private bool _stopping;
    private bool _hasEnded;

    /// <summary>Starts a loop of its own; sockets share the one of <see cref="Join"/>.</summary>
    internal ControlLoop(TimeProvider time)
    {
        _time = time;
        Reaper.Shared.Attend();
        new Thread(Run) { Name = "memif control", IsBackground = true }.Start();
    }

    /// <summary>The process's loop, started if need be. Each call is paired with one <see cref="Leave"/>.</summary>
    internal static ControlLoop Join()
    {
        lock (s_lock)
        {
            s_shared ??= new ControlLoop(TimeProvider.System);
            s_users++;
            return s_shared;
        }
    }

    /// <summary>The last one to leave ends the thread, after everything that was posted before.</summary>
    internal static void Leave()
    {
        lock (s_lock)
        {
            if (--s_users > 0)
                return;
            ControlLoop loop = s_shared!;
            s_shared = null;
            loop.Stop();
        }
    }

    /// <summary>Ends the thread, after everything that was posted before.</summary>
    internal void Stop() => Post(() => _stopping = true);

    internal TimeProvider Time => _time;

    /// <summary>Runs an action on the control thread.</summary>
    /// <returns>False after the loop's end: nothing is left to act on, and nothing happens.</returns>
    internal bool Post(Action action)
    {
        lock (_posted)
        {
            if (_hasEnded)
                return false;
            _posted.Enqueue(action);
            _wake.Signal();
            return true;
        }
    }

    /// <summary>
    /// Runs an action on the control thread; the task ends when it has run, with its exception if it threw, and at once when
    /// the loop has ended.
    /// </summary>
    internal Task InvokeAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isPosted = Post(() =>
        {
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return isPosted ? done.Task : Task.CompletedTask;
    }

    /// <summary>Watches a source from now on. On the control thread only.</summary>
    internal void Add(ControlSource source) => _sources.Add(source);

    /// <summary>Stops watching a source. On the control thread only.</summary>
    internal void Remove(ControlSource source) => _sources.Remove(source);

    private void Run()
    {
        var turn = new ControlTurn(_wake.Descriptor);
        Action<ControlSource> serveReadable = ServeReadable;
        Action<ControlSource> serveDue = ServeDue;
        while (!_stopping || _sources.Exists(source => source.OutlivesSockets))
        {
            turn.Wait(_sources, MillisecondsToNextDeadline());
            if (turn.IsWoken)
                RunPosted();
            turn.ServeReadable(serveReadable);
            turn.ServeAll(serveDue);
        }

        End();
    }

    // What was posted after the order to stop is run all the same: somebody waits for it.
    private void End()
    {
        lock (_posted)
        {
            while (_posted.TryDequeue(out Action? action))
                action();
            _hasEnded = true;
            _wake.Dispose();
        }

        Reaper.Shared.Dismiss();
    }

    private void RunPosted()
    {
        _wake.Drain();
        while (TryDequeue(out Action? action))
            action();
    }

    private bool TryDequeue([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Action? action)
    {
        lock (_posted)
            return _posted.TryDequeue(out action);
    }

    // A source may have been removed by a posted action or by another source in this round.
    private void ServeReadable(ControlSource source)
    {
        if (_sources.Contains(source))
            source.OnReadable();
    }

    private void ServeDue(ControlSource source)
    {
        if (source.Deadline <= _time.GetTimestamp() && _sources.Contains(source))
            source.OnDeadline();
    }

    private int MillisecondsToNextDeadline()
    {
        long? next = null;
        foreach (ControlSource source in _sources)
        {
            if (next is null || source.Deadline < next)
                next = source.Deadline;
        }

        if (next is null)
            return -1;
        double milliseconds = _time.GetElapsedTime(_time.GetTimestamp(), next.Value).TotalMilliseconds;
        return (int)Math.Clamp(Math.Ceiling(milliseconds), 0, int.MaxValue);
    }
}

using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>
/// What the control thread serves in one turn: the sources that there were when the turn began, and what poll(2) says of them.
/// Reused from turn to turn, so that a thread that looks often allocates nothing.
/// </summary>
/// <param name="wake">Watched beside the sources.</param>
internal sealed class ControlTurn(FileDescriptor wake)
{
    private readonly List<ControlSource> _sources = [];
    private readonly List<ControlSource> _watched = [];
    private PollFd[] _set = new PollFd[8];

    /// <summary>Whether the thread was woken.</summary>
    internal bool IsWoken => _set[0].Returned != 0;

    /// <summary>Begins a turn: waits until a source is readable, the thread is woken, or the time is over.</summary>
    /// <param name="sources">The sources; others may come and these may go while the turn lasts.</param>
    /// <param name="milliseconds">The time; -1 for no limit.</param>
    internal void Wait(List<ControlSource> sources, int milliseconds)
    {
        _sources.Clear();
        _watched.Clear();
        foreach (ControlSource source in sources)
        {
            _sources.Add(source);

            // Those only that have a descriptor: poll fails when there are more than the process may have open.
            if (source.Descriptor is not null)
                _watched.Add(source);
        }

        Errno.Check(Libc.Poll(Set(), milliseconds), "poll on the control thread");
    }

    /// <summary>Serves what is readable.</summary>
    internal void ServeReadable(Action<ControlSource> serve)
    {
        for (int i = 0; i < _watched.Count; i++)
        {
            if (_set[i + 1].Returned != 0)
                serve(_watched[i]);
        }
    }

    /// <summary>Serves all, whatever poll said.</summary>
    internal void ServeAll(Action<ControlSource> serve) => _sources.ForEach(serve);

    private Span<PollFd> Set()
    {
        if (_set.Length <= _watched.Count)
            Array.Resize(ref _set, 2 * _watched.Count);
        _set[0] = Watch(wake);
        for (int i = 0; i < _watched.Count; i++)
            _set[i + 1] = Watch(_watched[i].Descriptor!);
        return _set.AsSpan(0, _watched.Count + 1);
    }

    private static PollFd Watch(FileDescriptor descriptor) => new() { Fd = descriptor.Number, Events = Libc.POLLIN };
}

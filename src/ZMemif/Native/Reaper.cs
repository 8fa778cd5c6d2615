namespace ZMemif.Native;

/// <summary>
/// Closes descriptors whose closing may take as long as a peer likes: what he passed may be a TCP socket that lingers, a
/// file of a file system that he runs himself, or gigabytes of memory; and a channel that is closed lets go of what he passed
/// unread. So that nobody else waits for that, threads of the reaper's own do; they come when there is work and end soon
/// after, except one. What one user passed is closed one after the other, by one thread: whoever is slow keeps only himself
/// waiting. What else has to be done to what a peer passed, and may take long, is done in the same way.
/// </summary>
/// <param name="close">Closes one descriptor, however long it takes.</param>
internal sealed class Reaper(Action<int, ClosingRisk> close)
{
    /// <summary>With so many descriptors of one user waiting, he is not let in, nor read from before his link is up.</summary>
    internal const int MostOfUser = 64;

    // So many users can be slow before the others wait for them.
    private const int MostThreads = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly Dictionary<object, Lane> _lanes = [];
    private int _waiting;
    private int _users;
    private int _threads;
    private int _idle;

    /// <summary>The process's.</summary>
    internal static Reaper Shared { get; } = new(CloseNow);

    /// <summary>
    /// Another one for what ends by itself after a fraction of a second, whatever a peer does: it waits for nothing that hangs, and
    /// nothing of a user for another of his.
    /// </summary>
    internal static Reaper Quick { get; } = new(CloseNow);

    /// <summary>
    /// With so many descriptors of all users waiting, nobody new is let in: some, and never more than a quarter of what this
    /// process may have open.
    /// </summary>
    internal static int Most { get; } = (int)Math.Min(4 * MostOfUser, Libc.MostDescriptors() / 4);

    /// <summary>Whether closings hang, and too many wait behind them.</summary>
    internal bool IsFull
    {
        get
        {
            lock (_gate)
                return _waiting >= Most;
        }
    }

    /// <summary>Whether too many descriptors wait that peers of this user passed.</summary>
    internal bool IsFullOf(uint user)
    {
        lock (_gate)
            return _waiting >= Most || (_lanes.TryGetValue(user, out Lane? lane) && lane.Closings >= MostOfUser);
    }

    /// <summary>
    /// Keeps a thread ready until <see cref="Dismiss"/>: without descriptors no thread can be made, and it may be those that
    /// wait to be closed that are missing.
    /// </summary>
    internal void Attend()
    {
        lock (_gate)
        {
            _users++;
            if (_threads > 0)
                return;
            _threads++;
        }

        StartThread();
    }

    /// <summary>The end of what <see cref="Attend"/> began.</summary>
    internal void Dismiss()
    {
        lock (_gate)
        {
            _users--;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Closes a descriptor, a moment later. Thread-safe, never blocks.</summary>
    /// <param name="fd">The descriptor.</param>
    /// <param name="risk">Why it may take long.</param>
    /// <param name="user">Whose doing that would be.</param>
    internal void Close(int fd, ClosingRisk risk, uint user) =>
        Enqueue(() => close(fd, risk), user, isClosing: true);

    /// <summary>Does something to what a peer passed, a moment later. Thread-safe, never blocks.</summary>
    /// <param name="work">What; throws nothing.</param>
    /// <param name="owner">Behind whose other things it comes: the user, or who else is to wait for himself only.</param>
    internal void Run(Action work, object owner) => Enqueue(work, owner, isClosing: false);

    private void Enqueue(Action work, object owner, bool isClosing)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(owner, out Lane? lane))
                _lanes.Add(owner, lane = new Lane(owner));
            lane.Waiting.Enqueue((work, isClosing));
            Count(lane, isClosing ? 1 : 0);
            if (_lanes.Values.Count(IsReady) <= _idle)
            {
                Monitor.Pulse(_gate);
                return;
            }

            if (_threads == MostThreads)
                return;
            _threads++;
        }

        StartThread();
    }

    // Where no thread can be made, those that there are, or the next closing, take what waits.
    private void StartThread()
    {
        try
        {
            new Thread(Work) { Name = "memif reaper", IsBackground = true }.Start();
        }
        catch (OutOfMemoryException)
        {
            lock (_gate)
                _threads--;
        }
    }

    private void Work()
    {
        while (Take() is { } lane)
        {
            lane.Next!();
            Leave(lane);
        }
    }

    private Lane? Take()
    {
        lock (_gate)
        {
            _idle++;
            bool isOver = false;
            while (!isOver && !_lanes.Values.Any(IsReady))
                isOver = !Monitor.Wait(_gate, HasToStay ? Timeout.InfiniteTimeSpan : s_patience) && !HasToStay;
            _idle--;
            Lane? lane = _lanes.Values.FirstOrDefault(IsReady);
            if (lane is null)
            {
                _threads--;
                return null;
            }

            (lane.Next, bool isClosing) = lane.Waiting.Dequeue();
            Count(lane, isClosing ? -1 : 0);
            lane.IsBusy = true;
            return lane;
        }
    }

    // Only what holds a descriptor until it is done is too much at some time.
    private void Count(Lane lane, int closings)
    {
        _waiting += closings;
        lane.Closings += closings;
    }

    // Taken out, and put behind the others if there is more.
    private void Leave(Lane lane)
    {
        lock (_gate)
        {
            lane.Next = null;
            lane.IsBusy = false;
            _lanes.Remove(lane.Owner);
            if (lane.Waiting.Count > 0)
                _lanes.Add(lane.Owner, lane);
        }
    }

    // For the last idle thread.
    private bool HasToStay => _users > 0 && _idle == 1;

    private static bool IsReady(Lane lane) => !lane.IsBusy && lane.Waiting.Count > 0;

    private static void CloseNow(int fd, ClosingRisk risk)
    {
        if (risk == ClosingRisk.Channel)
            Empty(fd);
        Libc.StopLingering(fd);
        _ = Libc.Close(fd);
    }

    // What lies unread in a channel would be closed with it, as it is.
    private static void Empty(int channel)
    {
        using var borrowed = FileDescriptor.Borrow(channel);
        var socket = new SeqPacketSocket(borrowed);
        socket.ShutDown();
        var passed = new List<FileDescriptor>();
        while (socket.TryDiscard(passed))
        {
            foreach (FileDescriptor fd in passed)
            {
                // Here and now: this is the thread for it.
                fd.Risk = ClosingRisk.None;
                Libc.StopLingering(fd.Number);
                fd.Dispose();
            }

            passed.Clear();
        }
    }

    /// <summary>What is done one after the other.</summary>
    private sealed class Lane(object owner)
    {
        internal object Owner => owner;

        internal Queue<(Action Work, bool IsClosing)> Waiting { get; } = new();

        /// <summary>Of those that wait.</summary>
        internal int Closings { get; set; }

        /// <summary>What is being done.</summary>
        internal Action? Next { get; set; }

        internal bool IsBusy { get; set; }
    }
}

using System.Diagnostics;
using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif;

/// <content>Waiting for packets.</content>
public sealed partial class MemifRxQueue
{
    /// <summary>How long <see cref="MemifReceiveMode.Adaptive"/> spins before it sleeps.</summary>
    internal static readonly TimeSpan SpinBudget = TimeSpan.FromMicroseconds(50);

    // How long a sleeper waits before it looks once more: senders may publish and test the mask without a fence between (§4.2).
    private const int SecondLookMilliseconds = 1;

    private readonly EventCounter _wake = EventCounter.Create();
    private readonly Lock _wakeLock = new();
    private volatile MemifReceiveMode _mode;
    private volatile bool _isWoken;
    private volatile bool _isClosed;
    private ulong _wakeups;

    /// <summary>How <see cref="Wait"/> waits. May be changed at any time, from any thread; a sleeper follows at once.</summary>
    public MemifReceiveMode ReceiveMode
    {
        get => _mode;
        set
        {
            _mode = value;
            Wake();
        }
    }

    /// <summary>
    /// Waits until a packet comes, the link changes, <see cref="Wake"/> is called, or the time is over: by sleeping at once,
    /// after spinning for a while, or by spinning only, as <see cref="ReceiveMode"/> says. May return early. Packets of a burst
    /// that has not been released count as not received. One thread at a time may wait, and another may be in a burst meanwhile.
    /// </summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for no limit. Sleeps have millisecond resolution.</param>
    /// <exception cref="ObjectDisposedException">The port was closed before or during the call.</exception>
    public void Wait(TimeSpan timeout)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        int milliseconds = timeout == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Clamp(timeout.TotalMilliseconds, 0, int.MaxValue);
        RxWalk? walk = Volatile.Read(ref _walk);

        // A connection that has ended is as good as none; when the port is told, that wakes the sleeper.
        if (walk is null || walk.IsClosed || !walk.TryHold())
            Sleep(null, milliseconds);
        else
            WaitFor(walk, milliseconds, timeout);

        // With a fence, or the reset might overtake the caller's next look at what somebody changes before a wake-up.
        Interlocked.Exchange(ref _isWoken, false);
    }

    /// <summary>
    /// The event by which the peer wakes a receiver, for an event loop of the program's own. It belongs to the present
    /// connection: ask again after <see cref="MemifPort.Connected"/>, and dispose it. The protocol of a loop that sleeps:
    /// <see cref="TryArm"/>, and if that says so, poll; when readable, <see cref="EventFd.Drain"/>,
    /// <see cref="Disarm"/>, then receive. Not every peer orders its stores (§4.2): poll with a limit of about a millisecond
    /// the first time, and look again.
    /// </summary>
    /// <returns>A descriptor of the program's own, or null while there is no connection.</returns>
    public EventFd? OpenEvent()
    {
        if (Volatile.Read(ref _walk) is not { IsRetired: false } walk || !walk.TryHold())
            return null;
        try
        {
            return new EventFd(new EventCounter(FileDescriptor.Duplicate(walk.Signal.Descriptor)));
        }
        finally
        {
            walk.Generation.Release();
        }
    }

    /// <summary>Asks the peer for events, and looks once more.</summary>
    /// <returns>True when the ring is empty, so that it is safe to sleep; false when there is something to receive, or no connection.</returns>
    public bool TryArm()
    {
        if (Volatile.Read(ref _walk) is not { IsRetired: false } walk || !walk.TryHold())
            return false;
        walk.Signal.Arm();
        bool isEmpty = !walk.HasPackets;
        walk.Generation.Release();
        return isEmpty;
    }

    /// <summary>Tells the peer that events are not wanted while the receiver is awake.</summary>
    public void Disarm()
    {
        if (Volatile.Read(ref _walk) is not { } walk || !walk.TryHold())
            return;
        walk.Signal.Disarm();
        walk.Generation.Release();
    }

    /// <summary>Ends a <see cref="Wait"/> of another thread, now or the next one. Thread-safe; nothing after the port's end.</summary>
    public void Wake()
    {
        lock (_wakeLock)
        {
            if (_isClosed)
                return;
            _isWoken = true;
            _wake.Signal();
        }
    }

    /// <summary>The port's end: wakes a sleeper for the last time; the event goes when he has left.</summary>
    internal void Close()
    {
        lock (_wakeLock)
        {
            // Before the event, which a waiter may take and come again before the event is disposed.
            _isClosed = true;
            _isWoken = true;
            _wake.Signal();
        }

        _wake.Dispose();
        Interlocked.Exchange(ref _walk, null)?.Close();
    }

    private void WaitFor(RxWalk walk, int milliseconds, TimeSpan timeout)
    {
        try
        {
            if (!TrySpin(walk, timeout))
                SleepArmed(walk, milliseconds);
        }
        finally
        {
            walk.Generation.Release();
        }
    }

    /// <returns>Whether the waiting is over; false when it is time to sleep.</returns>
    private bool TrySpin(RxWalk walk, TimeSpan timeout)
    {
        MemifReceiveMode mode = _mode;
        if (mode == MemifReceiveMode.Interrupt)
            return false;
        long began = Stopwatch.GetTimestamp();
        while (!walk.HasPackets && !_isWoken && !walk.IsClosed)
        {
            TimeSpan waited = Stopwatch.GetElapsedTime(began);
            if (timeout != Timeout.InfiniteTimeSpan && waited >= timeout)
                return true;
            if (mode == MemifReceiveMode.Adaptive && waited >= SpinBudget)
                return false;
            Thread.SpinWait(8);
        }

        return true;
    }

    // The caller holds the generation.
    private void SleepArmed(RxWalk walk, int milliseconds)
    {
        int firstSleep = milliseconds < 0 ? SecondLookMilliseconds : Math.Min(milliseconds, SecondLookMilliseconds);
        walk.Signal.Arm();
        bool isOver = walk.HasPackets || Sleep(walk, firstSleep) || walk.HasPackets || walk.IsClosed;
        if (!isOver && firstSleep != milliseconds)
            Sleep(walk, milliseconds < 0 ? -1 : milliseconds - firstSleep);
        walk.Signal.Disarm();
    }

    // Polls the ring's event and the private one; true when one of them fired.
    private bool Sleep(RxWalk? walk, int milliseconds)
    {
        bool held = false;
        _wake.Descriptor.DangerousAddRef(ref held);
        Span<PollFd> set =
        [
            new PollFd { Fd = _wake.Descriptor.Number, Events = Libc.POLLIN },
            new PollFd { Fd = walk?.Signal.Descriptor.Number ?? -1, Events = Libc.POLLIN },
        ];
        try
        {
            Errno.Check(Libc.Poll(set, milliseconds), "poll on a receive queue");
            if (set[0].Returned != 0)
                _wake.Drain();
        }
        finally
        {
            _wake.Descriptor.DangerousRelease();
        }

        if (set[1].Returned != 0)
        {
            walk!.Signal.Drain();
            Volatile.Write(ref _wakeups, _wakeups + 1);
        }

        return set[0].Returned != 0 || set[1].Returned != 0;
    }
}

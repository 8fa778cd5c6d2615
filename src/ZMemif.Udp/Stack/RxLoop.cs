namespace ZMemif.Udp.Stack;

/// <summary>
/// The thread of one receive queue. It drains the queue, sleeps on it when it is empty, and keeps the stack's deadlines.
/// Where callers may drain too (<see cref="DriverSeat"/>), it stands beside while they do: it looks once in a
/// millisecond, drains when no caller came since, and after ten such looks is the driver again.
/// </summary>
#pragma warning disable CA1001 // The event may be set by anybody at any time; it goes with the object.
internal sealed class RxLoop
#pragma warning restore CA1001
{
    // Under load, deadlines are looked at once in so many bursts: a flood must not starve ARP.
    private const int BurstsPerTick = 256;
    private const int LooksBeforeItDrives = 10;

    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(1);

    private readonly RxQueue _queue;
    private readonly DriverSeat? _seat;
    private readonly IpStack _stack;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private readonly AutoResetEvent _beside = new(initialState: false);
    private volatile bool _stopping;

    /// <param name="queue">The queue.</param>
    /// <param name="callersMayDrive">Whether threads that wait for a datagram may drain the queue themselves.</param>
    /// <param name="stack">Whose deadlines are kept.</param>
    /// <param name="time">The clock of the deadlines.</param>
    /// <param name="name">The thread's name.</param>
    internal RxLoop(RxQueue queue, bool callersMayDrive, IpStack stack, TimeProvider time, string name)
    {
        _queue = queue;
        _seat = callersMayDrive ? new DriverSeat(queue, Wake) : null;
        _seat?.TryTakeAsLoop();
        _stack = stack;
        _time = time;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>Who drains; null when only the loop does.</summary>
    internal DriverSeat? Seat => _seat;

    internal RxQueue Queue => _queue;

    internal void Start() => _thread.Start();

    /// <summary>Makes the loop look at everything anew: deadlines, the seat, whether it may drain again.</summary>
    internal void Wake()
    {
        _beside.Set();
        if (_seat is null or { IsLoops: true })
            _queue.Wake();
    }

    /// <summary>Ends the loop and waits for it. Harmless when done already.</summary>
    internal void Stop()
    {
        _stopping = true;
        _beside.Set();
        _queue.Wake();
        if (_thread.IsAlive)
            _thread.Join();
    }

    private void Run()
    {
        Drive();
        while (!_stopping)
        {
            _seat!.Leave();
            StandBeside(_seat);
            if (!_stopping)
                Drive();
        }
    }

    /// <summary>Drains until a caller wants to.</summary>
    private void Drive()
    {
        DirectReceive nobody = default;
        for (uint turn = 0; !_stopping && _seat is not { IsWantedByCallers: true }; turn++)
        {
            if (turn % BurstsPerTick == 0)
                _stack.Tick();
            if (_queue.TryDrain(RxQueue.MostFramesOfABurst, ref nobody) == 0)
                KeepDeadlinesAndSleep();
        }
    }

    private void KeepDeadlinesAndSleep()
    {
        _stack.Tick();
        if (_queue.IsHeld)
            _beside.WaitOne(UntilDeadline());
        else
            _queue.Wait(UntilDeadline());
    }

    /// <summary>Lets callers drain. Returns with the seat, or at the end.</summary>
    private void StandBeside(DriverSeat seat)
    {
        int idleLooks = 0;
        uint seen = seat.Visits;
        for (bool isTakenForLong = false; !_stopping;)
        {
            Pause(seat, isTakenForLong);
            _stack.Tick();
            bool cameSince = seat.Visits != seen;
            seen = seat.Visits;
            isTakenForLong = !cameSince && !seat.IsFree;
            idleLooks = cameSince || isTakenForLong ? 0 : idleLooks + 1;
            bool isNeeded = seat.NeedsLoop || idleLooks > 0;
            if (!isNeeded || !seat.TryTakeAsLoop())
                continue;
            if (seat.NeedsLoop || idleLooks == LooksBeforeItDrives)
                return;
            DrainAll();
            seat.Leave();
        }
    }

    // A caller that stays, because nothing comes, wakes the loop when he leaves.
    private void Pause(DriverSeat seat, bool isTakenForLong)
    {
        if (!isTakenForLong)
            _beside.WaitOne(s_betweenLooks);
        else if (seat.BeginRest())
            _beside.WaitOne(UntilDeadline());
        seat.EndRest();
    }

    private void DrainAll()
    {
        DirectReceive nobody = default;
        while (_queue.TryDrain(RxQueue.MostFramesOfABurst, ref nobody) > 0)
        {
        }
    }

    // Never negative: a deadline that passed just now, a millisecond ago, would read as no limit at all.
    private TimeSpan UntilDeadline() => _stack.NextDeadline is { } deadline
        ? TimeSpan.FromTicks(Math.Max(0, _time.GetElapsedTime(_time.GetTimestamp(), deadline).Ticks))
        : Timeout.InfiniteTimeSpan;
}

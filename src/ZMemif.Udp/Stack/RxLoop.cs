using System.Diagnostics;
using ZMemif.Udp.Link;

namespace ZMemif.Udp.Stack;

/// <summary>
/// The thread of one receive queue: batch in, each frame to the stack, batch back; when the queue is empty it spins for
/// a budget and then sleeps.
/// </summary>
internal sealed class RxLoop
{
    private const int Burst = 64;

    // Under load, deadlines are looked at once in so many bursts: a flood must not starve ARP.
    private const int BurstsPerTick = 256;

    private readonly ILinkReceiver _receiver;
    private readonly IpStack _stack;
    private readonly TimeSpan _spinBudget;
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <param name="receiver">The queue.</param>
    /// <param name="stack">Who gets the frames.</param>
    /// <param name="spinBudget">How long to spin on an empty queue before sleeping; <see cref="TimeSpan.MaxValue"/> never to sleep.</param>
    /// <param name="time">The clock of the stack's deadlines.</param>
    /// <param name="name">The thread's name.</param>
    internal RxLoop(ILinkReceiver receiver, IpStack stack, TimeSpan spinBudget, TimeProvider time, string name)
    {
        _receiver = receiver;
        _stack = stack;
        _spinBudget = spinBudget;
        _time = time;
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    internal void Start() => _thread.Start();

    /// <summary>Makes the loop look at the deadlines anew.</summary>
    internal void Wake() => _receiver.Wake();

    /// <summary>Ends the loop and waits for it.</summary>
    internal void Stop()
    {
        _stopping = true;
        _receiver.Wake();
        if (_thread.IsAlive)
            _thread.Join();
    }

    private void Run()
    {
        long idleSince = 0;
        for (uint turn = 0; !_stopping; turn++)
        {
            if (turn % BurstsPerTick == 0)
                _stack.Tick();
            if (Drain())
                idleSince = 0;
            else if (idleSince == 0)
                idleSince = Stopwatch.GetTimestamp();
            else if (MaySpin(idleSince))
                Thread.Yield();
            else
                KeepDeadlinesAndSleep();
        }
    }

    private bool Drain()
    {
        if (_receiver.Acquire(Burst) == 0)
            return false;
        while (_receiver.TryRead(out ReadOnlySpan<byte> frame))
            _stack.Handle(frame);
        _receiver.Release();
        return true;
    }

    private bool MaySpin(long idleSince) => Stopwatch.GetElapsedTime(idleSince) < _spinBudget;

    private void KeepDeadlinesAndSleep()
    {
        _stack.Tick();
        _receiver.Wait(_stack.NextDeadline is { } next ? Until(next) : Timeout.InfiniteTimeSpan);
    }

    // Never negative: a deadline that passed just now, a millisecond ago, would read as no limit at all.
    private TimeSpan Until(long deadline) =>
        TimeSpan.FromTicks(Math.Max(0, _time.GetElapsedTime(_time.GetTimestamp(), deadline).Ticks));
}

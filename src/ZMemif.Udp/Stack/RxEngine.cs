using ZMemif.Udp.Link;

namespace ZMemif.Udp.Stack;

/// <summary>
/// The receive side of an interface: its queues, the loop of each, and the seat of the driver. With one queue, callers that
/// wait for a datagram drain it themselves; with more, the loops do.
/// </summary>
internal sealed class RxEngine
{
    private readonly RxLoop[] _loops;

    /// <param name="receivers">The link's receive queues; none for a link without any.</param>
    /// <param name="stack">Who gets the frames.</param>
    /// <param name="pressure">Says when nothing may be taken off the link; null for never.</param>
    /// <param name="time">The clock of the stack's deadlines.</param>
    /// <param name="name">What the threads are called.</param>
    internal RxEngine(IReadOnlyList<ILinkReceiver> receivers, IpStack stack, BackPressure? pressure, TimeProvider time, string name)
    {
        bool callersMayDrive = receivers.Count == 1;
        _loops = [.. receivers.Select((receiver, i) =>
            new RxLoop(new RxQueue(receiver, stack, pressure), callersMayDrive, stack, time, $"{name} {i}"))];
    }

    /// <summary>Where a caller may drive; null when only loops do.</summary>
    internal DriverSeat? Seat => _loops.Length == 1 ? _loops[0].Seat : null;

    internal void Start()
    {
        foreach (RxLoop loop in _loops)
            loop.Start();
    }

    /// <summary>Makes the loops look at everything anew. Thread-safe.</summary>
    internal void Wake()
    {
        foreach (RxLoop loop in _loops)
            loop.Wake();
    }

    /// <summary>Takes off the link what is there, until the caller is served.</summary>
    internal void Look(ref DirectReceive direct)
    {
        foreach (RxLoop loop in _loops)
        {
            if (direct.IsOver)
                return;
            loop.Queue.Look(ref direct);
        }
    }

    /// <summary>
    /// For a sender who waits for room: takes a burst off each queue, so that two interfaces which send to each other without
    /// end do not both wait.
    /// </summary>
    internal void DrainWhileSending()
    {
        DirectReceive nobody = default;
        foreach (RxLoop loop in _loops)
            loop.Queue.TryDrain(RxQueue.MostFramesOfABurst, ref nobody);
    }

    /// <summary>A receive that has no thread begins to wait: somebody has to drain for it.</summary>
    internal void BeginPending() => Seat?.BeginPending();

    internal void EndPending() => Seat?.EndPending();

    /// <summary>Nothing is taken off the link any more; the loops go on keeping deadlines.</summary>
    internal void StopDraining()
    {
        foreach (RxLoop loop in _loops)
            loop.Queue.Close();
    }

    /// <summary>Ends the loops and waits for them.</summary>
    internal void Stop()
    {
        foreach (RxLoop loop in _loops)
            loop.Stop();
    }
}

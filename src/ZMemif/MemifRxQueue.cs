using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif;

/// <summary>
/// A receive queue of a <see cref="MemifPort"/>. It has a single consumer: calls from two threads at once are refused
/// with an <see cref="InvalidOperationException"/>. It outlives connections; while there is none, nothing comes.
/// </summary>
public sealed class MemifRxQueue
{
    // How long a sleeper waits before it looks once more: senders may publish and test the mask without a fence between (§4.2).
    private const int SecondLookMilliseconds = 1;

    private readonly Action<string> _reportViolation;
    private readonly EventFd _wake = EventFd.Create();
    private RxWalk? _walk;
    private RxWalk? _entered;
    private ulong _packets;
    private ulong _bytes;
    private ulong _readPackets;
    private ulong _readBytes;

    internal MemifRxQueue(int index, Action<string> reportViolation)
    {
        Index = index;
        _reportViolation = reportViolation;
    }

    /// <summary>Position among the port's receive queues.</summary>
    public int Index { get; }

    /// <summary>Whether packets can come at the moment.</summary>
    public bool IsConnected => Volatile.Read(ref _walk) is not null;

    /// <summary>Packets taken off the ring since the port was created.</summary>
    public ulong Packets => Volatile.Read(ref _packets);

    /// <summary>Bytes taken off the ring since the port was created.</summary>
    public ulong Bytes => Volatile.Read(ref _bytes);

    /// <summary>
    /// Begins a burst: looks for packets on the ring. When there are some, the queue is held until <see cref="Release"/>.
    /// </summary>
    /// <param name="maxPackets">At most so many, at least 1.</param>
    /// <returns>How many packets <see cref="TryRead"/> will yield; 0 when the ring is empty or the link is down.</returns>
    /// <exception cref="InvalidOperationException">Another thread uses this queue, or a burst has not been released.</exception>
    public int Acquire(int maxPackets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPackets, 1);
        if (_entered is not null)
            QueueWalk.ThrowTwoUsers();
        RxWalk? walk = Volatile.Read(ref _walk);
        if (walk is null || !walk.Enter())
            return 0;
        _entered = walk;
        int packets = walk.Gather(maxPackets);
        if (packets == 0)
            Leave(walk);
        return packets;
    }

    /// <summary>The next packet of the burst, in place.</summary>
    public bool TryRead(out MemifPacket packet)
    {
        if (_entered is not { } walk || !walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out int length))
        {
            packet = default;
            return false;
        }

        packet = new MemifPacket(walk.Generation, segments, length);
        _readPackets++;
        _readBytes += (uint)length;
        return true;
    }

    /// <summary>Ends the burst: the buffers of all packets that were read go back to the peer; the others come again.</summary>
    public void Release()
    {
        if (_entered is not { } walk)
            return;
        walk.Release();
        Volatile.Write(ref _packets, _packets + _readPackets);
        Volatile.Write(ref _bytes, _bytes + _readBytes);
        _readPackets = _readBytes = 0;
        Leave(walk);
    }

    /// <summary>Receives one packet by copy.</summary>
    /// <param name="buffer">Where the packet goes; a longer packet is cut.</param>
    /// <param name="length">The packet's whole length in bytes; more than the buffer's when it was cut.</param>
    /// <returns>False when there is no packet.</returns>
    /// <exception cref="InvalidOperationException">Another thread uses this queue, or a burst has not been released.</exception>
    public bool TryReceive(Span<byte> buffer, out int length)
    {
        length = 0;
        if (Acquire(1) == 0)
            return false;
        if (TryRead(out MemifPacket packet))
        {
            packet.CopyTo(0, buffer);
            length = packet.Length;
        }

        Release();
        return true;
    }

    /// <summary>
    /// Sleeps until a packet comes, the link changes, <see cref="Wake"/> is called, or the time is over. May return early.
    /// </summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for no limit. Millisecond resolution.</param>
    /// <exception cref="InvalidOperationException">Another thread uses this queue, or a burst has not been released.</exception>
    /// <exception cref="ObjectDisposedException">The socket was disposed before the call.</exception>
    public void Wait(TimeSpan timeout)
    {
        int milliseconds = timeout == Timeout.InfiniteTimeSpan ? -1 : (int)Math.Clamp(timeout.TotalMilliseconds, 0, int.MaxValue);
        RxWalk? walk = Volatile.Read(ref _walk);
        if (walk is null)
        {
            Sleep(null, milliseconds);
            return;
        }

        if (!walk.Enter())
            return;
        Generation generation = walk.Generation;
        generation.Retain();
        try
        {
            WaitFor(walk, milliseconds);
        }
        finally
        {
            generation.Release();
        }
    }

    /// <summary>Ends a <see cref="Wait"/> of another thread, now or the next one. Thread-safe.</summary>
    public void Wake() => _wake.Signal();

    /// <summary>Starts using a connection's ring; null when the connection is gone.</summary>
    internal void Attach(RxWalk? walk)
    {
        Volatile.Write(ref _walk, walk);
        _wake.Signal();
    }

    /// <summary>The port's end: wakes a sleeper for the last time; the event goes when he has left.</summary>
    internal void Close()
    {
        _wake.Signal();
        _wake.Dispose();
    }

    // Entered, and with the generation held for the time after the exit.
    private void WaitFor(RxWalk walk, int milliseconds)
    {
        walk.Signal.Arm();
        bool hasPackets = walk.HasPackets;
        walk.Exit();

        int firstSleep = milliseconds < 0 ? SecondLookMilliseconds : Math.Min(milliseconds, SecondLookMilliseconds);
        if (!hasPackets && !Sleep(walk, firstSleep) && !LookAgain(walk) && firstSleep != milliseconds)
            Sleep(walk, milliseconds < 0 ? -1 : milliseconds - firstSleep);
        Disarm(walk);
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
        Errno.Check(Libc.Poll(set, milliseconds), "poll on a receive queue");
        if (set[0].Returned != 0)
            _wake.Drain();
        _wake.Descriptor.DangerousRelease();
        if (set[1].Returned != 0)
            walk!.Signal.Drain();
        return set[0].Returned != 0 || set[1].Returned != 0;
    }

    private static bool LookAgain(RxWalk walk)
    {
        if (!walk.Enter())
            return true;
        bool hasPackets = walk.HasPackets;
        walk.Exit();
        return hasPackets;
    }

    private static void Disarm(RxWalk walk)
    {
        if (!walk.Enter())
            return;
        walk.Signal.Disarm();
        walk.Exit();
    }

    private void Leave(RxWalk walk)
    {
        _entered = null;
        string? violation = walk.Violation;
        if (walk.Exit() && violation is not null)
            _reportViolation(violation);
    }
}

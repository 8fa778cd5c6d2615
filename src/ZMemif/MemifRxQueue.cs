using ZMemif.Memory;
using ZMemif.Queues;

namespace ZMemif;

/// <summary>
/// A receive queue of a <see cref="MemifPort"/>. It has a single consumer: overlapping calls from two threads are
/// refused with an <see cref="InvalidOperationException"/>; only <see cref="Wait"/> may overlap the others. It outlives connections; while there is none, nothing comes.
/// </summary>
public sealed partial class MemifRxQueue
{
    private const int CallbackBurst = 64;

    private readonly IQueueOwner _owner;
    private RxWalk? _walk;
    private RxWalk? _entered;
    private ulong _packets;
    private ulong _bytes;
    private ulong _droppedOutsideMemory;
    private ulong _droppedLongerThanBuffer;
    private ulong _droppedTooLong;
    private ulong _readPackets;
    private ulong _readBytes;

    internal MemifRxQueue(int index, MemifReceiveMode mode, IQueueOwner owner)
    {
        Index = index;
        _mode = mode;
        _owner = owner;
    }

    /// <summary>Position among the port's receive queues.</summary>
    public int Index { get; }

    /// <summary>Whether packets can come at the moment.</summary>
    public bool IsConnected => Volatile.Read(ref _walk) is { IsRetired: false };

    /// <summary>Packets taken off the ring since the port was created.</summary>
    public ulong Packets => Volatile.Read(ref _packets);

    /// <summary>What the queue did so far. May be read from any thread.</summary>
    public MemifRxStatistics Statistics
    {
        get
        {
            RxWalk? walk = Volatile.Read(ref _walk);
            bool isMapped = walk is not null && walk.TryHold();
            var statistics = new MemifRxStatistics
            {
                Packets = Volatile.Read(ref _packets),
                Bytes = Volatile.Read(ref _bytes),
                DroppedOutsideMemory = Volatile.Read(ref _droppedOutsideMemory),
                DroppedLongerThanBuffer = Volatile.Read(ref _droppedLongerThanBuffer),
                DroppedTooLong = Volatile.Read(ref _droppedTooLong),
                Wakeups = Volatile.Read(ref _wakeups),
                Occupancy = isMapped ? walk!.Occupancy : 0,
                RingSize = isMapped ? walk!.RingSize : 0,
            };
            if (isMapped)
                walk!.Generation.Release();
            return statistics;
        }
    }

    /// <summary>
    /// Begins a burst: looks for packets on the ring. When there are some, the queue is held until <see cref="Release"/>.
    /// What the peer sent before its link ended can be received until the next link comes up.
    /// </summary>
    /// <param name="maxPackets">At most so many, at least 1.</param>
    /// <returns>How many packets <see cref="TryRead"/> will yield; 0 when there is nothing on the ring, or no ring.</returns>
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
        if (packets > 0)
            return packets;
        bool isExhausted = walk.IsExhausted;
        Leave(walk);
        if (isExhausted)
            Forget(walk);
        return 0;
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
        CountRead(packet);
        return true;
    }

    /// <summary>Ends the burst: the buffers of all packets that were read go back to the peer; the others come again.</summary>
    public void Release()
    {
        if (_entered is not { } walk)
            return;
        walk.Release();
        Leave(walk);
    }

    /// <summary>
    /// Receives until it is cancelled, on this thread: waits as <see cref="ReceiveMode"/> says, and hands every packet to the
    /// handler, in order. The slots of a burst go back together, after its last packet.
    /// </summary>
    /// <param name="handler">Gets each packet. What it throws ends the loop; the packet counts as read.</param>
    /// <param name="cancellationToken">Ends the loop after the burst.</param>
    /// <exception cref="ObjectDisposedException">The port was closed before or during the call.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses this queue, or a burst has not been released.</exception>
    public void ReceiveAll(MemifPacketHandler handler, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handler);
        using CancellationTokenRegistration wake = cancellationToken.UnsafeRegister(static queue => ((MemifRxQueue)queue!).Wake(), this);
        while (!cancellationToken.IsCancellationRequested)
        {
            if (Acquire(CallbackBurst) > 0)
                HandleBurst(handler);
            else
                Wait(Timeout.InfiniteTimeSpan);
        }
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
    /// Receives one packet without copying it: it stays in shared memory until the lease is disposed, and the peer cannot
    /// use its slots, nor any later ones, before. Leases may be ended on any thread and in any order.
    /// </summary>
    /// <returns>False when there is no packet.</returns>
    /// <exception cref="InvalidOperationException">Another thread uses this queue, or a burst has not been released.</exception>
    public bool TryLease(out MemifLease lease)
    {
        lease = default;
        if (Acquire(1) == 0)
            return false;
        RxWalk walk = _entered!;
        bool any = walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out int length);
        if (any)
        {
            CountRead(new MemifPacket(walk.Generation, segments, length));
            SlotLoan loan = walk.Lend(segments, out ReadOnlyMemory<PacketSegment> kept);
            lease = new MemifLease(walk, kept, length, loan);
        }

        Leave(walk);
        return any;
    }

    /// <summary>Starts using a connection's ring, and ends using the one before.</summary>
    internal void Attach(RxWalk walk)
    {
        Interlocked.Exchange(ref _walk, walk)?.Close();
        Wake();
    }

    /// <summary>The connection is gone: what it brought can still be read. Harmless when there is none.</summary>
    internal void Retire()
    {
        Volatile.Read(ref _walk)?.Retire();
        Wake();
    }

    private void Forget(RxWalk walk)
    {
        walk.Close();
        Interlocked.CompareExchange(ref _walk, null, walk);
    }

    private void HandleBurst(MemifPacketHandler handler)
    {
        try
        {
            while (TryRead(out MemifPacket packet))
                handler(packet);
        }
        finally
        {
            Release();
        }
    }

    private void CountRead(MemifPacket packet)
    {
        _readPackets++;
        _readBytes += (uint)packet.Length;
        if (_owner.Capture is { } capture)
            capture.Write(packet);
    }

    private void CountDrops(RxWalk walk)
    {
        Volatile.Write(ref _droppedOutsideMemory, _droppedOutsideMemory + walk.TakeDropped(Malformation.OutsideMemory));
        Volatile.Write(ref _droppedLongerThanBuffer, _droppedLongerThanBuffer + walk.TakeDropped(Malformation.LongerThanBuffer));
        Volatile.Write(ref _droppedTooLong, _droppedTooLong + walk.TakeDropped(Malformation.TooLong));
    }

    private void Leave(RxWalk walk)
    {
        Volatile.Write(ref _packets, _packets + _readPackets);
        Volatile.Write(ref _bytes, _bytes + _readBytes);
        _readPackets = _readBytes = 0;
        if (walk.HasDropped)
            CountDrops(walk);
        _entered = null;
        string? violation = walk.TakeViolation();
        if (walk.Exit() && violation is not null)
            _owner.Fail(walk.Generation, $"On receive queue {Index} the peer wrote something impossible: {violation}.");
    }
}

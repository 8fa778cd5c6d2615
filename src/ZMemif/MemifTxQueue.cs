using ZMemif.Memory;
using ZMemif.Queues;

namespace ZMemif;

/// <summary>
/// A transmit queue of a <see cref="MemifPort"/>. It has a single producer: overlapping calls from two threads are
/// a mistake, refused with an <see cref="InvalidOperationException"/> where that is seen without a cost, and may lose
/// packets where it is not; take a lock if several threads send. It outlives connections; while there is none, nothing can be sent.
/// </summary>
public sealed partial class MemifTxQueue
{
    private readonly IQueueOwner _owner;
    private TxWalk? _walk;
    private TxWalk? _entered;
    private ulong _reservedPackets;
    private ulong _reservedBytes;

    internal MemifTxQueue(int index, IQueueOwner owner)
    {
        Index = index;
        _owner = owner;
    }

    /// <summary>Position among the port's transmit queues.</summary>
    public int Index { get; }

    /// <summary>Whether packets can be sent at the moment.</summary>
    public bool IsConnected => Volatile.Read(ref _walk) is not null;

    /// <summary>
    /// Bytes that the next free buffer on the ring holds; 0 when there is none. A client's are its own
    /// <see cref="MemifPortOptions.BufferSize"/>, a server's are what the client posted.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another thread uses this queue.</exception>
    public int NextBufferLength
    {
        get
        {
            if (!TryEnter(out TxWalk walk))
                return 0;
            int length = walk.NextBufferLength;
            LeaveIfIdle(walk);
            return length;
        }
    }

    /// <summary>
    /// Lends the next free buffer on the ring, to be filled in place. Nothing is sent before <see cref="Commit"/>;
    /// several reservations may be committed together. The first one holds the queue until then.
    /// </summary>
    /// <param name="length">Length of the packet in bytes, at least 1; the buffer has exactly this length.</param>
    /// <param name="buffer">Shared memory: write it once, do not read it back.</param>
    /// <returns>False when the ring is full, the link is down, or one buffer does not hold the packet (see <see cref="TrySend"/>).</returns>
    /// <exception cref="InvalidOperationException">Another thread uses this queue.</exception>
    public bool TryReserve(int length, out Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        buffer = default;
        if (!TryEnter(out TxWalk walk))
        {
            CountLinkDown();
            return false;
        }

        if (walk.TryReserve(length, out buffer))
        {
            _reservedPackets++;
            _reservedBytes += (uint)length;
            return true;
        }

        CountRefusal(walk);
        LeaveIfIdle(walk);
        return false;
    }

    /// <summary>
    /// Puts bytes before the packet that was reserved last, in the headroom of its buffer: a header can be written when the
    /// payload, and so its length, is known, and nothing is moved. Can be repeated while there is room.
    /// </summary>
    /// <param name="length">How many bytes, at least 1.</param>
    /// <param name="header">Shared memory right before the packet so far: write it once, do not read it back.</param>
    /// <returns>
    /// False when nothing is reserved or the headroom that is left is less. A server has none: the buffers are its client's;
    /// a client's is <see cref="MemifPortOptions.Headroom"/>.
    /// </returns>
    public bool TryPrepend(int length, out Span<byte> header)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        header = default;
        if (_entered is not { } walk || !walk.TryPrepend(length, out header))
            return false;
        _reservedBytes += (uint)length;
        return true;
    }

    /// <summary>Publishes all reservations with one store of the ring's index, and wakes the peer if it sleeps.</summary>
    public void Commit()
    {
        if (Publish())
            WakePeer();
    }

    /// <summary>
    /// Publishes all reservations, as <see cref="Commit"/>, but leaves it to the caller to wake the peer: who holds a lock of his own
    /// while he sends can do that after he has let go of it.
    /// </summary>
    /// <returns>Whether the peer sleeps, and <see cref="WakePeer"/> has to be called.</returns>
    public bool Publish()
    {
        if (_entered is not { } walk)
            return false;
        if (_owner.Capture is { } capture)
            CopyTo(capture, walk);
        bool mustWake = walk.Commit();
        if (!mustWake)
            Volatile.Write(ref _signalsSkipped, _signalsSkipped + 1);
        Volatile.Write(ref _packets, _packets + _reservedPackets);
        Volatile.Write(ref _bytes, _bytes + _reservedBytes);
        Leave(walk);
        return mustWake;
    }

    /// <summary>Gives all reservations up; nothing is sent.</summary>
    public void Discard()
    {
        if (_entered is not { } walk)
            return;
        walk.Discard();
        Leave(walk);
    }

    /// <summary>Starts using a connection's ring; null when the connection is gone.</summary>
    internal void Attach(TxWalk? walk) => Volatile.Write(ref _walk, walk);

    private bool TryEnter(out TxWalk walk)
    {
        if (_entered is not null)
        {
            walk = _entered;
            return true;
        }

        walk = Volatile.Read(ref _walk)!;
        if (walk is null || !walk.Enter())
            return false;
        _entered = walk;
        return true;
    }

    private static void CopyTo(PcapWriter capture, TxWalk walk)
    {
        int next = 0;
        while (walk.TryReadBack(ref next, out ReadOnlySpan<PacketSegment> segments))
        {
            int length = 0;
            foreach (PacketSegment segment in segments)
                length += segment.Length;
            capture.Write(new MemifPacket(walk.Generation, segments, length));
        }
    }

    private void LeaveIfIdle(TxWalk walk)
    {
        if (!walk.HasReservations)
            Leave(walk);
    }

    private void Leave(TxWalk walk)
    {
        _reservedPackets = _reservedBytes = 0;
        _entered = null;
        string? violation = walk.TakeViolation();
        if (walk.Exit() && violation is not null)
            _owner.Fail(walk.Generation, $"On transmit queue {Index} the peer wrote something impossible: {violation}.");
    }
}

using ZMemif.Queues;

namespace ZMemif;

/// <summary>
/// A transmit queue of a <see cref="MemifPort"/>. It has a single producer: calls from two threads at once are refused
/// with an <see cref="InvalidOperationException"/>. It outlives connections; while there is none, nothing can be sent.
/// </summary>
public sealed class MemifTxQueue
{
    private readonly Action<string> _reportViolation;
    private TxWalk? _walk;
    private TxWalk? _entered;
    private ulong _packets;
    private ulong _bytes;
    private ulong _reservedPackets;
    private ulong _reservedBytes;

    internal MemifTxQueue(int index, Action<string> reportViolation)
    {
        Index = index;
        _reportViolation = reportViolation;
    }

    /// <summary>Position among the port's transmit queues.</summary>
    public int Index { get; }

    /// <summary>Whether packets can be sent at the moment.</summary>
    public bool IsConnected => Volatile.Read(ref _walk) is not null;

    /// <summary>Packets put on the ring since the port was created.</summary>
    public ulong Packets => Volatile.Read(ref _packets);

    /// <summary>Bytes put on the ring since the port was created.</summary>
    public ulong Bytes => Volatile.Read(ref _bytes);

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
            return false;
        if (walk.TryReserve(length, out buffer))
        {
            _reservedPackets++;
            _reservedBytes += (uint)length;
            return true;
        }

        LeaveIfIdle(walk);
        return false;
    }

    /// <summary>Publishes all reservations with one store of the ring's index, and wakes the peer if it sleeps.</summary>
    public void Commit()
    {
        if (_entered is not { } walk)
            return;
        walk.Commit();
        Volatile.Write(ref _packets, _packets + _reservedPackets);
        Volatile.Write(ref _bytes, _bytes + _reservedBytes);
        Leave(walk);
    }

    /// <summary>Gives all reservations up; nothing is sent.</summary>
    public void Discard()
    {
        if (_entered is not { } walk)
            return;
        walk.Discard();
        Leave(walk);
    }

    /// <summary>
    /// Sends one packet by copying it into as many buffers as it needs, together with whatever was reserved before.
    /// </summary>
    /// <returns>False when the ring has no room for all of it, or the link is down.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The packet is empty or longer than 65,553 bytes.</exception>
    /// <exception cref="InvalidOperationException">Another thread uses this queue.</exception>
    public bool TrySend(ReadOnlySpan<byte> packet)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(packet.Length, 1, nameof(packet));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(packet.Length, RxWalk.MaxPacketLength, nameof(packet));
        if (!TryEnter(out TxWalk walk))
            return false;
        if (!walk.TryAdd(packet))
        {
            LeaveIfIdle(walk);
            return false;
        }

        _reservedPackets++;
        _reservedBytes += (uint)packet.Length;
        Commit();
        return true;
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

    private void LeaveIfIdle(TxWalk walk)
    {
        if (!walk.HasReservations)
            Leave(walk);
    }

    private void Leave(TxWalk walk)
    {
        _reservedPackets = _reservedBytes = 0;
        _entered = null;
        string? violation = walk.Violation;
        if (walk.Exit() && violation is not null)
            _reportViolation(violation);
    }
}

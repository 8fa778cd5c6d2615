using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>
/// Sending side of a ring: lends the buffers of the next free slots, and publishes whole packets with one store of the
/// index and at most one event.
/// </summary>
internal abstract class TxWalk : QueueWalk, IThreadPoolWorkItem
{
    private readonly PacketSegment[] _segments;
    private int _used;

    protected TxWalk(Generation generation, Ring ring, QueueSignal signal)
        : base(generation, ring, signal)
    {
        _segments = new PacketSegment[ring.Slots];
    }

    internal bool HasReservations => _used > 0;

    /// <summary>Whether what was refused last would not find room on an empty ring either.</summary>
    internal bool IsTooLong { get; private set; }

    /// <summary>Whether what was asked for last finds no room before what is reserved has been committed.</summary>
    internal bool IsFullOfReservations { get; private set; }

    /// <summary>What the next free buffer holds; 0 when none is free.</summary>
    internal int NextBufferLength => Violation is null && TryTake(_used, out PacketSegment free) ? free.Length : 0;

    /// <summary>Slots that were published and that the peer has not consumed; a look at the ring.</summary>
    internal int Occupancy => OccupancyAt(Ring.AcquireHead(), Ring.AcquireTail());

    /// <summary>
    /// Whether packets lie on the ring, and whether the peer wants to be woken; for who must not wait for the peer's memory.
    /// </summary>
    internal (bool IsLying, bool IsWanted) Glance() =>
        Ring.TryGlance(out RingGlance seen) ? (OccupancyAt(seen.Head, seen.Tail) > 0, !seen.IsMasked) : default;

    /// <summary>Writes the peer's event from the pool, for who may not block; he holds the walk's memory and has begun the notification.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        Signal.EndNotify();
        Generation.Release();
    }

    /// <summary>The segments of the packet that begins at <paramref name="first"/> of what is not yet committed.</summary>
    /// <param name="first">Position of its first segment; moved behind it.</param>
    /// <param name="segments">Its segments.</param>
    internal bool TryReadBack(ref int first, out ReadOnlySpan<PacketSegment> segments)
    {
        int begin = first;
        while (first < _used && _segments[first].More)
            first++;
        segments = first < _used ? _segments.AsSpan(begin, ++first - begin) : default;
        return !segments.IsEmpty;
    }

    /// <summary>Lends one contiguous buffer for a packet of exactly this length.</summary>
    /// <returns>False when no slot is free, or the slot's buffer is shorter.</returns>
    internal bool TryReserve(int length, out Span<byte> buffer)
    {
        PacketSegment free = default;
        bool isFree = Violation is null && TryTake(_used, out free);
        if (isFree && free.Length >= length)
        {
            PacketSegment segment = free with { Length = length };
            _segments[_used++] = segment;
            buffer = Generation.View(segment);
            return true;
        }

        IsTooLong = isFree;
        buffer = default;
        return false;
    }

    /// <summary>Extends the packet that was reserved last to the front, into what its buffer has free there.</summary>
    /// <returns>False when nothing is reserved, or less is free.</returns>
    internal bool TryPrepend(int length, out Span<byte> header)
    {
        header = default;
        if (_used == 0 || length > RoomBefore(_used - 1, _segments[_used - 1]))
            return false;
        ref PacketSegment last = ref _segments[_used - 1];
        last = last with { Offset = last.Offset - (uint)length, Length = last.Length + length };
        header = Generation.View(last with { Length = length });
        return true;
    }

    /// <summary>Whether a packet of this length, in as many slots as it needs, finds room behind what is not yet committed.</summary>
    internal bool HasRoom(int length)
    {
        int slots = _used;
        for (; length > 0 && Violation is null && TryTake(slots, out PacketSegment free); slots++)
            length -= free.Length;
        IsTooLong = length > 0 && _used == 0 && slots == Ring.Slots;
        IsFullOfReservations = length > 0 && _used > 0 && slots == Ring.Slots;
        return length <= 0;
    }

    /// <summary>Copies a packet into as many slots as it needs; all of them or none.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> packet)
    {
        int first = _used;
        while (Violation is null && TryTake(_used, out PacketSegment free))
        {
            int piece = Math.Min(free.Length, packet.Length);
            PacketSegment segment = free with { Length = piece, More = piece < packet.Length };
            packet[..piece].CopyTo(Generation.View(segment));
            packet = packet[piece..];
            _segments[_used++] = segment;
            if (packet.IsEmpty)
                return true;
        }

        IsTooLong = first == 0 && _used == Ring.Slots;
        _used = first;
        return false;
    }

    /// <summary>Publishes everything that was reserved or added.</summary>
    /// <returns>Whether the receiver wants to be woken: then the caller has to.</returns>
    internal bool Commit()
    {
        int count = _used;
        _used = 0;
        if (count == 0)
            return false;
        Publish(_segments.AsSpan(0, count));
        return Signal.IsWanted();
    }

    internal void Discard() => _used = 0;

    /// <summary>Slots that the peer has not consumed when the ring's counters are these.</summary>
    protected abstract int OccupancyAt(ushort head, ushort tail);

    /// <summary>The buffer of the slot so many places behind the first unpublished one, if it is free.</summary>
    protected abstract bool TryTake(int ahead, out PacketSegment free);

    /// <summary>Bytes that are free before a reserved piece, so many places behind the first unpublished slot.</summary>
    protected abstract int RoomBefore(int ahead, in PacketSegment segment);

    protected abstract void Publish(ReadOnlySpan<PacketSegment> segments);
}

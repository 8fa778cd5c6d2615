using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// What is known of one neighbor. Changed under the cache's lock; <see cref="Mac"/>, <see cref="State"/> and the mark of
/// use are read and set without. Times are timestamps of the cache's clock.
/// </summary>
internal sealed class NeighborEntry
{
    private const ulong Unknown = ulong.MaxValue;

    private ulong _mac = Unknown;
    private volatile NeighborState _state;
    private bool _isUsed;

    internal NeighborEntry(Ipv4Address address)
    {
        Address = address;
        Place = new LinkedListNode<NeighborEntry>(this);
    }

    internal Ipv4Address Address { get; }

    /// <summary>The station's address, or null while it is not known.</summary>
    internal MacAddress? Mac
    {
        get
        {
            ulong mac = Volatile.Read(ref _mac);
            return mac == Unknown ? null : new MacAddress(mac);
        }

        set => Volatile.Write(ref _mac, value?.Value ?? Unknown);
    }

    internal NeighborState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>Whole frames that wait for the address, oldest first; null for none. <see cref="ParkingLot"/> keeps them.</summary>
    internal Queue<byte[]>? Parked { get; set; }

    /// <summary>Bytes of <see cref="Parked"/>.</summary>
    internal int ParkedBytes { get; set; }

    /// <summary>Requests sent since the asking began.</summary>
    internal int Requests { get; set; }

    /// <summary>How often the link did not take a request since the asking began.</summary>
    internal int Refusals { get; set; }

    /// <summary>The next request has waited for its turn, and may go when the deadline comes.</summary>
    internal bool HasTurn { get; set; }

    /// <summary>How often in a row the asking was in vain.</summary>
    internal int Failures { get; set; }

    /// <summary>When the last request was sent.</summary>
    internal long AskedAt { get; set; } = long.MinValue;

    /// <summary>When the station's address was last heard.</summary>
    internal long HeardAt { get; set; } = long.MinValue;

    /// <summary>When the mark of use was last found set; the use itself was before.</summary>
    internal long UsedAt { get; set; } = long.MinValue;

    /// <summary>When a neighbor that failed may be asked for again.</summary>
    internal long RetryAt { get; set; } = long.MinValue;

    /// <summary>When the next step is due. Set by <see cref="DeadlineHeap"/>.</summary>
    internal long Deadline { get; set; } = long.MaxValue;

    /// <summary>Where the deadline is in <see cref="DeadlineHeap"/>; negative for nowhere.</summary>
    internal int HeapIndex { get; set; } = -1;

    /// <summary>Where the entry is in <see cref="NeighborRecency"/>.</summary>
    internal LinkedListNode<NeighborEntry> Place { get; }

    /// <summary>Notes that the address was looked up.</summary>
    /// <returns>Whether that is news: the first use since <see cref="TakeUse"/>.</returns>
    /// <remarks>
    /// The exchanges are fences: a sender marks and then looks at the state, the cache sets the state and then takes the
    /// mark, so that one of them sees the other. But senders share the entry: they must not take its cache line from each
    /// other for nothing.
    /// </remarks>
    internal bool MarkUsed() => !Volatile.Read(ref _isUsed) && !Interlocked.Exchange(ref _isUsed, true);

    /// <summary>Clears the mark of use, and tells whether it was set.</summary>
    internal bool TakeUse() => Interlocked.Exchange(ref _isUsed, false);
}

using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// What is known of one neighbor. All under the cache's lock, but for a look at <see cref="State"/>. Times are timestamps of the cache's clock.
/// </summary>
internal sealed class NeighborEntry
{
    private readonly NeighborTable _table;
    private volatile NeighborState _state;

    internal NeighborEntry(Ipv4Address address, NeighborTable table)
    {
        Address = address;
        _table = table;
        Place = new LinkedListNode<NeighborEntry>(this);
    }

    internal Ipv4Address Address { get; }

    /// <summary>The station's address, or null while it is not known. Set, it is known to all who look it up.</summary>
    internal MacAddress? Mac
    {
        get;
        set
        {
            field = value;
            _table.SetStation(this, value);
        }
    }

    internal NeighborState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>Where the entry is in the table.</summary>
    internal int Slot { get; set; }

    /// <summary>It is asked for only for the sake of answers, so that it takes none of the places of others.</summary>
    internal bool IsForAnswers { get; set; }

    /// <summary>Requests sent since the asking began.</summary>
    internal int Requests { get; set; }

    /// <summary>How often the link did not take a request since the asking began.</summary>
    internal int Refusals { get; set; }

    /// <summary>The next request has waited for its turn, and may go when the deadline comes.</summary>
    internal bool HasTurn { get; set; }

    /// <summary>How often in a row the asking was in vain.</summary>
    internal int Failures { get; set; }

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

    /// <summary>Clears the mark of use, and tells whether it was set.</summary>
    internal bool TakeUse() => _table.TakeUse(this);
}

using ZMemif.Native;

namespace ZMemif.Memory;

/// <summary>
/// The shared memory and the events of one connection. Immutable; a new connection makes a new one. Whoever touches
/// the memory holds a reference, and the last one to let go unmaps: a touch after munmap would kill the process.
/// </summary>
internal sealed class Generation
{
    private static int s_liveCount;

    private readonly SharedRegion[] _regions;
    private readonly EventCounter[] _events;
    private int _references = 1;

    /// <summary>Takes over regions and events, with one reference for the creator.</summary>
    internal Generation(SharedRegion[] regions, EventCounter[] events)
    {
        _regions = regions;
        _events = events;
        Interlocked.Increment(ref s_liveCount);
    }

    /// <summary>How many generations of this process have not been unmapped yet; leak tests read it.</summary>
    internal static int LiveCount => Volatile.Read(ref s_liveCount);

    /// <summary>The memory, to be described.</summary>
    internal IReadOnlyList<SharedRegion> Regions => _regions;

    /// <summary>Takes a reference. The caller must know that somebody else still holds one.</summary>
    internal void Retain()
    {
        int references = Interlocked.Increment(ref _references);
        System.Diagnostics.Debug.Assert(references > 1, "A generation was retained after its last reference was gone.");
    }

    /// <summary>Takes a reference, unless the last one is gone already.</summary>
    internal bool TryRetain()
    {
        int references = Volatile.Read(ref _references);
        while (references > 0)
        {
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
                return true;
            references = seen;
        }

        return false;
    }

    /// <summary>Lets go; the last one unmaps the memory and closes the descriptors.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _references) != 0)
            return;
        foreach (SharedRegion region in _regions)
            region.Dispose();
        foreach (EventCounter @event in _events)
            @event.Dispose();
        Interlocked.Decrement(ref s_liveCount);
    }

    /// <summary>Whether a descriptor that a peer wrote points inside a region. 64-bit arithmetic; protocol reference §7.3.</summary>
    internal bool Contains(ushort region, uint offset, uint length) =>
        region < _regions.Length && _regions[region].Contains(offset, length);

    /// <summary>A view of a validated segment; the content is volatile.</summary>
    internal Span<byte> View(PacketSegment segment) => _regions[segment.Region].Slice(segment.Offset, segment.Length);
}

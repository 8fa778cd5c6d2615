namespace ZMemif.Udp.Stack;

/// <summary>
/// Which neighbor may be forgotten for the sake of a new one: first who was never used or failed, then who was used
/// longest ago, and never who is in use. Not thread-safe.
/// </summary>
/// <param name="activeFor">How long after its last use a neighbor counts as in use, in units of the clock.</param>
internal sealed class NeighborRecency(long activeFor)
{
    private readonly LinkedList<NeighborEntry> _unused = [];

    // In the order of UsedAt.
    private readonly LinkedList<NeighborEntry> _used = [];

    /// <summary>The entry is there, but nobody needs it.</summary>
    internal void SetUnused(NeighborEntry entry) => Move(entry, _unused);

    /// <summary>The entry was used until now.</summary>
    internal void SetUsed(NeighborEntry entry, long now)
    {
        entry.UsedAt = now;
        Move(entry, _used);
    }

    /// <summary>The entry cannot be forgotten, or has been.</summary>
    internal static void Remove(NeighborEntry entry) => entry.Place.List?.Remove(entry.Place);

    /// <summary>Who may be forgotten; null for nobody. Every entry passed over pays with its mark of use.</summary>
    internal NeighborEntry? FindVictim(long now) => FindVictim(_unused, now) ?? FindVictim(_used, now);

    private NeighborEntry? FindVictim(LinkedList<NeighborEntry> candidates, long now)
    {
        while (candidates.First?.Value is { } entry && !IsActive(entry, now))
        {
            if (!entry.TakeUse())
                return entry;
            SetUsed(entry, now);
        }

        return null;
    }

    private bool IsActive(NeighborEntry entry, long now) => entry.Place.List == _used && now < entry.UsedAt + activeFor;

    private static void Move(NeighborEntry entry, LinkedList<NeighborEntry> list)
    {
        Remove(entry);
        list.AddLast(entry.Place);
    }
}

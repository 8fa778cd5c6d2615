using System.Numerics;
using System.Security.Cryptography;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Neighbors by address: open addressing in an array of references, so that a look-up touches one slot and the entry
/// itself, however many there are. One writer at a time; any number of readers, who take no lock.
/// </summary>
internal sealed class NeighborTable
{
    private const int MinSlots = 16;

    // Odd and secret: nobody on the link can choose addresses that fall into one place.
    private readonly ulong _multiplier = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
    private NeighborEntry?[] _slots = new NeighborEntry?[MinSlots];

    internal int Count { get; private set; }

    internal IEnumerable<NeighborEntry> Entries => _slots.OfType<NeighborEntry>();

    /// <summary>
    /// The entry of an address. A reader without the writer's lock may miss one while another is being removed or the
    /// table grows; it never gets a wrong one.
    /// </summary>
    internal NeighborEntry? Find(Ipv4Address address)
    {
        NeighborEntry?[] slots = Volatile.Read(ref _slots);
        for (uint i = Home(address, slots); ; i++)
        {
            NeighborEntry? entry = Volatile.Read(ref slots[i & (uint)(slots.Length - 1)]);
            if (entry is null || entry.Address == address)
                return entry;
        }
    }

    /// <summary>Adds an entry whose address is not there.</summary>
    internal void Add(NeighborEntry entry)
    {
        // Never more than half full, so that the way to an entry, or to nothing, stays short.
        if (2 * ++Count > _slots.Length)
            Grow();
        Put(entry, _slots);
    }

    /// <summary>Removes an entry that is there, and closes the gap, so that the ways across it stay whole.</summary>
    internal void Remove(NeighborEntry entry)
    {
        uint mask = (uint)(_slots.Length - 1);
        uint gap = Home(entry.Address, _slots);
        while (_slots[gap] != entry)
            gap = (gap + 1) & mask;

        for (uint next = (gap + 1) & mask; _slots[next] is { } moved; next = (next + 1) & mask)
        {
            bool mayMove = ((next - Home(moved.Address, _slots)) & mask) >= ((next - gap) & mask);
            if (!mayMove)
                continue;
            Volatile.Write(ref _slots[gap], moved);
            gap = next;
        }

        Volatile.Write(ref _slots[gap], null);
        Count--;
    }

    private void Grow()
    {
        var larger = new NeighborEntry?[2 * _slots.Length];
        foreach (NeighborEntry entry in Entries)
            Put(entry, larger);
        Volatile.Write(ref _slots, larger);
    }

    private void Put(NeighborEntry entry, NeighborEntry?[] slots)
    {
        uint mask = (uint)(slots.Length - 1);
        uint i = Home(entry.Address, slots);
        while (slots[i] is not null)
            i = (i + 1) & mask;
        Volatile.Write(ref slots[i], entry);
    }

    // Multiply-shift hashing: the product's top bits, as many as the array has.
    private uint Home(Ipv4Address address, NeighborEntry?[] slots) =>
        (uint)((address.Value * _multiplier) >> (64 - BitOperations.Log2((uint)slots.Length)));
}

using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Neighbors by address. What a sender needs lies in the slots of one array with open addressing, so that a look-up
/// touches one cache line however many neighbors there are. One writer at a time; any number of readers, without a lock.
/// </summary>
internal sealed class NeighborTable
{
    private const int MinSlots = 16;

    // A station is its address and these; 0 is an empty slot.
    private const ulong Occupied = 1UL << 63;
    private const ulong Known = 1UL << 62;
    private const ulong Used = 1UL << 61;
    private const ulong AddressBits = 0xFFFF_FFFF_FFFF;

    // Odd and secret: nobody on the link can choose addresses that fall into one place.
    private readonly ulong _multiplier = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
    private Slot[] _slots = new Slot[MinSlots];

    internal int Count { get; private set; }

    internal IEnumerable<NeighborEntry> Entries => _slots.Select(slot => slot.Entry).OfType<NeighborEntry>();

    /// <summary>For the writer: the entry of an address.</summary>
    internal NeighborEntry? Find(Ipv4Address address)
    {
        uint mask = (uint)(_slots.Length - 1);
        for (uint i = Home(address, _slots); ; i = (i + 1) & mask)
        {
            NeighborEntry? entry = _slots[i].Entry;
            if (entry is null || entry.Address == address)
                return entry;
        }
    }

    /// <summary>
    /// For readers: the station of a neighbor, which is marked as used. One may be missed while another is removed or
    /// the table grows, or its mark be lost; never is a wrong one found.
    /// </summary>
    /// <param name="address">The neighbor.</param>
    /// <param name="station">Its station address.</param>
    /// <param name="usedAnew">Its entry, if this is the first use since <see cref="TakeUse"/>.</param>
    internal bool TryUse(Ipv4Address address, out MacAddress station, out NeighborEntry? usedAnew)
    {
        (station, usedAnew) = (default, null);
        Slot[] slots = Volatile.Read(ref _slots);
        if (!TryRead(slots, address, out uint index, out ulong value))
            return false;
        station = new MacAddress(value & AddressBits);

        // Senders share the slot: they must not take its cache line from each other for nothing.
        ref Slot slot = ref slots[index];
        bool isNews = (value & Used) == 0 && Interlocked.CompareExchange(ref slot.Station, value | Used, value) == value;
        usedAnew = isNews ? slot.Entry : null;
        return true;
    }

    /// <summary>For readers who hold a lock: the station of a neighbor that is marked as used already, so that nothing has to be done about it.</summary>
    internal bool TryFindUsed(Ipv4Address address, out MacAddress station)
    {
        bool isUsed = TryRead(Volatile.Read(ref _slots), address, out _, out ulong value) && (value & Used) != 0;
        station = isUsed ? new MacAddress(value & AddressBits) : default;
        return isUsed;
    }

    /// <summary>Adds a neighbor whose address is not there; its station is not known yet.</summary>
    internal NeighborEntry Add(Ipv4Address address)
    {
        // Never more than half full, so that the way to an entry, or to nothing, stays short.
        if (2 * ++Count > _slots.Length)
            Grow();
        var entry = new NeighborEntry(address, this);
        Put(entry, Occupied, _slots);
        return entry;
    }

    /// <summary>Removes an entry that is there, and closes the gap, so that the ways across it stay whole.</summary>
    internal void Remove(NeighborEntry entry)
    {
        uint mask = (uint)(_slots.Length - 1);
        uint gap = (uint)entry.Slot;
        for (uint next = (gap + 1) & mask; _slots[next].Entry is { } moved; next = (next + 1) & mask)
        {
            bool mayMove = ((next - Home(moved.Address, _slots)) & mask) >= ((next - gap) & mask);
            if (!mayMove)
                continue;
            Fill(_slots, gap, moved, Volatile.Read(ref _slots[next].Station));
            gap = next;
        }

        Volatile.Write(ref _slots[gap].Station, 0);
        _slots[gap].Entry = null;
        entry.Slot = -1;
        Count--;
    }

    /// <summary>Makes a station known to readers, or unknown.</summary>
    internal void SetStation(NeighborEntry entry, MacAddress? station)
    {
        ref ulong value = ref _slots[entry.Slot].Station;
        ulong before = Interlocked.Exchange(ref value, station is { } mac ? Occupied | Known | mac.Value : Occupied);
        if ((before & Used) != 0)
            Interlocked.Or(ref value, Used);
    }

    /// <summary>Clears the mark of use, and tells whether it was set.</summary>
    /// <remarks>
    /// The interlocked operations are fences: a sender marks and then looks at the state, the cache sets the state and
    /// then takes the mark, so that one of them sees the other.
    /// </remarks>
    internal bool TakeUse(NeighborEntry entry) => (Interlocked.And(ref _slots[entry.Slot].Station, ~Used) & Used) != 0;

    private bool TryRead(Slot[] slots, Ipv4Address address, out uint index, out ulong value)
    {
        uint mask = (uint)(slots.Length - 1);
        for (index = Home(address, slots); ; index = (index + 1) & mask)
        {
            ref Slot slot = ref slots[index];
            ulong key = Volatile.Read(ref slot.Key);
            value = Volatile.Read(ref slot.Station);
            if (value == 0)
                return false;

            // The key counts the slot's occupants: if it is still the same, the station was this one's.
            if ((uint)key == address.Value)
                return (value & Known) != 0 && Volatile.Read(ref slot.Key) == key;
        }
    }

    private void Grow()
    {
        var larger = new Slot[2 * _slots.Length];
        foreach (NeighborEntry entry in Entries)
            Put(entry, Volatile.Read(ref _slots[entry.Slot].Station), larger);
        Volatile.Write(ref _slots, larger);
    }

    private void Put(NeighborEntry entry, ulong station, Slot[] slots)
    {
        uint mask = (uint)(slots.Length - 1);
        uint i = Home(entry.Address, slots);
        while (slots[i].Entry is not null)
            i = (i + 1) & mask;
        Fill(slots, i, entry, station);
    }

    // In between nothing is known, so that no reader takes one's key for the other's station.
    private static void Fill(Slot[] slots, uint index, NeighborEntry entry, ulong station)
    {
        ref Slot slot = ref slots[index];
        Volatile.Write(ref slot.Station, Occupied);
        ulong occupants = (slot.Key >> 32) + 1;
        Volatile.Write(ref slot.Key, (occupants << 32) | entry.Address.Value);
        Volatile.Write(ref slot.Entry, entry);
        Volatile.Write(ref slot.Station, station);
        entry.Slot = (int)index;
    }

    // Multiply-shift hashing: the product's top bits, as many as the array has.
    private uint Home(Ipv4Address address, Slot[] slots) =>
        (uint)((address.Value * _multiplier) >> (64 - BitOperations.Log2((uint)slots.Length)));

    [StructLayout(LayoutKind.Auto)]
    [SuppressMessage("Design", "CA1051", Justification = "Its fields are read and written atomically, by reference.")]
    private struct Slot
    {
        internal ulong Key;
        internal ulong Station;
        internal NeighborEntry? Entry;
    }
}

using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// The destinations whose way takes less than the own link does (RFC 1191 §6). A router's word only ever lowers a value, never
/// below <see cref="Floor"/>, and is forgotten after <see cref="Lifetime"/>. Thread-safe; a look-up takes no lock.
/// </summary>
/// <param name="linkMtu">The own link's MTU in bytes.</param>
/// <param name="time">The clock.</param>
internal sealed class PathMtuCache(int linkMtu, TimeProvider time)
{
    /// <summary>Linux' net.ipv4.route.min_pmtu: what is less than this is forged, or a link that has to be left to cut itself.</summary>
    internal const int Floor = 552;

    /// <summary>Destinations that are remembered; of more the oldest goes.</summary>
    internal const int Capacity = 1024;

    /// <summary>RFC 1191 §6.3.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    // RFC 1191 §7.1: what links have, for routers that tell nothing.
    private static readonly int[] s_plateaus = [65_535, 32_000, 17_914, 8_166, 4_352, 2_002, 1_492, 1_006, Floor];

    private readonly ConcurrentDictionary<Ipv4Address, Entry> _entries = new();
    private readonly Lock _lock = new();
    private int _count;

    internal int Count => Volatile.Read(ref _count);

    internal PathMtu For(Ipv4Address destination) =>
        Volatile.Read(ref _count) > 0 && _entries.TryGetValue(destination, out Entry entry) && !IsOld(entry)
            ? entry.Mtu
            : new PathMtu(linkMtu, IsFloor: false);

    /// <summary>A router could not pass on a packet that must not be cut.</summary>
    /// <param name="destination">Where it should have gone.</param>
    /// <param name="nextHopMtu">What the router says that it could pass on; 0 for one older than RFC 1191.</param>
    /// <param name="packetLength">How long the packet was.</param>
    internal void Lower(Ipv4Address destination, int nextHopMtu, int packetLength)
    {
        int told = nextHopMtu > 0 ? nextHopMtu : Array.Find(s_plateaus, plateau => plateau < packetLength);
        lock (_lock)
        {
            PathMtu known = For(destination);
            if (told >= known.Bytes)
                return;
            _entries.TryGetValue(destination, out Entry before);
            if (before.IsUsed && IsOld(before))
                before = default;
            if (!before.IsUsed && _count >= Capacity)
                ForgetOldest();
            var mtu = new PathMtu(Math.Max(told, Math.Min(Floor, known.Bytes)), told < Floor);
            _entries[destination] = new Entry(mtu, time.GetTimestamp(), IsUsed: true);
            Volatile.Write(ref _count, _entries.Count);
        }
    }

    private void ForgetOldest()
    {
        _entries.TryRemove(_entries.MinBy(entry => entry.Value.At).Key, out _);
        _count--;
    }

    private bool IsOld(Entry entry) => time.GetElapsedTime(entry.At) >= Lifetime;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(PathMtu Mtu, long At, bool IsUsed);
}

using System.Collections.Concurrent;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// The neighbors on the link (RFC 826, RFC 1122 §2.3.2): resolves an address with up to three requests a second apart,
/// keeps the latest datagrams that wait for it, and after a minute forgets who was not used, and asks in the same way
/// for who was: the address stays known meanwhile, so that traffic does not stop. Thread-safe; time is given by
/// <see cref="TimeProvider"/> and looked at in <see cref="Tick"/>.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="counters">Where deaths are counted.</param>
/// <param name="request">Sends an ARP request; called outside the lock.</param>
/// <param name="scheduled">A deadline has come up while nobody may be ticking; called outside the lock.</param>
internal sealed class NeighborCache(TimeProvider time, InterfaceCounters counters, Action<Ipv4Address> request, Action scheduled)
{
    internal const int MaxEntries = 4096;
    internal const int MaxParked = 64;
    internal const int MaxRequests = 3;

    internal static readonly TimeSpan RequestInterval = TimeSpan.FromSeconds(1);
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<Ipv4Address, NeighborEntry> _entries = new();
    private readonly Lock _lock = new();

    // No entry has an earlier deadline. Written under the lock; read without, as a loop that never sleeps looks all the time.
    private long _earliest = long.MaxValue;

    /// <summary>The station address of a neighbor, if it is known. Takes no lock.</summary>
    internal MacAddress? Find(Ipv4Address address)
    {
        if (!_entries.TryGetValue(address, out NeighborEntry? entry))
            return null;
        entry.IsUsed = true;
        return entry.Mac;
    }

    /// <summary>
    /// Keeps a frame until the neighbor's address is known, asking for it if nobody has. Of too many the oldest goes.
    /// </summary>
    /// <param name="address">The neighbor.</param>
    /// <param name="frame">A whole frame; the cache takes the array over.</param>
    /// <returns>The address, if it has become known meanwhile: then the frame is the caller's again.</returns>
    internal MacAddress? Park(Ipv4Address address, byte[] frame)
    {
        bool isNew;
        lock (_lock)
        {
            isNew = !_entries.TryGetValue(address, out NeighborEntry? entry);
            if (entry?.Mac is { } mac)
                return mac;
            if (entry is null && _entries.Count >= MaxEntries)
            {
                counters.Drop(MemifDropReason.NeighborTableFull);
                return null;
            }

            entry ??= Add(address, RequestInterval);
            if (entry.Parked.Count == MaxParked)
            {
                entry.Parked.Dequeue();
                counters.Drop(MemifDropReason.NeighborQueueFull);
            }

            entry.Parked.Enqueue(frame);
        }

        if (isNew)
        {
            request(address);
            scheduled();
        }

        return null;
    }

    /// <summary>Takes what an ARP packet says about its sender.</summary>
    /// <param name="address">The sender's address.</param>
    /// <param name="mac">The sender's station address.</param>
    /// <param name="isForUs">The packet was meant for this host, so that a new entry is worth making (RFC 826, "merge flag").</param>
    /// <param name="send">
    /// Sends a frame that waited. Called under the lock, so it must not block; only then is the address known to
    /// others, so that nobody overtakes what waited.
    /// </param>
    internal void Learn(Ipv4Address address, MacAddress mac, bool isForUs, Action<MacAddress, byte[]> send)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(address, out NeighborEntry? entry))
            {
                if (!isForUs || _entries.Count >= MaxEntries)
                    return;
                entry = Add(address, Lifetime);
            }

            while (entry.Parked.TryDequeue(out byte[]? frame))
                send(mac, frame);
            entry.Mac = mac;
            entry.Requests = 0;
            entry.IsUsed = false;
            entry.Deadline = After(Lifetime);
        }
    }

    /// <summary>Forgets every neighbor; parked frames are counted as dropped. For a link that has come up anew.</summary>
    internal void Clear()
    {
        lock (_lock)
        {
            foreach (NeighborEntry entry in _entries.Values)
                Remove(entry);
            FindEarliest();
        }
    }

    /// <summary>When <see cref="Tick"/> may have something to do, as a timestamp of the clock; null for never.</summary>
    internal long? NextDeadline
    {
        get
        {
            long earliest = Volatile.Read(ref _earliest);
            return earliest == long.MaxValue ? null : earliest;
        }
    }

    /// <summary>Does what is due: asks again, gives up, forgets.</summary>
    internal void Tick()
    {
        long now = time.GetTimestamp();
        if (now >= Volatile.Read(ref _earliest))
            DoWhatIsDue(now);
    }

    private void DoWhatIsDue(long now)
    {
        List<Ipv4Address>? ask = null;
        lock (_lock)
        {
            foreach (NeighborEntry entry in _entries.Values.Where(entry => entry.Deadline <= now))
            {
                bool isWanted = entry.Mac is null || entry.IsUsed;
                if (!isWanted || entry.Requests >= MaxRequests)
                    Remove(entry);
                else
                    (ask ??= []).Add(AskAgain(entry));
            }

            FindEarliest();
        }

        ask?.ForEach(request);
    }

    private NeighborEntry Add(Ipv4Address address, TimeSpan delay)
    {
        var entry = new NeighborEntry(address) { Requests = 1, Deadline = After(delay) };
        _entries[address] = entry;
        Volatile.Write(ref _earliest, Math.Min(_earliest, entry.Deadline));
        return entry;
    }

    private void FindEarliest() =>
        Volatile.Write(ref _earliest, _entries.IsEmpty ? long.MaxValue : _entries.Values.Min(entry => entry.Deadline));

    private Ipv4Address AskAgain(NeighborEntry entry)
    {
        entry.Requests++;
        entry.Deadline = After(RequestInterval);
        return entry.Address;
    }

    private void Remove(NeighborEntry entry)
    {
        _entries.TryRemove(entry.Address, out _);
        for (int i = entry.Parked.Count; i > 0; i--)
            counters.Drop(MemifDropReason.NeighborUnreachable);
        entry.Parked.Clear();
    }

    private long After(TimeSpan delay) => time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
}

using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Puts fragments together again (RFC 791 §3.2, RFC 815, RFC 1122 §3.3.2). Fragments that overlap kill their packet, unless one
/// repeats the other exactly, as RFC 5722 wants it for IPv6: no two hosts would agree on what it says. (Linux does so for IPv4,
/// but takes for a repetition whatever lies within what has come, without a look at its bytes.)
/// Bounded in memory, in packets for each source and in time. Of too many packets of a source its oldest dies. Of too much memory the
/// oldest of the source that holds most dies, if that is more than its share; else there are many, and the oldest of all dies.
/// Thread-safe.
/// </summary>
/// <param name="counters">Where deaths are counted.</param>
/// <param name="time">The clock.</param>
/// <param name="scheduled">A deadline has come up while there was none; called outside the lock.</param>
internal sealed class Reassembler(InterfaceCounters counters, TimeProvider time, Action scheduled)
{
    /// <summary>In all, in bytes: Linux' net.ipv4.ipfrag_high_thresh.</summary>
    internal const int MaxBytes = 4 << 20;

    /// <summary>Packets of one source that may be incomplete at a time.</summary>
    internal const int MaxPacketsOfSource = 64;

    /// <summary>What a source may hold and not pay for others, in bytes: more than one packet can.</summary>
    internal const int ShareOfSource = MaxBytes / 16;

    /// <summary>How long the rest of a packet is waited for, as on Linux.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<ReassemblyKey, ReassemblyEntry> _entries = [];
    private readonly Dictionary<Ipv4Address, ReassemblySource> _bySource = [];
    private readonly MemoryShares<ReassemblySource> _shares = new();
    private readonly LinkedList<ReassemblyEntry> _byAge = new();
    private readonly long _lifetime = (long)(Lifetime.TotalSeconds * time.TimestampFrequency);
    private int _count;
    private long _earliest = long.MaxValue;

    /// <summary>Packets that are not complete. Takes no lock.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>The memory that they hold, in bytes.</summary>
    internal int Bytes
    {
        get
        {
            lock (_lock)
                return _shares.Bytes;
        }
    }

    /// <summary>A packet whose first fragment had come was given up for its age. Called by <see cref="Tick"/>, outside the lock.</summary>
    internal Action<ReassemblyEntry>? TimedOut { get; set; }

    /// <summary>When <see cref="Tick"/> may have something to do, as a timestamp of the clock; null for never.</summary>
    internal long? NextDeadline
    {
        get
        {
            long earliest = Volatile.Read(ref _earliest);
            return earliest == long.MaxValue ? null : earliest;
        }
    }

    /// <summary>Takes a fragment.</summary>
    /// <param name="packet">Its checked header.</param>
    /// <param name="payload">Its payload, possibly in volatile memory.</param>
    /// <returns>The packet, when it is complete by this; the caller releases it.</returns>
    internal ReassemblyEntry? Add(Ipv4Packet packet, ReadOnlySpan<byte> payload)
    {
        if (Judge(packet, payload.Length) is { } death)
        {
            counters.Drop(death);
            return null;
        }

        bool isFirstOfAll;
        ReassemblyEntry? complete;
        lock (_lock)
        {
            isFirstOfAll = _byAge.Count == 0;
            complete = AddTo(FindOrBegin(packet, out bool isNew), isNew, packet, payload);
            Publish();
        }

        if (isFirstOfAll && complete is null)
            scheduled();
        return complete;
    }

    /// <summary>Gives up what is too old.</summary>
    internal void Tick()
    {
        long now = time.GetTimestamp();
        while (now >= Volatile.Read(ref _earliest) && TakeOld(now) is { } old)
        {
            if (old.HasFirst)
            {
                old.Finish();
                TimedOut?.Invoke(old);
            }

            old.Release();
        }
    }

    /// <summary>A fragment that can be part of no packet (RFC 791 §3.2, RFC 1858 §3).</summary>
    private static MemifDropReason? Judge(Ipv4Packet packet, int length)
    {
        bool isWholeUnits = length % Ipv4Packet.FragmentUnit == 0;
        if (length == 0 || (packet.MoreFragments && !isWholeUnits))
            return length < UdpPacket.HeaderLength && packet.FragmentOffset == 0 ? MemifDropReason.FragmentTooShort : MemifDropReason.BadFragment;
        return Ipv4Packet.MinHeaderLength + packet.FragmentOffset + length > ushort.MaxValue ? MemifDropReason.FragmentTooLong : null;
    }

    private ReassemblyEntry FindOrBegin(Ipv4Packet packet, out bool isNew)
    {
        var key = new ReassemblyKey(packet.Source, packet.Destination, packet.Protocol, packet.Identification);
        isNew = !_entries.TryGetValue(key, out ReassemblyEntry? entry);
        if (!isNew)
            return entry!;

        if (!_bySource.TryGetValue(key.Source, out ReassemblySource? source))
            source = new ReassemblySource(key.Source);
        else if (source.Packets.Count == MaxPacketsOfSource)
            Kill(source.Packets.First!.Value, MemifDropReason.ReassemblyFull);
        entry = new ReassemblyEntry(key, source, time.GetTimestamp() + _lifetime);
        entry.Place = _byAge.AddLast(entry);
        entry.PlaceInSource = source.Packets.AddLast(entry);
        _bySource[key.Source] = source;
        _entries.Add(key, entry);
        _shares.Change(source, entry.Charge);
        return entry;
    }

    private ReassemblyEntry? AddTo(ReassemblyEntry entry, bool isNew, Ipv4Packet packet, ReadOnlySpan<byte> payload)
    {
        int before = entry.Charge;
        MemifDropReason? death = entry.Add(packet, payload);
        _shares.Change(entry.Source, entry.Charge - before);
        if (death == MemifDropReason.FragmentDuplicate)
        {
            counters.Drop(MemifDropReason.FragmentDuplicate);
            return null;
        }

        if (!isNew)
            counters.FragmentAbsorbed();
        if (death is { } reason)
        {
            Kill(entry, reason);
        }
        else if (entry.IsComplete)
        {
            Remove(entry);
            entry.Finish();
            return entry;
        }

        while (_shares.Bytes > MaxBytes)
            Kill(FindVictim(), MemifDropReason.ReassemblyFull);
        return null;
    }

    private ReassemblyEntry FindVictim() =>
        _shares.Largest is { Bytes: >= ShareOfSource } greedy ? greedy.Packets.First!.Value : _byAge.First!.Value;

    private ReassemblyEntry? TakeOld(long now)
    {
        lock (_lock)
        {
            if (_byAge.First?.Value is not { } oldest || oldest.Deadline > now)
                return null;
            Remove(oldest);
            Publish();
            counters.Drop(MemifDropReason.ReassemblyTimeout);
            return oldest;
        }
    }

    private void Kill(ReassemblyEntry entry, MemifDropReason reason)
    {
        Remove(entry);
        entry.Release();
        counters.Drop(reason);
    }

    private void Remove(ReassemblyEntry entry)
    {
        _entries.Remove(entry.Key);
        _byAge.Remove(entry.Place!);
        entry.Source.Packets.Remove(entry.PlaceInSource!);
        if (entry.Source.Packets.Count == 0)
            _bySource.Remove(entry.Key.Source);
        _shares.Change(entry.Source, -entry.Charge);
    }

    private void Publish()
    {
        Volatile.Write(ref _count, _entries.Count);
        Volatile.Write(ref _earliest, _byAge.First?.Value.Deadline ?? long.MaxValue);
    }
}

using System.Diagnostics.CodeAnalysis;
using ZMemif.Udp.Diagnostics;

namespace ZMemif.Udp.Stack;

/// <summary>
/// The frames that wait for their neighbors (RFC 1122 §2.3.2.2: at least the latest should be kept). Bounded for each
/// neighbor and in all; of too many the oldest of the same neighbor goes, so that nobody loses by another's fault.
/// Changed under the cache's lock.
/// </summary>
internal sealed class ParkingLot(InterfaceCounters counters)
{
    /// <summary>For one neighbor: about as many short ones as Linux keeps, and as a receive buffer holds.</summary>
    internal const int MaxFrames = 256;

    /// <summary>For one neighbor; more than the longest datagram in the largest frame.</summary>
    internal const int MaxBytes = 256 << 10;

    /// <summary>For all neighbors together.</summary>
    internal const int MaxBytesInAll = 16 << 20;

    private int _bytes;
    private int _frames;

    /// <summary>Frames that wait. Takes no lock.</summary>
    internal int Frames => Volatile.Read(ref _frames);

    /// <summary>Keeps a frame, or counts it when others of its kind leave no room.</summary>
    internal void Add(NeighborEntry entry, byte[] frame)
    {
        while (!HasRoom(entry, frame) && TryTake(entry, out _))
            counters.Drop(MemifDropReason.NeighborQueueFull);
        if (!HasRoom(entry, frame))
        {
            counters.Drop(MemifDropReason.NeighborQueueFull);
            return;
        }

        (entry.Parked ??= new()).Enqueue(frame);
        Count(entry, frame.Length, 1);
    }

    /// <summary>Takes the oldest frame out.</summary>
    internal bool TryTake(NeighborEntry entry, [NotNullWhen(true)] out byte[]? frame)
    {
        frame = null;
        if (entry.Parked is null)
            return false;
        frame = entry.Parked.Dequeue();
        Count(entry, -frame.Length, -1);
        if (entry.Parked.Count == 0)
            entry.Parked = null;
        return true;
    }

    /// <summary>Counts all of a neighbor's frames as dropped.</summary>
    internal void Drop(NeighborEntry entry, MemifDropReason reason)
    {
        while (TryTake(entry, out _))
            counters.Drop(reason);
    }

    private bool HasRoom(NeighborEntry entry, byte[] frame) =>
        (entry.Parked?.Count ?? 0) < MaxFrames
        && entry.ParkedBytes + frame.Length <= MaxBytes
        && _bytes + frame.Length <= MaxBytesInAll;

    private void Count(NeighborEntry entry, int bytes, int frames)
    {
        entry.ParkedBytes += bytes;
        _bytes += bytes;
        Volatile.Write(ref _frames, _frames + frames);
    }
}

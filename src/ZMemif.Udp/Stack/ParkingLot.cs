using System.Diagnostics.CodeAnalysis;
using ZMemif.Udp.Diagnostics;

namespace ZMemif.Udp.Stack;

/// <summary>
/// The frames that wait for their neighbors (RFC 1122 §2.3.2.2: at least the latest should be kept). Of too many for one neighbor the
/// oldest of them goes; of too many in all, the oldest of the neighbor that has most, so that nobody loses by another's fault.
/// Changed under the cache's lock.
/// </summary>
/// <param name="maxFrames">For one neighbor.</param>
/// <param name="maxBytes">For one neighbor; more than the longest frame.</param>
/// <param name="maxBytesInAll">For all neighbors together.</param>
/// <param name="counters">Where deaths are counted.</param>
internal sealed class ParkingLot(int maxFrames, int maxBytes, int maxBytesInAll, InterfaceCounters counters)
{
    private readonly Dictionary<NeighborEntry, ParkedFrames> _byNeighbor = [];
    private readonly MemoryShares<ParkedFrames> _shares = new();
    private int _frames;

    /// <summary>Frames that wait. Takes no lock.</summary>
    internal int Frames => Volatile.Read(ref _frames);

    /// <summary>Keeps a frame, and counts those that have to go for it.</summary>
    internal void Add(NeighborEntry entry, byte[] frame)
    {
        if (!_byNeighbor.TryGetValue(entry, out ParkedFrames? parked))
            _byNeighbor[entry] = parked = new ParkedFrames(entry);
        parked.Frames.Enqueue(frame);
        Count(parked, frame.Length, 1);
        while (parked.Frames.Count > maxFrames || parked.Bytes > maxBytes)
            DropOldest(parked);
        while (_shares.Bytes > maxBytesInAll)
            DropOldest(_shares.Largest!);
    }

    /// <summary>Takes the oldest frame out.</summary>
    internal bool TryTake(NeighborEntry entry, [NotNullWhen(true)] out byte[]? frame)
    {
        frame = _byNeighbor.TryGetValue(entry, out ParkedFrames? parked) ? TakeOldest(parked) : null;
        return frame is not null;
    }

    /// <summary>Counts all of a neighbor's frames as dropped.</summary>
    internal void Drop(NeighborEntry entry, MemifDropReason reason)
    {
        while (TryTake(entry, out _))
            counters.Drop(reason);
    }

    private void DropOldest(ParkedFrames parked)
    {
        TakeOldest(parked);
        counters.Drop(MemifDropReason.NeighborQueueFull);
    }

    private byte[] TakeOldest(ParkedFrames parked)
    {
        byte[] frame = parked.Frames.Dequeue();
        Count(parked, -frame.Length, -1);
        if (parked.Frames.Count == 0)
            _byNeighbor.Remove(parked.Neighbor);
        return frame;
    }

    private void Count(ParkedFrames parked, int bytes, int frames)
    {
        _shares.Change(parked, bytes);
        Volatile.Write(ref _frames, _frames + frames);
    }
}

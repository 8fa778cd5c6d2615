using System.Numerics;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Who holds how much of what is bounded in all, so that he who holds most can be made to pay, and not everybody. Holders stand in
/// ranks of a factor of two, so that each change costs the same however many there are. Not thread-safe.
/// </summary>
internal sealed class MemoryShares<T>
    where T : MemoryHolder
{
    private readonly LinkedList<MemoryHolder>[] _ranks = [.. Enumerable.Range(0, 31).Select(_ => new LinkedList<MemoryHolder>())];

    /// <summary>What all hold together.</summary>
    internal int Bytes { get; private set; }

    /// <summary>One who holds more than half of what anybody holds; null if nobody holds anything.</summary>
    internal T? Largest => Array.FindLast(_ranks, rank => rank.Count > 0)?.First!.Value as T;

    /// <summary>Somebody holds more than before, or less.</summary>
    internal void Change(T holder, int bytes)
    {
        Bytes += bytes;
        holder.Bytes += bytes;
        LinkedList<MemoryHolder>? rank = holder.Bytes == 0 ? null : _ranks[BitOperations.Log2((uint)holder.Bytes)];
        if (rank == holder.Place.List)
            return;
        holder.Place.List?.Remove(holder.Place);
        rank?.AddLast(holder.Place);
    }
}

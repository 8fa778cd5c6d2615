namespace ZMemif.Udp.Stack;

/// <summary>
/// The neighbors that have a deadline, the earliest first: a binary heap in which every entry knows its place, so that a
/// deadline that is moved or dropped leaves nothing behind. Not thread-safe.
/// </summary>
internal sealed class DeadlineHeap
{
    private readonly List<NeighborEntry> _heap = [];

    internal NeighborEntry? First => _heap.Count == 0 ? null : _heap[0];

    /// <summary>Gives the entry a deadline, or another one.</summary>
    internal void Set(NeighborEntry entry, long deadline)
    {
        entry.Deadline = deadline;
        if (entry.HeapIndex < 0)
        {
            entry.HeapIndex = _heap.Count;
            _heap.Add(entry);
        }

        SiftDown(SiftUp(entry.HeapIndex));
    }

    /// <summary>Takes the entry's deadline away, if it has one.</summary>
    internal void Remove(NeighborEntry entry)
    {
        if (entry.HeapIndex < 0)
            return;
        (int hole, NeighborEntry last) = (entry.HeapIndex, _heap[^1]);
        _heap.RemoveAt(_heap.Count - 1);
        (entry.HeapIndex, entry.Deadline) = (-1, long.MaxValue);
        if (last == entry)
            return;
        Place(last, hole);
        SiftDown(SiftUp(hole));
    }

    private int SiftUp(int index)
    {
        NeighborEntry entry = _heap[index];
        while (index > 0 && entry.Deadline < _heap[(index - 1) / 2].Deadline)
        {
            Place(_heap[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }

        Place(entry, index);
        return index;
    }

    private void SiftDown(int index)
    {
        NeighborEntry entry = _heap[index];
        while (EarlierChild(index) is { } child && _heap[child].Deadline < entry.Deadline)
        {
            Place(_heap[child], index);
            index = child;
        }

        Place(entry, index);
    }

    private int? EarlierChild(int index)
    {
        int left = (2 * index) + 1;
        if (left >= _heap.Count)
            return null;
        return left + 1 < _heap.Count && _heap[left + 1].Deadline < _heap[left].Deadline ? left + 1 : left;
    }

    private void Place(NeighborEntry entry, int index)
    {
        _heap[index] = entry;
        entry.HeapIndex = index;
    }
}

namespace ZMemif.Udp.Stack;

/// <summary>What waits for one neighbor, oldest first.</summary>
internal sealed class ParkedFrames(NeighborEntry neighbor) : MemoryHolder
{
    internal NeighborEntry Neighbor => neighbor;

    internal Queue<byte[]> Frames { get; } = new();
}

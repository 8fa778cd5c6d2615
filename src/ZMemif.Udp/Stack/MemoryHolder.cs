namespace ZMemif.Udp.Stack;

/// <summary>Somebody who holds a part of what is bounded in all. Changed by <see cref="MemoryShares{T}"/>.</summary>
internal abstract class MemoryHolder
{
    protected MemoryHolder() => Place = new LinkedListNode<MemoryHolder>(this);

    /// <summary>How much is held, in bytes.</summary>
    internal int Bytes { get; set; }

    /// <summary>Where the holder is among those who hold about as much.</summary>
    internal LinkedListNode<MemoryHolder> Place { get; }
}

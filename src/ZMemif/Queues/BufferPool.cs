using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>A client's own record of where the buffer of each slot lies (§2.2); the peer cannot change it.</summary>
/// <param name="Region">Index of the region.</param>
/// <param name="Base">Offset of the first slot's buffer.</param>
/// <param name="BufferSize">Bytes per buffer, headroom included.</param>
/// <param name="Headroom">Bytes left free before the data.</param>
/// <param name="Slots">Number of slots, a power of two.</param>
internal sealed record BufferPool(ushort Region, uint Base, int BufferSize, int Headroom, int Slots)
{
    /// <summary>Bytes of data that a buffer takes.</summary>
    internal int Capacity => BufferSize - Headroom;

    /// <summary>Where the data of a slot begins.</summary>
    internal uint OffsetOf(uint index) => Base + ((index & (uint)(Slots - 1)) * (uint)BufferSize) + (uint)Headroom;

    internal Descriptor Describe(uint index, int length, bool more = false) => new()
    {
        Flags = more ? Descriptor.Next : (ushort)0,
        Region = Region,
        Length = (uint)length,
        Offset = OffsetOf(index),
    };
}

using System.Runtime.InteropServices;

namespace ZMemif.Memory;

/// <summary>One slot of a ring: where a piece of a packet lies. Protocol reference §2.4; 16 bytes, little-endian.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct Descriptor
{
    internal const int Bytes = 16;

    /// <summary>The packet continues in the following slot.</summary>
    internal const ushort Next = 1;

    [FieldOffset(0)]
    internal ushort Flags;

    [FieldOffset(2)]
    internal ushort Region;

    /// <summary>Bytes of data, or the capacity of an empty buffer that a client posted.</summary>
    [FieldOffset(4)]
    internal uint Length;

    [FieldOffset(8)]
    internal uint Offset;

    [FieldOffset(12)]
    internal uint Metadata;
}

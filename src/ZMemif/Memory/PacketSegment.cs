namespace ZMemif.Memory;

/// <summary>A private, validated copy of one descriptor: a range that is known to lie inside a region.</summary>
/// <param name="Region">Index of the region.</param>
/// <param name="Offset">First byte in the region.</param>
/// <param name="Length">Bytes of data, or capacity of an empty buffer.</param>
/// <param name="More">The packet continues in the next segment.</param>
internal readonly record struct PacketSegment(ushort Region, uint Offset, int Length, bool More);

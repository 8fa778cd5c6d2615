namespace ZMemif.Memory;

/// <summary>
/// The arithmetic of rings in a region: a header of two cache lines (cookie, flags and head in the first, tail in the
/// second), then 2^k descriptors. Protocol reference §2.2 and §2.3.
/// </summary>
/// <param name="Log2Size">k; 0 to 15.</param>
/// <param name="CacheLine">64 or 128; not negotiated on the wire.</param>
internal readonly record struct RingLayout(int Log2Size, int CacheLine)
{
    internal const uint Cookie = 0x03E31F20;
    internal const int CookieOffset = 0;
    internal const int FlagsOffset = 4;
    internal const int HeadOffset = 6;
    internal const int DefaultCacheLine = 64;

    /// <summary>The receiver of the ring's packets does not want events.</summary>
    internal const ushort MaskInterrupt = 1;

    internal int Slots => 1 << Log2Size;

    internal int TailOffset => CacheLine;

    internal int DescriptorsOffset => 2 * CacheLine;

    internal int Bytes => DescriptorsOffset + (Slots * Descriptor.Bytes);

    /// <summary>
    /// What a server concludes from two neighbouring rings of the same region and size: the cache line of the client's
    /// build. Null when the distance fits neither geometry.
    /// </summary>
    internal static int? InferCacheLine(int log2Size, ulong distance) =>
        ((long)distance - ((long)Descriptor.Bytes << log2Size)) switch
        {
            2 * 64 => 64,
            2 * 128 => 128,
            _ => null,
        };
}

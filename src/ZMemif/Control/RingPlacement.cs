using ZMemif.Memory;

namespace ZMemif.Control;

/// <summary>Where a client put its rings: whether they lie inside their regions and beside each other (§2.2, §7.2).</summary>
internal static class RingPlacement
{
    /// <exception cref="MemifException">A ring leaves its region, or two rings overlap.</exception>
    internal static void Check(IReadOnlyList<RingOffer> offers, IReadOnlyList<SharedRegion> regions)
    {
        int cacheLine = InferCacheLine(offers);
        foreach (RingOffer offer in offers)
        {
            AddRingMessage ring = offer.Message;
            if (ring.Region >= regions.Count)
                throw Violation($"announced a ring in region {ring.Region}, but there are {regions.Count} regions");
            if (!regions[ring.Region].Contains(ring.Offset, BytesOf(ring, cacheLine)))
                throw Violation($"announced a ring at offset {ring.Offset} that leaves its region of {regions[ring.Region].Size} bytes");
        }

        AddRingMessage[] sorted = [.. offers.Select(offer => offer.Message).OrderBy(ring => ring.Region).ThenBy(ring => ring.Offset)];
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Region == sorted[i - 1].Region && sorted[i].Offset < sorted[i - 1].Offset + BytesOf(sorted[i - 1], cacheLine))
                throw Violation($"announced two rings that overlap at offset {sorted[i].Offset}");
        }
    }

    /// <summary>
    /// The cache line of the client's build, which is not negotiated, from the distance of two neighbouring rings of
    /// one size; 64 where nothing can be inferred.
    /// </summary>
    internal static int InferCacheLine(IReadOnlyList<RingOffer> offers)
    {
        AddRingMessage[] sorted = [.. offers.Select(offer => offer.Message).OrderBy(ring => ring.Region).ThenBy(ring => ring.Offset)];
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Region == sorted[i - 1].Region
                && RingLayout.InferCacheLine(sorted[i - 1].Log2Size, sorted[i].Offset - sorted[i - 1].Offset) is { } cacheLine)
            {
                return cacheLine;
            }
        }

        return RingLayout.DefaultCacheLine;
    }

    private static ulong BytesOf(AddRingMessage ring, int cacheLine) => (ulong)new RingLayout(ring.Log2Size, cacheLine).Bytes;

    private static MemifException Violation(string what) => new(MemifErrorCode.ProtocolViolation, $"The peer {what}.");
}

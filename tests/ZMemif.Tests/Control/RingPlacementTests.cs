using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.Tests.Control;

public sealed class RingPlacementTests : IDisposable
{
    private static readonly AddRingMessage Ring = new(IsS2M: true, Index: 0, Region: 0, Offset: 0, Log2Size: 10, PrivateHeaderSize: 0);

    private readonly EventCounter _event = EventCounter.Create();

    [Theory]
    [InlineData(64, 0u, 16512u)]
    [InlineData(128, 0u, 16640u)]
    [InlineData(64, 4096u, 20608u)]
    [InlineData(128, 4096u, 20736u)]
    public void InferCacheLine_AdjacentRings_GivesTheirDistance(int cacheLine, uint first, uint second)
    {
        Assert.Equal(cacheLine, RingPlacement.InferCacheLine(Offers(Ring with { Offset = first }, Ring with { Offset = second })));
        Assert.Equal(cacheLine, RingPlacement.InferCacheLine(Offers(Ring with { Offset = second }, Ring with { Offset = first })));
    }

    [Fact]
    public void InferCacheLine_RingsOfSeveralSizes_UsesTheSizeOfTheFirstOfTwo() => Assert.Equal(
        128, RingPlacement.InferCacheLine(Offers(Ring with { Log2Size = 3 }, Ring with { Offset = 384, Log2Size = 10 })));

    [Fact]
    public void InferCacheLine_OneRingPerRegion_IsTheDefault() => Assert.Equal(
        64, RingPlacement.InferCacheLine(Offers(Ring, Ring with { Region = 1, Offset = 16640 })));

    [Fact]
    public void InferCacheLine_RingsApart_IsTheDefault() => Assert.Equal(
        64, RingPlacement.InferCacheLine(Offers(Ring, Ring with { Offset = 65536 })));

    [Theory]
    [InlineData(64, 33024)]
    [InlineData(128, 33280)]
    public void Check_RingsThatFillTheirRegionExactly_Fit(int cacheLine, int bytes)
    {
        using SharedRegion region = SharedRegion.Create("memif-test", (ulong)bytes);
        using SharedRegion tooSmall = SharedRegion.Create("memif-test", (ulong)bytes - 1);
        List<RingOffer> offers = Offers(Ring, Ring with { Offset = (uint)(bytes / 2) });
        Assert.Equal(cacheLine, RingPlacement.InferCacheLine(offers));

        RingPlacement.Check(offers, [region]);
        MemifException e = Assert.Throws<MemifException>(() => RingPlacement.Check(offers, [tooSmall]));

        Assert.Equal($"The peer announced a ring at offset {bytes / 2} that leaves its region of {bytes - 1} bytes.", e.Message);
    }

    [Fact]
    public void Check_SameOffsetInTwoRegions_IsNoOverlap()
    {
        using SharedRegion region = SharedRegion.Create("memif-test", 16512);

        RingPlacement.Check(Offers(Ring, Ring with { Region = 1 }), [region, region]);
    }

    [Fact]
    public void Check_RingInsideALargerOne_IsAnOverlap()
    {
        using SharedRegion region = SharedRegion.Create("memif-test", 1 << 20);

        MemifException e = Assert.Throws<MemifException>(() => RingPlacement.Check(
            Offers(Ring, Ring with { Offset = 40_000 }, Ring with { Offset = 8000, Log2Size = 0 }), [region]));

        Assert.Equal("The peer announced two rings that overlap at offset 8000.", e.Message);
    }

    public void Dispose() => _event.Dispose();

    private List<RingOffer> Offers(params AddRingMessage[] rings) => [.. rings.Select(ring => new RingOffer(ring, _event))];
}

using ZMemif.Memory;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Memory;

/// <summary>The numbers of §2.2 and §2.3.</summary>
public sealed class RingLayoutTests
{
    [Theory]
    [InlineData(0, 144)]
    [InlineData(1, 160)]
    [InlineData(2, 192)]
    [InlineData(3, 256)]
    [InlineData(4, 384)]
    [InlineData(5, 640)]
    [InlineData(6, 1152)]
    [InlineData(7, 2176)]
    [InlineData(8, 4224)]
    [InlineData(9, 8320)]
    [InlineData(10, 16512)]
    [InlineData(11, 32896)]
    [InlineData(12, 65664)]
    [InlineData(13, 131200)]
    [InlineData(14, 262272)]
    [InlineData(15, 524416)]
    public void Bytes_EverySize_IsTheTableOfTheReference(int log2, int bytes)
    {
        Assert.Equal(bytes, new RingLayout(log2, CacheLine: 64).Bytes);
        Assert.Equal(bytes + 128, new RingLayout(log2, CacheLine: 128).Bytes);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public void Header_EveryField_LiesWherePeersLook(int cacheLine)
    {
        var layout = new RingLayout(Log2Size: 3, cacheLine);
        using SharedRegion region = SharedRegion.Create("memif-test", (ulong)layout.Bytes);
        var ring = new Ring(region, 0, layout);
        ring.Initialize();
        ring.SetMask(true);
        ring.ReleaseHead(0x1122);
        ring.ReleaseTail(0x3344);
        ring.WriteDescriptor(1, new Descriptor { Flags = 1, Region = 2, Length = 0x11223344, Offset = 0x55667788, Metadata = 0x99aabbcc });

        byte[] bytes = region.Slice(0, layout.Bytes).ToArray();

        Assert.Equal("201FE303" + "0100" + "2211", Convert.ToHexString(bytes[..8]));
        Assert.Equal("4433", Convert.ToHexString(bytes.AsSpan(cacheLine, 2)));
        Assert.Equal("0100" + "0200" + "44332211" + "88776655" + "CCBBAA99", Convert.ToHexString(bytes.AsSpan((2 * cacheLine) + 16, 16)));
    }

    [Theory]
    [InlineData(10, 16512, 64)]
    [InlineData(10, 16640, 128)]
    [InlineData(0, 144, 64)]
    [InlineData(0, 272, 128)]
    public void InferCacheLine_NeighbouringRings_GivesTheClientsBuild(int log2, ulong distance, int cacheLine) =>
        Assert.Equal(cacheLine, RingLayout.InferCacheLine(log2, distance));

    [Theory]
    [InlineData(10, 0)]
    [InlineData(10, 16511)]
    [InlineData(10, 16576)]
    [InlineData(10, 32768)]
    [InlineData(14, ulong.MaxValue)]
    public void InferCacheLine_AnyOtherDistance_GivesNothing(int log2, ulong distance) =>
        Assert.Null(RingLayout.InferCacheLine(log2, distance));

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(0xfffffff9)]
    public void Ring_Unaligned_IsRefused(uint offset)
    {
        using SharedRegion region = SharedRegion.Create("memif-test", 4096);

        Assert.Throws<ArgumentException>(() => new Ring(region, offset, new RingLayout(3, 64)));
    }

    [Theory]
    [InlineData(3848)]
    [InlineData(0xfffffff8)]
    public void Ring_LeavingItsRegion_IsRefused(uint offset)
    {
        using SharedRegion region = SharedRegion.Create("memif-test", 4096);

        Assert.Throws<InvalidOperationException>(() => new Ring(region, offset, new RingLayout(3, 64)));
        Assert.Equal(8, new Ring(region, 3840, new RingLayout(3, 64)).Slots);
    }

    [Fact]
    public void Descriptor_EverySlotAndTurn_IsTheSameAfterTheCounterWraps()
    {
        using var bed = new RingBed(log2Size: 3);
        bed.Write(3, 77);

        Assert.Equal(77u, bed.Ring.ReadDescriptor(11).Length);
        Assert.Equal(77u, bed.Ring.ReadDescriptor(65531).Length);
    }

    [Fact]
    public void WriteLengthAndFlags_TheRestOfTheSlot_StaysTheClients()
    {
        using var bed = new RingBed(log2Size: 3);
        bed.Ring.WriteDescriptor(2, new Descriptor { Flags = 0xffff, Region = 5, Length = 6, Offset = 7, Metadata = 8 });

        bed.Ring.WriteLengthAndFlags(2, 99, Descriptor.Next);

        Descriptor slot = bed.Ring.ReadDescriptor(2);
        Assert.Equal((1, 5, 99u, 7u, 8u), (slot.Flags, slot.Region, slot.Length, slot.Offset, slot.Metadata));
    }
}

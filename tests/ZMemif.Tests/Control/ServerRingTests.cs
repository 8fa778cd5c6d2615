using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>ADD_RING and CONNECT: order, geometry, place, cookie and event of every ring (§1.5, §7.2).</summary>
[Collection(nameof(Alone))]
public sealed class ServerRingTests
{
    private static readonly uint RegionBytes = 2 * (uint)new RingLayout(RawClient.Log2RingSize, 64).Bytes + (16 * RawClient.BufferSize);

    [Theory]
    [InlineData(true, 1, "announced client-to-server ring 1 where 0 is next")]
    [InlineData(true, 0xffff, "announced client-to-server ring 65535 where 0 is next")]
    [InlineData(false, 1, "announced server-to-client ring 1 where 0 is next")]
    public Task Index_WithAGap_IsRefused(bool isS2M, int index, string words) =>
        RefusedAtOnce(ring => ring with { IsS2M = isS2M, Index = (ushort)index }, words);

    [Theory]
    [InlineData(true, "announced client-to-server ring 0 where 1 is next")]
    [InlineData(false, "announced server-to-client ring 0 where 1 is next")]
    public Task Index_Again_IsRefused(bool isS2M, string words) => new Offence(
        ClientStage.RingsAdded,
        client => client.Peer.Send((RawClient.S2MRing with { IsS2M = isS2M }).ToBytes(), client.S2MEvent.Descriptor),
        words).AssertRefusedAsync();

    [Theory]
    [InlineData(true, "announced more client-to-server rings than the 1 that interface id 7 has")]
    [InlineData(false, "announced more server-to-client rings than the 1 that interface id 7 has")]
    public Task Index_MoreThanConfigured_IsRefused(bool isS2M, string words) => new Offence(
        ClientStage.RingsAdded,
        client => client.Peer.Send((RawClient.S2MRing with { IsS2M = isS2M, Index = 1 }).ToBytes(), client.S2MEvent.Descriptor),
        words).AssertRefusedAsync();

    [Theory]
    [InlineData(true, 2, 1)]
    [InlineData(false, 1, 2)]
    public Task Index_MoreThanConfiguredInThisDirection_IsRefused(bool isS2M, int rxQueues, int txQueues) => new Offence(
        ClientStage.RegionAdded,
        client =>
        {
            client.Step((RawClient.S2MRing with { IsS2M = isS2M }).ToBytes(), client.S2MEvent.Descriptor);
            client.Step((RawClient.S2MRing with { IsS2M = isS2M, Index = 1 }).ToBytes(), client.S2MEvent.Descriptor);
            client.Step((RawClient.S2MRing with { IsS2M = !isS2M }).ToBytes(), client.S2MEvent.Descriptor);
            client.Peer.Send((RawClient.S2MRing with { IsS2M = !isS2M, Index = 1 }).ToBytes(), client.S2MEvent.Descriptor);
        },
        $"announced more {(isS2M ? "server-to-client" : "client-to-server")} rings than the 1").AssertRefusedAsync(
        new MemifPortOptions { RxQueues = rxQueues, TxQueues = txQueues });

    [Theory]
    [InlineData(15)]
    [InlineData(31)]
    [InlineData(255)]
    public Task Log2Size_MoreThanAdvertised_IsRefused(byte log2) =>
        RefusedAtOnce(ring => ring with { Log2Size = log2 }, $"announced a ring of 2^{log2} slots, more than MaxRingSize (2^14)");

    [Theory]
    [InlineData(1)]
    [InlineData(0xffff)]
    public Task PrivateHeader_IsRefused(int bytes) =>
        RefusedAtOnce(ring => ring with { PrivateHeaderSize = (ushort)bytes }, "wants private headers");

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(uint.MaxValue)]
    public Task Offset_Unaligned_IsRefused(uint offset) =>
        RefusedAtOnce(ring => ring with { Offset = offset }, $"placed a ring at offset {offset}, which is no multiple of 8");

    [Fact]
    public Task Event_Pipe_IsRefused() => RefusedEvent(Descriptors.Pipe);

    [Fact]
    public Task Event_Socket_IsRefused() => RefusedEvent(Descriptors.Socket);

    [Fact]
    public Task Event_MemoryFile_IsRefused() => RefusedEvent(() => Descriptors.MemoryFile(4096, 0));

    [Fact]
    public Task Event_MemoryFileWithTheNameOfAnEvent_IsRefused() =>
        RefusedEvent(() => Descriptors.MemoryFile(4096, 0, "anon_inode:[eventfd]"));

    [Theory]
    [InlineData(1)]
    [InlineData(0xffff)]
    public Task Region_OutOfRange_IsRefused(int region) => RefusedAtConnect(
        RawClient.S2MRing with { Region = (ushort)region }, RawClient.M2SRing, $"announced a ring in region {region}, but there are 1 regions");

    [Theory]
    [InlineData(0)]
    [InlineData(0xfffffff8)]
    public Task Offset_OutsideTheRegion_IsRefused(uint offset)
    {
        uint outside = offset == 0 ? RegionBytes - (uint)new RingLayout(RawClient.Log2RingSize, 64).Bytes + 8 : offset;
        return RefusedAtConnect(RawClient.S2MRing, RawClient.M2SRing with { Offset = outside }, $"announced a ring at offset {outside} that leaves its region of");
    }

    [Fact]
    public Task Size_LargerThanTheRegion_IsRefused() => RefusedAtConnect(
        RawClient.S2MRing with { Log2Size = 14 }, RawClient.M2SRing, "announced a ring at offset 0 that leaves its region of");

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(248)]
    public Task Rings_Overlapping_AreRefused(uint offset) => RefusedAtConnect(
        RawClient.S2MRing, RawClient.M2SRing with { Offset = offset }, $"announced two rings that overlap at offset {offset}");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Cookie_Wrong_IsRefused(bool isS2M) => new Offence(
        ClientStage.RingsAdded,
        client =>
        {
            AddRingMessage ring = isS2M ? RawClient.S2MRing : RawClient.M2SRing;
            client.Memory.Slice(ring.Offset, 4)[0] ^= 0x80;
            client.Peer.Send(RawClient.Connecting);
        },
        "announced a ring whose cookie is 0x03e31fa0 instead of 0x03e31f20").AssertRefusedAsync();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public Task Connect_WithoutARingInEachDirection_IsRefused(bool s2m, bool m2s) => new Offence(
        ClientStage.RegionAdded,
        client =>
        {
            if (s2m)
                client.Step(RawClient.S2MRing.ToBytes(), client.S2MEvent.Descriptor);
            if (m2s)
                client.Step(RawClient.M2SRing.ToBytes(), client.M2SEvent.Descriptor);
            client.Peer.Send(RawClient.Connecting);
        },
        "sent CONNECT without a ring in each direction").AssertRefusedAsync();

    private static Task RefusedAtOnce(Func<AddRingMessage, AddRingMessage> vary, string words) => new Offence(
        ClientStage.RegionAdded,
        client => client.Peer.Send(vary(RawClient.S2MRing).ToBytes(), client.S2MEvent.Descriptor),
        words).AssertRefusedAsync();

    private static Task RefusedEvent(Func<FileDescriptor> descriptor) => new Offence(
        ClientStage.RegionAdded,
        client =>
        {
            using FileDescriptor passed = descriptor();
            client.Peer.Send(RawClient.S2MRing.ToBytes(), passed);
        },
        "The interrupt descriptor of a ring is no eventfd").AssertRefusedAsync();

    private static Task RefusedAtConnect(AddRingMessage s2m, AddRingMessage m2s, string words) => new Offence(
        ClientStage.RegionAdded,
        client =>
        {
            client.Step(s2m.ToBytes(), client.S2MEvent.Descriptor);
            client.Step(m2s.ToBytes(), client.M2SEvent.Descriptor);
            client.Peer.Send(RawClient.Connecting);
        },
        words).AssertRefusedAsync();
}

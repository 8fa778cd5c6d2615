using ZMemif.HostileTests.Support;

namespace ZMemif.HostileTests;

/// <summary>Slots that say something impossible.</summary>
[Collection(nameof(Processes))]
public sealed class DescriptorAttackTests
{
    [Fact]
    [Attack("region-ffff", "sends a descriptor of region 0xFFFF", "the link ends: the slot points outside")]
    public Task Region_ThatThereIsNot_EndsTheLink() => Outcomes.EndsTheLinkAsync(
        Victim.Server, "region-ffff", "slot 20 points outside: region 65535, offset 0, length 64.");

    [Fact]
    [Attack("offset-overflow", "sends a descriptor whose offset and length overflow 32 bits", "the link ends: the slot points outside")]
    public Task OffsetAndLength_Overflowing_EndTheLink() => Outcomes.EndsTheLinkAsync(
        Victim.Server, "offset-overflow", "slot 20 points outside: region 0, offset 4294967280, length 4294967295.");

    [Fact]
    [Attack("offset-past-end", "sends a descriptor that leaves its region by one byte", "the link ends: the slot points outside")]
    public Task Packet_OneByteBehindTheRegion_EndsTheLink() => Outcomes.EndsTheLinkAsync(
        Victim.Server, "offset-past-end", "slot 20 points outside: region 0, offset 264385, length 64.");

    [Theory]
    [InlineData(Victim.Server, "slot 20 points outside: region 0, offset 43264, length 4294967295.")]
    [InlineData(Victim.Client, "slot 20 claims 4294967295 bytes in a buffer of 2048.")]
    [Attack("length-max", "sends a descriptor of 0xFFFFFFFF bytes", "the link ends")]
    public Task Length_OfFourGigabytes_EndsTheLink(Victim victim, string words) => Outcomes.EndsTheLinkAsync(victim, "length-max", words);

    [Fact]
    [Attack("length-over", "says that it wrote one byte more than our buffer has", "the link ends", OnlyVictim = Victim.Client)]
    public Task Length_OneMoreThanTheBuffer_EndsTheLink() => Outcomes.EndsTheLinkAsync(
        Victim.Client, "length-over", "slot 20 claims 2049 bytes in a buffer of 2048.");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("chain-endless", "fills the ring with a chain that has no end", "the link ends")]
    public Task Chain_WithoutEnd_EndsTheLink(Victim victim) => Outcomes.EndsTheLinkAsync(
        victim, "chain-endless", "a chain of 64 descriptors fills the ring and has no end.");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("chain-too-long", "chains more bytes than any packet has", "the link ends")]
    public Task Chain_LongerThanAPacket_EndsTheLink(Victim victim) => Outcomes.EndsTheLinkAsync(
        victim, "chain-too-long", "a chain is longer than 65553 bytes.");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("chain-unfinished", "publishes half a packet and no more, for a while", "the receiver sleeps until the other half comes")]
    public async Task Chain_WhoseEndDoesNotCome_LetsTheReceiverSleep(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "chain-unfinished");

        // It sleeps for 5 ms at a time; one that spins comes out of millions of waits.
        Assert.InRange(assault.Rounds, 1, 20_000);
    }

    [Fact]
    [Attack("posted-region-ffff", "posts a buffer in region 0xFFFF", "the link ends: the buffer is impossible")]
    public Task PostedBuffer_InARegionThatThereIsNot_EndsTheLink() => Outcomes.EndsTheLinkAsync(
        Victim.Server, "posted-region-ffff", "the buffer posted in slot 0 is impossible: region 65535, offset 0, length 2048.");

    [Fact]
    [Attack("posted-offset-overflow", "posts a buffer whose offset and length overflow 32 bits", "the link ends: the buffer is impossible")]
    public Task PostedBuffer_Overflowing_EndsTheLink() => Outcomes.EndsTheLinkAsync(
        Victim.Server, "posted-offset-overflow", "the buffer posted in slot 0 is impossible: region 0, offset 4294967280, length 4294967295.");

    [Fact]
    [Attack("posted-empty", "posts a buffer of no bytes", "the link ends: the buffer is impossible")]
    public Task PostedBuffer_OfNoBytes_EndsTheLink() => Outcomes.EndsTheLinkAsync(
        Victim.Server, "posted-empty", "the buffer posted in slot 0 is impossible: region 0, offset 2304, length 0.");

    [Fact]
    [Attack("posted-over-rings", "posts buffers that lie over the rings, so that our own packets overwrite them", "the link ends as soon as a slot or counter is impossible")]
    public Task PostedBuffers_OverTheRings_EndTheLink() => Outcomes.EndsTheLinkAsync(
        Victim.Server, "posted-over-rings", "On transmit queue 0 the peer wrote something impossible");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("malformed-dropped", "sends impossible descriptors between good ones; we are told to drop", "each is dropped and counted, the good ones arrive, the link stays")]
    public async Task Malformed_BetweenGoodOnes_AreDroppedAndCounted(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "malformed-dropped", "--malformed", "drop");
        Assert.Equal(100, assault.Malformed);
    }
}

using ZMemif.HostileTests.Support;

namespace ZMemif.HostileTests;

/// <summary>What a peer can do with the memory file.</summary>
[Collection(nameof(Processes))]
public sealed class MemoryAttackTests
{
    [Fact]
    [Attack("region-unsealed", "announces memory that it can shrink", "refused: it is not sealed")]
    public Task Memory_WithoutASeal_IsRefused() => Outcomes.RefusesAsync(
        Victim.Server, "region-unsealed", "is not sealed against shrinking (F_SEAL_SHRINK)");

    [Fact]
    [Attack("shrink-trusted", "shrinks memory that we trusted, told to by `Seals = Ignore`", "**the process ends** (SIGBUS): this is what the seal is for")]
    public async Task Memory_ShrunkThoughItWasTrusted_EndsTheProcess() =>
        Assert.NotEqual(0, await Assault.RunToTheEndAsync(Victim.Server, "shrink-trusted", "--seals", "ignore"));

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("shrink-sealed", "tries to shrink sealed memory, or to forbid the writing of it", "the kernel refuses; nothing happens")]
    public async Task Memory_Sealed_CannotBeShrunk(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "shrink-sealed");
    }

    [Fact]
    [Attack("region-short", "announces more memory than the file has", "refused, with both sizes")]
    public Task Memory_ShorterThanAnnounced_IsRefused() => Outcomes.RefusesAsync(
        Victim.Server, "region-short", "has 264447 bytes, but 264448 were announced");

    [Fact]
    [Attack("region-write-sealed", "announces memory that we may not write", "refused: it cannot be mapped")]
    public Task Memory_SealedAgainstWriting_IsRefused() => Outcomes.RefusesAsync(
        Victim.Server, "region-write-sealed", "mmap of 264448 bytes failed", "SystemError");

    [Fact]
    [Attack("region-huge-pages", "announces huge pages, whose holes may not be filled again", "refused, unless `Seals` trusts the peer")]
    public Task Memory_OnHugePages_IsRefused() => Outcomes.RefusesAsync(Victim.Server, "region-huge-pages", "lies on huge pages");

    [Fact]
    [Attack("grow", "makes its memory larger while the link is up", "the kernel refuses: we seal it when it comes")]
    public async Task Memory_OfALink_CannotGrow()
    {
        await using Assault assault = await Outcomes.GoesOnAsync(Victim.Server, "grow");
    }

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("punch-buffers", "punches holes where the buffers are, under traffic", "nothing: holes read as zeroes")]
    public async Task Buffers_Punched_AreZeroes(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "punch-buffers");
    }

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("punch-rings", "punches a hole of the whole region, rings included", "the link ends: a counter or a slot is impossible")]
    public Task Rings_Punched_EndTheLink(Victim victim) => Outcomes.EndsTheLinkAsync(
        victim, "punch-rings", "queue 0 the peer wrote something impossible");

    [Fact]
    [Attack("region-too-large", "announces 4 GiB, whose pages would be charged to us when we read them", "refused: `MaxRegionBytes` is 256 MiB and `MaxTotalBytes` 1 GiB unless told otherwise")]
    public Task Region_OfFourGigabytes_IsRefused() => Outcomes.RefusesAsync(
        Victim.Server, "region-too-large", "announced a region of 4294967296 bytes, more than MaxRegionBytes (268435456)");

    [Fact]
    [Attack("largest-region", "announces as large a region as may be (256 MiB), all of it present, and sends packets from all over it", "they are read")]
    public async Task Region_AsLargeAsAllowed_IsRead()
    {
        await using Assault assault = await Outcomes.GoesOnAsync(Victim.Server, "largest-region");
    }

    [Fact]
    [Attack("largest-region-stalls", "punches 256 MiB out of the region again and again while packets lie there: whoever reads one waits for the hole", "the reader of this port waits; everybody else goes on")]
    public async Task Region_ThatStalls_KeepsOnlyItsReaderWaiting()
    {
        await using Assault assault = await Outcomes.GoesOnAsync(Victim.Server, "largest-region-stalls");
    }

    [Fact]
    [Attack("largest-region-punched", "punches a hole of 256 MiB, rings included, under those who use them", "the link ends, every time: a counter or a slot is impossible")]
    public async Task Rings_PunchedUnderALargeMapping_EndTheLink()
    {
        await using Assault assault = await Assault.RunAsync(Victim.Server, "largest-region-punched");
        Assert.Equal(5, assault.Links);
        Assert.Equal(5, assault.Downs.Count(down => down.StartsWith("RingViolation On ", StringComparison.Ordinal)));
        Outcomes.AssertNothingUnexpected(assault);
    }

    [Fact]
    [Attack("memory-is-large", "announces a little of a file of gigabytes, punches holes in it, and lets us be the last to close it", "refused by the size of the file; it is closed where nobody waits")]
    public Task Memory_MuchLargerThanTheRegion_IsRefused() => Outcomes.RefusesAsync(
        Victim.Server, "memory-is-large", "lies in a file over MaxRegionBytes (268435456)");

    [Fact]
    [Attack("sparse-region", "announces 4 GiB of nothing, and sends packets from all over it up to its last byte; we allow 4 GiB", "they are read")]
    public async Task Region_OfFourGigabytesOfNothing_IsRead()
    {
        await using Assault assault = await Outcomes.GoesOnAsync(Victim.Server, "sparse-region", "--max-region", "4294967296", "--max-total", "17179869184");
    }
}

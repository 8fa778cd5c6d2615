using ZMemif.HostileTests.Support;

namespace ZMemif.HostileTests;

/// <summary>The shared memory changes while we look at it.</summary>
[Collection(nameof(Processes))]
public sealed class RaceAttackTests
{
    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("flip-descriptors", "a second thread turns published descriptors into impossible ones and back", "an impossible one that is seen ends the link; nothing outside is touched")]
    public Task Descriptors_FlippedByASecondThread_EndTheLinkAtWorst(Victim victim) => Outcomes.EndsLinkAfterLinkAsync(victim, "flip-descriptors");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("flip-descriptors-dropped", "the same, when we are told to drop", "impossible ones are dropped and counted, the link stays")]
    public async Task Descriptors_FlippedByASecondThread_AreDroppedAndCounted(Victim victim)
    {
        await using Assault assault = await Assault.RunAsync(victim, "flip-descriptors-dropped", "--malformed", "drop");
        Assert.InRange(assault.Malformed, 1, int.MaxValue);
        Outcomes.AssertNothingUnexpected(assault);
    }

    [Fact]
    [Attack("flip-posted", "a second thread turns posted buffers into impossible ones and back while we send", "an impossible one that is seen ends the link; nothing outside is written")]
    public Task PostedBuffers_FlippedByASecondThread_EndTheLinkAtWorst() => Outcomes.EndsLinkAfterLinkAsync(Victim.Server, "flip-posted");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("flip-payload", "changes the bytes of packets while they are read", "the packets contain what they contain; nothing else")]
    public async Task Payload_ChangedWhileItIsRead_IsThePeersOwnLoss(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "flip-payload");
    }

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("flip-mask", "toggles the interrupt masks of both rings without end", "nothing: masks decide about wake-ups only, and a sender looks again")]
    public async Task Masks_ToggledAtRandom_StopNothing(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "flip-mask");
    }

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("scribble-rings", "writes random bytes over both rings without end", "the link ends, every time")]
    public Task Rings_ScribbledOver_EndTheLink(Victim victim) => Outcomes.EndsLinkAfterLinkAsync(victim, "scribble-rings");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("scribble-everything", "writes random bytes over the whole region without end", "the link ends, every time")]
    public Task Region_ScribbledOver_EndsTheLink(Victim victim) => Outcomes.EndsLinkAfterLinkAsync(victim, "scribble-everything");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("overwrite-cookies", "overwrites the cookies of the rings once the link is up", "nothing: they are never read again")]
    public async Task Cookies_OverwrittenOnceTheLinkIsUp_AreNotMissed(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "overwrite-cookies");
    }
}

using ZMemif.HostileTests.Support;

namespace ZMemif.HostileTests;

/// <summary>Counters that jump, in both roles.</summary>
[Collection(nameof(Processes))]
public sealed class IndexAttackTests
{
    [Theory]
    [InlineData(Victim.Server, "is 65 slots ahead of 20 on a ring of 64")]
    [InlineData(Victim.Client, "is 65 slots ahead of 20, but 64 buffers were posted")]
    [Attack("publish-jump", "publishes one slot more than the ring has", "the link ends: head (tail) is N + 1 slots ahead")]
    public Task Published_OneMoreThanTheRing_EndsTheLink(Victim victim, string words) =>
        Outcomes.EndsTheLinkAsync(victim, "publish-jump", words);

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("publish-half", "moves the counter by which it publishes by 0x8000", "the link ends")]
    public Task Published_HalfOfTheNumbers_EndsTheLink(Victim victim) =>
        Outcomes.EndsTheLinkAsync(victim, "publish-half", "is 32768 slots ahead of 20");

    [Theory]
    [InlineData(Victim.Server, "head 19 is 65535 slots ahead of 20")]
    [InlineData(Victim.Client, "tail 19 is 65535 slots ahead of 20")]
    [Attack("publish-backward", "moves the counter by which it publishes backward", "the link ends")]
    public Task Published_Backward_EndsTheLink(Victim victim, string words) =>
        Outcomes.EndsTheLinkAsync(victim, "publish-backward", words);

    [Theory]
    [InlineData(Victim.Server, "On transmit queue 0 the peer wrote something impossible: head ")]
    [InlineData(Victim.Client, "On transmit queue 0 the peer wrote something impossible: tail went from ")]
    [Attack("return-jump", "posts (returns) more slots than the ring has", "the link ends")]
    public Task Returned_MoreThanTheRing_EndsTheLink(Victim victim, string words) =>
        Outcomes.EndsTheLinkAsync(victim, "return-jump", words);

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("return-half", "moves the counter by which it posts (returns) by 0x8000", "the link ends")]
    public Task Returned_HalfOfTheNumbers_EndsTheLink(Victim victim) =>
        Outcomes.EndsTheLinkAsync(victim, "return-half", "On transmit queue 0 the peer wrote something impossible");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("return-backward", "moves the counter by which it posts (returns) backward", "the link ends")]
    public Task Returned_Backward_EndsTheLink(Victim victim) =>
        Outcomes.EndsTheLinkAsync(victim, "return-backward", "On transmit queue 0 the peer wrote something impossible");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("overwrite-counters", "overwrites our counters on both rings", "nothing: they are never read back")]
    public async Task OwnCounters_Overwritten_AreNotMissed(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "overwrite-counters");
    }
}

using ZMemif.HostileTests.Support;

namespace ZMemif.HostileTests;

/// <summary>What a peer can do with the events, which both ends hold.</summary>
[Collection(nameof(Processes))]
public sealed class EventAttackTests
{
    private const string Blocked = "On transmit queue 0 the peer made the writing of its event block.";

    [Fact]
    [Attack("event-pipe", "passes a pipe in place of an eventfd", "refused: it is no eventfd")]
    public Task Event_ThatIsAPipe_IsRefused() => Outcomes.RefusesAsync(Victim.Server, "event-pipe", "The interrupt descriptor of a ring is no eventfd but 'pipe:[");

    [Fact]
    [Attack("event-semaphore", "passes an eventfd that counts down, which would stay readable for ever", "refused")]
    public Task Event_ThatCountsDown_IsRefused() => Outcomes.RefusesAsync(
        Victim.Server, "event-semaphore", "The interrupt descriptor of a ring is an eventfd that counts down (EFD_SEMAPHORE).");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("event-saturated", "keeps both events filled to the brim", "nothing: an event that is full is pending")]
    public async Task Events_Saturated_StopNothing(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "event-saturated");
    }

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("event-storm", "writes our event without end, and sends nothing", "the receiver wakes up for nothing; everybody else goes on")]
    public async Task Events_WithoutPackets_WakeTheReceiverOnly(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "event-storm");
    }

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("event-blocking", "fills the event that we write and makes it blocking", "the control thread frees the sender after some 10 ms, and the link ends")]
    public Task Event_MadeBlocking_EndsTheLinkAndFreesTheSender(Victim victim) => Outcomes.EndsTheLinkAsync(victim, "event-blocking", Blocked);

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("event-blocking-fought-for", "the same, takes our packets, and fills the event again at once when it is emptied", "the same")]
    public Task Event_MadeBlockingAndFilledAgain_EndsTheLinkAndFreesTheSender(Victim victim) =>
        Outcomes.EndsTheLinkAsync(victim, "event-blocking-fought-for", Blocked);

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("event-blocking-and-gone", "makes our sender block on the event, and dies", "the sender is freed, the link ends")]
    public async Task Event_MadeBlockingByAPeerWhoDies_FreesTheSender(Victim victim)
    {
        await using Assault assault = await Outcomes.GoesOnAsync(victim, "event-blocking-and-gone");
    }

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("event-toggled", "makes both events blocking and non-blocking by turns, keeps full what we write, and empties what we are about to read", "reading never blocks; a sender is freed, and the link ends at worst")]
    public async Task Events_ToggledBetweenBlockingAndNot_EndTheLinkAtWorst(Victim victim)
    {
        await using Assault assault = await Assault.RunAsync(victim, "event-toggled");
        Assert.InRange(assault.Links, 1, int.MaxValue);
        Assert.All(
            assault.Downs.Where(down => !down.StartsWith("ClosedByPeer", StringComparison.Ordinal) && !down.StartsWith("ClosedLocally", StringComparison.Ordinal)),
            down => Assert.Equal($"RingViolation {Blocked}", down));
    }
}

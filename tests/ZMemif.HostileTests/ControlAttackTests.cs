using ZMemif.HostileTests.Support;

namespace ZMemif.HostileTests;

/// <summary>Handshakes that go wrong, many of them, from another process; each rule by itself is tested in ZMemif.Tests/Control.</summary>
[Collection(nameof(Processes))]
public sealed class ControlAttackTests
{
    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("eof-at-each-step", "closes at each step of the handshake, again and again", "each time the port is free again")]
    public Task Eof_AtEachStep_FreesThePort(Victim victim) => Reports(victim, "eof-at-each-step", "ClosedByPeer The peer closed the control channel.");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("disconnect-at-each-step", "sends DISCONNECT with forged lines at each step", "the port says so, in one line")]
    public Task Disconnect_AtEachStep_IsReported(Victim victim) =>
        Reports(victim, "disconnect-at-each-step", "RefusedByPeer The peer ended the connection: \"bye?for good\" (code 4294967295).");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("silent-at-each-step", "says nothing more, at each step", "dropped at the deadline")]
    public Task Silence_AtEachStep_EndsAtTheDeadline(Victim victim) =>
        Reports(victim, "silent-at-each-step", "HandshakeTimeout The peer did not complete the handshake within 0.5 s.");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("message-fuzz", "sends random messages of random lengths with random descriptors at random steps", "refused, with the rule")]
    public Task Messages_OfAnyKind_AreRefused(Victim victim) => Reports(victim, "message-fuzz", "ProtocolViolation The peer sent ");

    [Fact]
    [Attack("rights-253", "sends 253 descriptors with a message, as many as the kernel passes", "refused; all are closed")]
    public Task Descriptors_AsManyAsThereCanBe_AreClosed() =>
        Reports(Victim.Server, "rights-253", "ProtocolViolation The peer sent 253 file descriptors with AddRegion");

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("linger", "passes sixty sockets whose closing blocks for an hour: alone, behind 233 others, and unread", "a thread made for it closes them; the next link comes up at once")]
    public async Task Descriptors_ThatAreSlowToClose_KeepNobodyWaiting(Victim victim)
    {
        await using Assault assault = await Assault.RunAsync(victim, "linger");
        int milliseconds = int.Parse(Assert.Single(assault.Told).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(milliseconds, 0, 3000);
    }

    [Fact]
    [Attack("hijack", "wants an id that is connected, from a second connection", "refused; the link does not notice")]
    public async Task Id_OfALiveLink_IsNotGivenAway()
    {
        await using Assault assault = await Outcomes.GoesOnAsync(Victim.Server, "hijack");
        Assert.Contains("Interface id 7 is already connected.", assault.Told);
    }

    [Fact]
    [Attack("impatient", "sends the whole handshake without waiting for an answer", "it is answered, and the link works")]
    public async Task Handshake_SentAtOnce_IsAnswered()
    {
        await using Assault assault = await Outcomes.GoesOnAsync(Victim.Server, "impatient");
    }

    [Fact]
    [Attack("link-cycle", "makes a link and breaks a rule on it, as often as it can", "each link ends with its own violation, and no later one")]
    public Task Links_ThatAreBrokenAtOnce_EndOneByOne() => Outcomes.EndsLinkAfterLinkAsync(Victim.Server, "link-cycle");

    [Fact]
    [Attack("connect-flood", "connects and closes without end", "somebody else gets a link meanwhile")]
    public async Task Connections_WithoutEnd_KeepNobodyOut()
    {
        await using Assault assault = await Assault.RunAsync(Victim.Server, "connect-flood");
        Assert.InRange(assault.Links, 1, int.MaxValue);
        Outcomes.AssertNothingUnexpected(assault);
    }

    [Fact]
    [Attack("half-open", "opens 200 connections and says nothing", "64 are kept, to the deadline; the older ones are turned away")]
    public Task Connections_HalfOpen_AreLimited() =>
        Reports(Victim.Server, "half-open", "ProtocolViolation More than 64 peers are in the middle of a handshake, and this is the oldest of them.");

    [Fact]
    [Attack("connect-and-hold", "keeps 500 connections open that say nothing, and opens another one for each that is turned away", "64 are kept; somebody else gets a link meanwhile")]
    public async Task Connections_Held_KeepNobodyOut()
    {
        await using Assault assault = await Assault.RunAsync(Victim.Server, "connect-and-hold");
        Assert.InRange(assault.Links, 1, int.MaxValue);
        Assert.Contains(assault.Errors, error => error.Contains("this is the oldest of them", StringComparison.Ordinal));
        Assert.Contains(assault.Told, told => told is "500 held" or "501 held");
        Outcomes.AssertNothingUnexpected(assault);
    }

    [Fact]
    [Attack("flood-of-another-user", "keeps 500 connections open that say nothing, as another user than the one who wants links", "no handshake of that other user is refused: who goes is always one of the flood")]
    public async Task Connections_OfAnotherUser_CostNobodyElseAHandshake()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "A flood of another user needs root.");
        await using Assault assault = await Assault.RunAsync(Victim.Server, "flood-of-another-user");
        Assert.InRange(assault.Links, 20, int.MaxValue);
        Assert.Contains(assault.Errors, error => error.Contains("this is the oldest of them", StringComparison.Ordinal));
        Assert.Contains(assault.Told, told => told is "500 held by user 65534" or "501 held by user 65534");
        int milliseconds = int.Parse(Assert.Single(assault.Told, told => told.EndsWith(" ms for the slowest link", StringComparison.Ordinal)).Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(milliseconds, 0, 3000);
        Outcomes.AssertNothingUnexpected(assault);
    }

    [Theory]
    [InlineData(Victim.Server)]
    [InlineData(Victim.Client)]
    [Attack("no-descriptors", "comes when we have eight descriptors left: passes twenty sockets whose closing blocks, and wants more connections (a link) than there is room for", "each is refused for want of descriptors; links that are up go on, and new ones come up when there are descriptors again")]
    public async Task Descriptors_WhenWeHaveNoneLeft_AreRefused(Victim victim)
    {
        await using Assault assault = await Assault.RunExhaustedAsync(victim, "no-descriptors", descriptorsLeft: 8);
        string[] reports = [.. assault.Downs.Concat(assault.Errors)];
        string second = victim == Victim.Server
            ? "SystemError accept on the control socket failed: Too many open files."
            : "SystemError eventfd failed: Too many open files.";
        Assert.Contains("SystemError This process has no file descriptors left for what the peer passed (RLIMIT_NOFILE).", reports);
        Assert.InRange(reports.Count(report => report == second), 1, 20);
        Outcomes.AssertNothingUnexpected(assault);
    }

    [Fact]
    [Attack("hello-zeroes", "announces limits of zero", "a link of one ring each way with one slot, which works", OnlyVictim = Victim.Client)]
    public async Task Hello_OfZeroes_GivesTheSmallestLink()
    {
        await using Assault assault = await Outcomes.GoesOnAsync(Victim.Client, "hello-zeroes");
        Assert.Contains("1 slots", assault.Told);
    }

    [Fact]
    [Attack("hello-maxima", "announces the largest limits that fit", "a link as configured", OnlyVictim = Victim.Client)]
    public async Task Hello_OfMaxima_GivesTheLinkThatWasWanted()
    {
        await using Assault assault = await Outcomes.GoesOnAsync(Victim.Client, "hello-maxima");
        Assert.Contains("64 slots", assault.Told);
    }

    private static async Task Reports(Victim victim, string verb, string words)
    {
        await using Assault assault = await Assault.RunAsync(victim, verb);
        Assert.Contains(assault.Downs.Concat(assault.Errors), line => line.StartsWith(words, StringComparison.Ordinal));
        Outcomes.AssertNothingUnexpected(assault);
    }
}

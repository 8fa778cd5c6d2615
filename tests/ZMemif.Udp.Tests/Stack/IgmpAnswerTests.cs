using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>What queriers get to hear, and what they can make the host keep (RFC 3376 §5.2, §9.1).</summary>
public sealed class IgmpAnswerTests
{
    private static readonly Ipv4Address s_group = Ipv4Address.Parse("239.1.2.3");
    private static readonly Ipv4Address s_other = Ipv4Address.Parse("239.1.2.4");
    private static readonly Ipv4Address s_a = Ipv4Address.Parse("198.51.100.1");
    private static readonly Ipv4Address s_b = Ipv4Address.Parse("198.51.100.2");

    private readonly IgmpBed _bed = new();
    private readonly TestSink _socket = new();
    private readonly TestSink _another = new();

    [Fact]
    public void GeneralQuery_IsAnsweredOnceForAllGroupsWithinItsTime()
    {
        _bed.Join(_socket, s_group);
        _bed.Include(_another, s_other, s_a);
        _bed.Settle();

        _bed.Query(seconds: 10);

        _bed.Pass(4.9);
        Assert.Empty(_bed.Said());
        _bed.Pass(0.2);
        string said = Assert.Single(_bed.Said());
        Assert.Contains("ModeIsExclude 239.1.2.3 []", said, StringComparison.Ordinal);
        Assert.Contains("ModeIsInclude 239.1.2.4 [198.51.100.1]", said, StringComparison.Ordinal);
        Assert.Equal(1, _bed.Counters.FramesConsumed);
    }

    [Fact]
    public void GroupQuery_IsAnsweredForThatGroup()
    {
        _bed.Join(_socket, s_group);
        _bed.JoinAndSettle(_socket, s_other);

        _bed.Query(seconds: 1, group: s_other);
        _bed.Query(seconds: 1, group: Ipv4Address.Parse("239.9.9.9"));
        _bed.Pass(1);

        Assert.Equal(["224.0.0.22: ModeIsExclude 239.1.2.4 []"], _bed.Said());
    }

    [Fact]
    public void SourceQuery_IsAnsweredForTheSourcesThatAreWanted()
    {
        _bed.Include(_socket, s_group, s_a);
        _bed.Settle();

        _bed.Query(seconds: 1, group: s_group, sources: [s_a, s_b]);
        _bed.Pass(1);
        Assert.Equal(["224.0.0.22: ModeIsInclude 239.1.2.3 [198.51.100.1]"], _bed.Said());

        _bed.Query(seconds: 1, group: s_group, sources: [s_b]);
        _bed.Pass(1);
        Assert.Empty(_bed.Said());
    }

    [Fact]
    public void GroupQuery_WhileAGeneralAnswerComesSooner_IsAnsweredByThat()
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Query(seconds: 1);
        _bed.Query(seconds: 10, group: s_group);
        _bed.Pass(11);

        Assert.Single(_bed.Said());
    }

    [Theory]
    [InlineData(false, "239.1.2.3")]
    [InlineData(false, "255.255.255.255")]
    [InlineData(false, "192.0.2.255")]
    [InlineData(true, "239.1.2.4")]
    [InlineData(true, "255.255.255.255")]
    public void Query_WhereNobodyAsks_IsDropped(bool isForGroup, string destination)
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Query(seconds: 1, group: isForGroup ? s_group : default, to: Ipv4Address.Parse(destination));

        AssertDropped();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(64)]
    public void Query_ThatMayHaveComeThroughARouter_IsDropped(byte timeToLive)
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Query(seconds: 1, timeToLive: timeToLive);

        AssertDropped();
    }

    [Theory]
    [InlineData(false, "192.0.2.2")]
    [InlineData(true, "192.0.2.2")]
    [InlineData(true, "224.0.0.1")]
    [InlineData(true, "239.1.2.3")]
    [InlineData(false, "224.0.0.1")]
    public void Query_WhereItMayBeAsked_IsAnswered(bool isForGroup, string destination)
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Query(seconds: 1, group: isForGroup ? s_group : default, to: Ipv4Address.Parse(destination));
        _bed.Pass(1);

        Assert.Equal(["224.0.0.22: ModeIsExclude 239.1.2.3 []"], _bed.Said());
    }

    [Theory]
    [InlineData("1100000000000000")] // wrong checksum
    [InlineData("11")]
    [InlineData("9900669900000000")] // unknown type
    [InlineData("1100EEFF000000000000")] // between the lengths of two versions
    public void Message_Malformed_IsDropped(string message)
    {
        _bed.Receive(Convert.FromHexString(message), GroupTable.AllSystems);

        Assert.Equal((1, 0), (_bed.Counters.Drops(MemifDropReason.BadIgmp), _bed.Counters.FramesConsumed));
    }

    [Fact]
    public void GroupQuery_OfAGroupThatNobodyJoined_LeavesNoTrace()
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Query(seconds: 10, group: s_other, to: Net.Own);

        Assert.Null(_bed.Igmp.NextDeadline);
        Assert.Equal(1, _bed.Counters.FramesConsumed);
    }

    [Fact]
    public void GroupQuery_OfAGroupThatWasLeft_LeavesNoTrace()
    {
        _bed.JoinAndSettle(_socket, s_group);
        _bed.Groups.Leave(_socket);
        _bed.Said();
        long? repetition = _bed.Igmp.NextDeadline;

        _bed.Query(seconds: 0, group: s_group);

        Assert.Equal(repetition, _bed.Igmp.NextDeadline);
    }

    [Fact]
    public void GroupQuery_OfAGroupThatIsLeftBeforeTheAnswer_IsNotAnswered()
    {
        _bed.JoinAndSettle(_socket, s_group);
        _bed.Query(seconds: 10, group: s_group);

        _bed.Groups.Leave(_socket);
        _bed.Pass(10);

        Assert.Equal(Enumerable.Repeat("224.0.0.22: ChangeToInclude 239.1.2.3 []", 2), _bed.Said());
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(10, 1)]
    public void GroupQuery_WhileAnAnswerWaits_IsAnsweredWithItAtTheSoonerTime(double first, double second)
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Query(first, group: s_group);
        _bed.Query(second, group: s_group);

        _bed.Pass(0.5);
        Assert.Equal(["224.0.0.22: ModeIsExclude 239.1.2.3 []"], _bed.Said());
        _bed.Pass(10);
        Assert.Empty(_bed.Said());
    }

    [Fact]
    public void Query_LaterThanWhatIsDue_WakesNobody()
    {
        _bed.JoinAndSettle(_socket, s_group);
        int before = _bed.Scheduled;

        _bed.Query(seconds: 1, group: s_group);
        _bed.Query(seconds: 10, group: s_group);

        Assert.Equal(before + 1, _bed.Scheduled);
    }

    [Fact]
    public void SourceQueries_WhileAnAnswerWaits_AreAnsweredTogether()
    {
        _bed.Include(_socket, s_group, s_a, s_b);
        _bed.Settle();

        _bed.Query(seconds: 1, group: s_group, sources: [s_a]);
        _bed.Query(seconds: 1, group: s_group, sources: [s_b]);
        _bed.Pass(1);

        Assert.Equal(["224.0.0.22: ModeIsInclude 239.1.2.3 [198.51.100.1 198.51.100.2]"], _bed.Said());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SourceQuery_BesideOneOfTheGroup_IsAnsweredForTheGroup(bool isSourceFirst)
    {
        _bed.Include(_socket, s_group, s_a, s_b);
        _bed.Settle();

        foreach (Ipv4Address[] sources in isSourceFirst ? new Ipv4Address[][] { [s_a], [] } : [[], [s_a]])
            _bed.Query(seconds: 1, group: s_group, sources: sources);
        _bed.Pass(1);

        Assert.Equal(["224.0.0.22: ModeIsInclude 239.1.2.3 [198.51.100.1 198.51.100.2]"], _bed.Said());
    }

    private void AssertDropped()
    {
        Assert.Equal((1, 0), (_bed.Counters.Drops(MemifDropReason.BadIgmp), _bed.Counters.FramesConsumed));
        Assert.Null(_bed.Igmp.NextDeadline);
    }
}

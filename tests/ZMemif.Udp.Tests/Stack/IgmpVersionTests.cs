using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Which version is spoken, and what becomes of what was to be said in another (RFC 3376 §7.2.1).</summary>
public sealed class IgmpVersionTests
{
    private static readonly Ipv4Address s_group = Ipv4Address.Parse("239.1.2.3");
    private static readonly Ipv4Address s_other = Ipv4Address.Parse("239.1.2.4");

    private readonly IgmpBed _bed = new();
    private readonly TestSink _socket = new();

    [Fact]
    public void QuerierOfVersion2_IsSpokenToInVersion2UntilItIsGone()
    {
        _bed.JoinAndSettle(_socket, s_group);
        _bed.Old(IgmpType.MembershipQuery, seconds: 10);
        _bed.Pass(6);
        Assert.Equal(["239.1.2.3: ReportV2 239.1.2.3"], _bed.Said());

        _bed.Join(_socket, s_other);
        Assert.Equal(["239.1.2.4: ReportV2 239.1.2.4"], _bed.Said());
        _bed.Groups.Set(_socket, s_other, null);
        Assert.Equal(["224.0.0.2: LeaveV2 239.1.2.4"], _bed.Said());

        _bed.Pass(260);
        _bed.Said();
        _bed.Join(_socket, s_other);
        Assert.Equal(["224.0.0.22: ChangeToExclude 239.1.2.4 []"], _bed.Said());
    }

    [Fact]
    public void QuerierOfVersion2_AnotherMemberAnswers_IsEnough()
    {
        _bed.JoinAndSettle(_socket, s_group);
        _bed.Old(IgmpType.MembershipQuery, seconds: 10);

        _bed.Old(IgmpType.ReportV2, group: s_group);
        _bed.Pass(10);

        Assert.Empty(_bed.Said());
        Assert.Equal(2, _bed.Counters.FramesConsumed);
    }

    [Fact]
    public void QuerierOfVersion1_IsSpokenToInVersion1_WhichHasNoLeave()
    {
        _bed.Old(IgmpType.MembershipQuery);
        _bed.Join(_socket, s_group);
        Assert.Equal(["239.1.2.3: ReportV1 239.1.2.3"], _bed.Said());

        _bed.Groups.Leave(_socket);
        Assert.Empty(_bed.Said());
    }

    [Fact]
    public void QuerierOfVersion2_SoonAfterAJoin_HearsNothingInVersion3()
    {
        _bed.Join(_socket, s_group);
        _bed.Said();

        _bed.Old(IgmpType.MembershipQuery, seconds: 10);
        _bed.Pass(20);

        Assert.Equal(["239.1.2.3: ReportV2 239.1.2.3"], _bed.Said());
    }

    [Fact]
    public void QuerierOfVersion2_WhileAnAnswerInVersion3Waits_HearsNothingOfIt()
    {
        _bed.JoinAndSettle(_socket, s_group);
        _bed.Query(seconds: 10);
        _bed.Query(seconds: 1, group: s_group, sources: [Net.Outside]);

        _bed.Old(IgmpType.MembershipQuery, seconds: 10);
        _bed.Pass(20);

        Assert.Equal(["239.1.2.3: ReportV2 239.1.2.3"], _bed.Said());
    }

    [Fact]
    public void QuerierOfVersion2_GoneBeforeItsAnswer_IsNotAnswered()
    {
        _bed.JoinAndSettle(_socket, s_group);
        _bed.Old(IgmpType.MembershipQuery, seconds: 1);
        _bed.Pass(1);
        _bed.Said();

        _bed.Query(seconds: 0, code: 255); // nearly an hour
        _bed.Pass(3600);

        Assert.Empty(_bed.Said());
        Assert.Null(_bed.Igmp.NextDeadline);
    }

    [Fact]
    public void QuerierOfVersion2_GoneWhileNothingIsDue_IsSpokenToNoMore()
    {
        _bed.Old(IgmpType.MembershipQuery, seconds: 10);
        _bed.Pass(IgmpQueriers.OlderQuerierTimeout.TotalSeconds);

        _bed.Join(_socket, s_group);

        Assert.Equal(["224.0.0.22: ChangeToExclude 239.1.2.3 []"], _bed.Said());
    }

    [Fact]
    public void QuerierOfVersion2_OfASingleGroup_IsAnsweredInItsVersion()
    {
        _bed.JoinAndSettle(_socket, s_group);
        _bed.JoinAndSettle(_socket, s_other);

        _bed.Old(IgmpType.MembershipQuery, seconds: 1, group: s_other);
        _bed.Pass(1);

        Assert.Equal(["239.1.2.4: ReportV2 239.1.2.4"], _bed.Said());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void QuerierOfVersion2_AsksTwice_IsAnsweredOnceAtTheSoonerTime(bool isSoonerFirst)
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Old(IgmpType.MembershipQuery, seconds: isSoonerFirst ? 1 : 10);
        _bed.Old(IgmpType.MembershipQuery, seconds: isSoonerFirst ? 10 : 1);

        _bed.Pass(0.5);
        Assert.Equal(["239.1.2.3: ReportV2 239.1.2.3"], _bed.Said());
        _bed.Pass(10);
        Assert.Empty(_bed.Said());
    }

    [Fact]
    public void QuerierOfVersion2_AnotherMemberAnswersTheHostAlone_IsNotEnough()
    {
        _bed.JoinAndSettle(_socket, s_group);
        _bed.Old(IgmpType.MembershipQuery, seconds: 10);

        _bed.Old(IgmpType.ReportV2, group: s_group, to: Net.Own);
        _bed.Pass(10);

        Assert.Equal(["239.1.2.3: ReportV2 239.1.2.3"], _bed.Said());
    }

    [Fact]
    public void QuerierOfVersion3_AnotherMemberAnswersInVersion2_IsNotEnough()
    {
        _bed.JoinAndSettle(_socket, s_group);
        _bed.Query(seconds: 10, group: s_group);

        _bed.Old(IgmpType.ReportV2, group: s_group);
        _bed.Pass(10);

        Assert.Equal(["224.0.0.22: ModeIsExclude 239.1.2.3 []"], _bed.Said());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void OlderQuerier_BesideNewerOnes_IsSpokenTo(int oldest)
    {
        _bed.Old(IgmpType.MembershipQuery, seconds: oldest == 1 ? 0 : 10);
        _bed.Old(IgmpType.MembershipQuery, seconds: 10);
        _bed.Query(seconds: 10);

        _bed.Join(_socket, s_group);

        Assert.Equal([$"239.1.2.3: ReportV{oldest} 239.1.2.3"], _bed.Said());
    }

    [Fact]
    public void QuerierOfVersion1_GoneWhileOneOfVersion2Asks_GivesWayToThat()
    {
        _bed.Old(IgmpType.MembershipQuery);
        for (int i = 0; i < 3; i++)
        {
            _bed.Pass(125);
            _bed.Old(IgmpType.MembershipQuery, seconds: 10);
        }

        _bed.Join(_socket, s_group);
        _bed.Groups.Leave(_socket);

        Assert.Equal(["239.1.2.3: ReportV2 239.1.2.3", "224.0.0.2: LeaveV2 239.1.2.3"], _bed.Said());
    }

    [Fact]
    public void QuerierOfVersion1_WritesSomeGroup_IsAnsweredForAll()
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Old(IgmpType.MembershipQuery, group: s_other, to: GroupTable.AllSystems);
        _bed.Pass(10);

        Assert.Equal(["239.1.2.3: ReportV1 239.1.2.3"], _bed.Said());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void LinkUp_AfterAnOlderQuerier_SpeaksVersion3(double seconds)
    {
        _bed.Join(_socket, s_group);
        _bed.Old(IgmpType.MembershipQuery, seconds);
        _bed.Said();

        _bed.Igmp.LinkUp();
        _bed.Pass(20);

        Assert.Equal(Enumerable.Repeat("224.0.0.22: ChangeToExclude 239.1.2.3 []", 2), _bed.Said());
    }
}

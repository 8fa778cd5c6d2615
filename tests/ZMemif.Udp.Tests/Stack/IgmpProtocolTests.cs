using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>IGMP, a host's part, seen from the link (RFC 3376, RFC 2236).</summary>
public sealed class IgmpProtocolTests
{
    private static readonly Ipv4Address s_group = Ipv4Address.Parse("239.1.2.3");
    private static readonly Ipv4Address s_other = Ipv4Address.Parse("239.1.2.4");
    private static readonly Ipv4Address s_a = Ipv4Address.Parse("198.51.100.1");
    private static readonly Ipv4Address s_b = Ipv4Address.Parse("198.51.100.2");

    private readonly IgmpBed _bed = new();
    private readonly TestSink _socket = new();
    private readonly TestSink _another = new();

    [Fact]
    public void Join_IsReportedAtOnceAndOnceMoreWithinASecond()
    {
        Join(_socket, s_group);

        Assert.Equal(["224.0.0.22: ChangeToExclude 239.1.2.3 []"], _bed.Said());
        _bed.Pass(0.4);
        Assert.Empty(_bed.Said());
        _bed.Pass(0.2);
        Assert.Equal(["224.0.0.22: ChangeToExclude 239.1.2.3 []"], _bed.Said());
        _bed.Pass(10);
        Assert.Empty(_bed.Said());
        Assert.Null(_bed.Igmp.NextDeadline);
    }

    [Fact]
    public void Join_OfASecondSocket_ChangesNothingOnTheLink()
    {
        Join(_socket, s_group);
        Settle();

        Join(_another, s_group);
        _bed.Groups.Set(_socket, s_group, null);

        Assert.Empty(_bed.Said());
        Assert.True(_bed.Groups.Accepts(s_group, s_a));
    }

    [Fact]
    public void Leave_OfTheLast_IsReported()
    {
        Join(_socket, s_group);
        Settle();

        _bed.Groups.Leave(_socket);

        Assert.Equal(["224.0.0.22: ChangeToInclude 239.1.2.3 []"], _bed.Said());
        Assert.False(_bed.Groups.Accepts(s_group, s_a));
    }

    [Fact]
    public void Sources_JoinedAndLeft_AreAllowedAndBlocked()
    {
        Include(_socket, s_a);
        Assert.Equal(["224.0.0.22: AllowNewSources 239.1.2.3 [198.51.100.1]"], Settle());

        Include(_socket, s_a, s_b);
        Assert.Equal(["224.0.0.22: AllowNewSources 239.1.2.3 [198.51.100.2]"], Settle());

        Include(_socket, s_b);
        Assert.Equal(["224.0.0.22: BlockOldSources 239.1.2.3 [198.51.100.1]"], Settle());

        Join(_another, s_group);
        Assert.Equal(["224.0.0.22: ChangeToExclude 239.1.2.3 []"], Settle());
    }

    [Fact]
    public void GeneralQuery_IsAnsweredOnceForAllGroupsWithinItsTime()
    {
        Join(_socket, s_group);
        IncludeIn(s_other, _another, s_a);
        Settle();

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
        Join(_socket, s_group);
        Join(_socket, s_other);
        Settle();

        _bed.Query(seconds: 1, group: s_other);
        _bed.Query(seconds: 1, group: Ipv4Address.Parse("239.9.9.9"));
        _bed.Pass(1);

        Assert.Equal(["224.0.0.22: ModeIsExclude 239.1.2.4 []"], _bed.Said());
    }

    [Fact]
    public void SourceQuery_IsAnsweredForTheSourcesThatAreWanted()
    {
        Include(_socket, s_a);
        Settle();

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
        Join(_socket, s_group);
        Settle();

        _bed.Query(seconds: 1);
        _bed.Query(seconds: 10, group: s_group);
        _bed.Pass(11);

        Assert.Single(_bed.Said());
    }

    [Fact]
    public void QuerierOfVersion2_IsSpokenToInVersion2UntilItIsGone()
    {
        Join(_socket, s_group);
        Settle();
        _bed.Old(IgmpType.MembershipQuery, seconds: 10);
        _bed.Pass(6);
        Assert.Equal(["239.1.2.3: ReportV2 239.1.2.3"], _bed.Said());

        Join(_socket, s_other);
        Assert.Equal(["239.1.2.4: ReportV2 239.1.2.4"], _bed.Said());
        _bed.Groups.Set(_socket, s_other, null);
        Assert.Equal(["224.0.0.2: LeaveV2 239.1.2.4"], _bed.Said());

        _bed.Pass(260);
        _bed.Said();
        Join(_socket, s_other);
        Assert.Equal(["224.0.0.22: ChangeToExclude 239.1.2.4 []"], _bed.Said());
    }

    [Fact]
    public void QuerierOfVersion2_AnotherMemberAnswers_IsEnough()
    {
        Join(_socket, s_group);
        Settle();
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
        Join(_socket, s_group);
        Assert.Equal(["239.1.2.3: ReportV1 239.1.2.3"], _bed.Said());

        _bed.Groups.Leave(_socket);
        Assert.Empty(_bed.Said());
    }

    [Fact]
    public void GeneralQuery_ToAGroup_IsDropped()
    {
        Join(_socket, s_group);
        Settle();

        _bed.Query(seconds: 1, to: s_group);
        _bed.Pass(10);

        Assert.Empty(_bed.Said());
        Assert.Equal(1, _bed.Counters.Drops(MemifDropReason.BadIgmp));
    }

    [Theory]
    [InlineData(false, "192.0.2.2")]
    [InlineData(true, "192.0.2.2")]
    [InlineData(true, "224.0.0.1")]
    [InlineData(true, "239.1.2.4")]
    public void Query_ToAnyAddressOfOurs_IsAnswered(bool isForGroup, string destination)
    {
        Join(_socket, s_group);
        Settle();

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
    public void LinkUp_ReportsEverythingAnew()
    {
        Join(_socket, s_group);
        Settle();

        _bed.Igmp.LinkUp();

        Assert.Equal(["224.0.0.22: ChangeToExclude 239.1.2.3 []"], _bed.Said());
    }

    [Fact]
    public void Report_OfMoreGroupsThanFit_BecomesSeveral()
    {
        var bed = new IgmpBed(mtu: 68);
        for (uint i = 0; i < 10; i++)
            bed.Groups.Set(_socket, new Ipv4Address(s_group.Value + i), GroupFilter.All);
        bed.Pass(10);
        bed.Said();

        bed.Query(seconds: 1);
        bed.Pass(1);

        string[] said = bed.Said();
        Assert.Equal(3, said.Length); // 4 records of 8 bytes fit 68 − 24 − 8
        Assert.Equal(10, said.Sum(line => line.Split(", ").Length));
    }

    [Fact]
    public void Report_AsPacketDotNetReadsIt_IsForTheLinkOnlyAndAlertsRouters()
    {
        Join(_socket, s_group);

        var ethernet = new Oracle.EthernetPacket(new(_bed.Frames[0]));
        Oracle.IPv4Packet ip = ethernet.Extract<Oracle.IPv4Packet>();
        Assert.Equal("01005E000016", ethernet.DestinationHardwareAddress.ToString());
        Assert.Equal((1, 6, Oracle.ProtocolType.Igmp), (ip.TimeToLive, ip.HeaderLength, ip.Protocol));
        Assert.True(ip.ValidIPChecksum);
        Assert.Equal([0x94, 0x04, 0, 0], ip.HeaderData[20..24]);
        Assert.Equal((byte)IgmpType.ReportV3, ip.PayloadPacket?.Bytes[0] ?? ip.PayloadData[0]);
    }

    [Fact]
    public void ReportAndLeaveOfVersion2_AsPacketDotNetReadsThem()
    {
        _bed.Old(IgmpType.MembershipQuery, seconds: 1);
        Join(_socket, s_group);
        _bed.Groups.Leave(_socket);

        Oracle.IPv4Packet[] packets = [.. _bed.Frames.Select(frame => new Oracle.EthernetPacket(new(frame)).Extract<Oracle.IPv4Packet>())];
        Oracle.IgmpV2Packet[] messages = [.. packets.Select(packet => packet.Extract<Oracle.IgmpV2Packet>())];
        Assert.Equal(
            [(s_group.ToIPAddress(), Oracle.IgmpMessageType.MembershipReportIGMPv2), (IgmpProtocol.AllRouters.ToIPAddress(), Oracle.IgmpMessageType.LeaveGroup)],
            packets.Zip(messages, (packet, message) => (packet.DestinationAddress, message.Type)));
        Assert.All(packets, packet => Assert.True(packet.ValidIPChecksum && packet.TimeToLive == 1));
        Assert.All(messages, message => Assert.Equal((s_group.ToIPAddress(), 0), (message.GroupAddress, message.MaxResponseTime)));
    }

    private void Join(TestSink socket, Ipv4Address group) => _bed.Groups.Set(socket, group, GroupFilter.All);

    private void Include(TestSink socket, params Ipv4Address[] sources) =>
        _bed.Groups.Set(socket, s_group, new GroupFilter(IsExclude: false, [.. sources]));

    private void IncludeIn(Ipv4Address group, TestSink socket, Ipv4Address source) =>
        _bed.Groups.Set(socket, group, new GroupFilter(IsExclude: false, [source]));

    /// <summary>What was said at once; repetitions are waited for and not told.</summary>
    private string[] Settle()
    {
        string[] said = _bed.Said();
        _bed.Pass(10);
        _bed.Said();
        return said;
    }
}

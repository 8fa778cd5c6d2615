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
        _bed.Join(_socket, s_group);

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
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Join(_another, s_group);
        _bed.Groups.Set(_socket, s_group, null);

        Assert.Empty(_bed.Said());
        Assert.True(_bed.Groups.Accepts(s_group, s_a));
    }

    [Fact]
    public void Leave_OfTheLast_IsReported()
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Groups.Leave(_socket);

        Assert.Equal(["224.0.0.22: ChangeToInclude 239.1.2.3 []"], _bed.Said());
        Assert.False(_bed.Groups.Accepts(s_group, s_a));
    }

    [Fact]
    public void Sources_JoinedAndLeft_AreAllowedAndBlocked()
    {
        _bed.Include(_socket, s_group, s_a);
        Assert.Equal(["224.0.0.22: AllowNewSources 239.1.2.3 [198.51.100.1]"], _bed.Settle());

        _bed.Include(_socket, s_group, s_a, s_b);
        Assert.Equal(["224.0.0.22: AllowNewSources 239.1.2.3 [198.51.100.2]"], _bed.Settle());

        _bed.Include(_socket, s_group, s_b);
        Assert.Equal(["224.0.0.22: BlockOldSources 239.1.2.3 [198.51.100.1]"], _bed.Settle());

        _bed.Join(_another, s_group);
        Assert.Equal(["224.0.0.22: ChangeToExclude 239.1.2.3 []"], _bed.Settle());
    }

    [Fact]
    public void Change_SoonAfterAnother_IsToldWithIt()
    {
        _bed.Include(_socket, s_group, s_a);
        _bed.Said();

        _bed.Include(_socket, s_group, s_a, s_b);

        string both = "224.0.0.22: AllowNewSources 239.1.2.3 [198.51.100.1 198.51.100.2]";
        Assert.Equal([both], _bed.Said());
        _bed.Pass(1);
        Assert.Equal([both], _bed.Said());
        _bed.Pass(10);
        Assert.Empty(_bed.Said());
    }

    [Fact]
    public void Leave_SoonAfterTheJoin_IsTheLastWord()
    {
        _bed.Join(_socket, s_group);
        _bed.Groups.Leave(_socket);
        _bed.Said();

        _bed.Pass(1);

        Assert.Equal(["224.0.0.22: ChangeToInclude 239.1.2.3 []"], _bed.Said());
        Assert.Null(_bed.Igmp.NextDeadline);
    }

    [Fact]
    public void Change_OfMoreSourcesThanAreKeptApart_IsToldAsTheWhole()
    {
        _bed.Include(_socket, s_group, s_a);
        _bed.Settle();

        for (uint i = 0; i <= IgmpChange.MaxSources; i++)
            _bed.Include(_socket, s_group, new Ipv4Address(0x0A00_0000 + i));

        Assert.Equal("224.0.0.22: ChangeToInclude 239.1.2.3 [10.0.0.64]", _bed.Said()[^1]);
    }

    [Theory]
    [InlineData(0, 2)] // not said: the default (RFC 3376 §4.1.6)
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(7, 7)]
    public void Change_IsToldAsOftenAsTheQuerierFindsRobust(byte robustness, int times)
    {
        _bed.Query(seconds: 1, robustness: 5);
        _bed.Query(seconds: 1, robustness: robustness);
        _bed.Settle();

        _bed.Join(_socket, s_group);
        for (int i = 0; i < 20; i++)
            _bed.Pass(0.5);

        Assert.Equal(Enumerable.Repeat("224.0.0.22: ChangeToExclude 239.1.2.3 []", times), _bed.Said());
    }

    [Fact]
    public void AllSystems_Joined_IsNotReported()
    {
        _bed.Join(_socket, GroupTable.AllSystems);
        _bed.Query(seconds: 1);
        _bed.Pass(1);

        Assert.Empty(_bed.Said());
    }

    [Fact]
    public void LinkUp_ReportsEverythingAnew()
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Igmp.LinkUp();

        Assert.Equal(["224.0.0.22: ChangeToExclude 239.1.2.3 []"], _bed.Said());
    }

    [Fact]
    public void Report_AsPacketDotNetReadsIt_IsForTheLinkOnlyAndAlertsRouters()
    {
        _bed.Join(_socket, s_group);

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
        _bed.Join(_socket, s_group);
        _bed.Groups.Leave(_socket);

        Oracle.IPv4Packet[] packets = [.. _bed.Frames.Select(frame => new Oracle.EthernetPacket(new(frame)).Extract<Oracle.IPv4Packet>())];
        Oracle.IgmpV2Packet[] messages = [.. packets.Select(packet => packet.Extract<Oracle.IgmpV2Packet>())];
        Assert.Equal(
            [(s_group.ToIPAddress(), Oracle.IgmpMessageType.MembershipReportIGMPv2), (IgmpProtocol.AllRouters.ToIPAddress(), Oracle.IgmpMessageType.LeaveGroup)],
            packets.Zip(messages, (packet, message) => (packet.DestinationAddress, message.Type)));
        Assert.All(packets, packet => Assert.True(packet.ValidIPChecksum && packet.TimeToLive == 1));
        Assert.All(messages, message => Assert.Equal((s_group.ToIPAddress(), 0), (message.GroupAddress, message.MaxResponseTime)));
    }
}

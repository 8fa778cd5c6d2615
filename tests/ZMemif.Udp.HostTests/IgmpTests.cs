using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.HostTests.Captures;
using ZMemif.Udp.HostTests.Kernel;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>What we tell a querier of version 3 about sources, as tshark reads it.</summary>
public class IgmpTests
{
    private const string Bridge = "br0";
    private const string Records = "igmp.record_type";

    private const int Report = 14 + 24; // behind Ethernet and IPv4 with Router Alert
    private const int RecordHeader = 8;
    private const byte ModeIsInclude = 1;
    private const byte ModeIsExclude = 2;

    private static readonly IPAddress s_group = IPAddress.Parse("239.1.2.3");
    private static readonly IPAddress s_other = IPAddress.Parse("239.1.2.4");
    private static readonly IPAddress s_source = IPAddress.Parse("198.18.0.7");
    private static readonly IPAddress s_secondSource = IPAddress.Parse("198.18.0.8");

    [Fact]
    public async Task SourceFilters_Changed_AreReportedInWordsThatTsharkKnows()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        await hosts.Network.ConfigureAsync(
            $"link add {Bridge} type bridge mcast_snooping 1 mcast_igmp_version 3 mcast_query_interval 100 mcast_query_response_interval 50 mcast_startup_query_interval 50",
            $"link set {KernelHost.Device} master {Bridge}",
            $"link set {Bridge} up",
            $"link set {Bridge} type bridge mcast_querier 1");
        hosts.Capture.WaitFor(frame => frame.Sender == FrameSender.Kernel && IsIgmp(frame), "the bridge's question");
        using MemifUdpClient member = hosts.OpenHostClient();

        Change(member, SocketOptionName.AddSourceMembership, s_group, s_source);
        Change(member, SocketOptionName.AddSourceMembership, s_group, s_secondSource);
        Change(member, SocketOptionName.DropSourceMembership, s_group, s_source);
        member.JoinMulticastGroup(s_other);
        Change(member, SocketOptionName.BlockSource, s_other, s_source);
        hosts.Capture.WaitFor(frame => IsOurs(frame) && RecordTypes(frame).Contains(ModeIsInclude), "an answer of ours: these sources");
        hosts.Capture.WaitFor(frame => IsOurs(frame) && RecordTypes(frame).Contains(ModeIsExclude), "an answer of ours: all but these sources");
        Change(member, SocketOptionName.UnblockSource, s_other, s_source);
        Change(member, SocketOptionName.DropSourceMembership, s_group, s_secondSource);
        member.DropMulticastGroup(s_other);

        await hosts.JudgeCaptureAsync();
        string[] said = await Tshark.ReadAsync([.. hosts.Capture.Frames.Where(IsOurs)], Records);

        // RFC 3376 §4.2.12: is include, is exclude, to include, to exclude, allow, block.
        Assert.Equal(["1", "2", "3", "4", "5", "6"], said.SelectMany(records => records.Split(',')).Distinct().Order());
    }

    private static void Change(MemifUdpClient client, SocketOptionName option, IPAddress group, IPAddress source) =>
        client.Client.SetSocketOption(
            SocketOptionLevel.IP, option, [.. group.GetAddressBytes(), .. IPAddress.Any.GetAddressBytes(), .. source.GetAddressBytes()]);

    private static List<byte> RecordTypes(CapturedFrame frame)
    {
        var types = new List<byte>();
        int at = Report + RecordHeader;
        for (int i = BinaryPrimitives.ReadUInt16BigEndian(frame.Bytes.AsSpan(Report + 6)); i > 0; i--)
        {
            types.Add(frame.Bytes[at]);
            at += RecordHeader + (4 * BinaryPrimitives.ReadUInt16BigEndian(frame.Bytes.AsSpan(at + 2)));
        }

        return types;
    }

    private static bool IsOurs(CapturedFrame frame) => frame.Sender == FrameSender.Host && IsIgmp(frame);

    private static bool IsIgmp(CapturedFrame frame) => frame.Find<PacketDotNet.IPv4Packet>() is { Protocol: PacketDotNet.ProtocolType.Igmp };
}

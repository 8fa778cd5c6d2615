using System.Net;
using System.Net.Sockets;
using PacketDotNet;
using ZMemif.Udp.HostTests.Captures;
using ZMemif.Udp.HostTests.Kernel;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>Groups and broadcasts between the kernel and us, and what a switch of the kernel's learns of our groups.</summary>
public class MulticastTests
{
    private const int Port = 7000;
    private const string Bridge = "br0";

    private static readonly IPAddress s_group = IPAddress.Parse("239.1.2.3");
    private static readonly IPAddress s_broadcast = IPAddress.Parse("198.18.0.255");

    [Fact]
    public async Task Group_ThatWeJoined_IsHeardFromTheKernel()
    {
        await using KernelHost hosts = await StartAsync();
        using UdpClient kernel = hosts.OpenKernelClient();
        using MemifUdpClient member = hosts.OpenHostClient(Port);
        member.JoinMulticastGroup(s_group);

        for (int size = 0; size <= 5000; size += 1000)
        {
            kernel.Send(Payload.OfSize(size), new IPEndPoint(s_group, Port));
            IPEndPoint? sender = null;
            Assert.Equal(Payload.OfSize(size), member.Receive(ref sender));
            Assert.Equal(kernel.Client.LocalEndPoint, sender);
        }

        member.DropMulticastGroup(s_group);
        kernel.Send(Payload.OfSize(1), new IPEndPoint(s_group, Port));
        Patience.Until(() => hosts.Host.Statistics.Drops[MemifDropReason.NotForUs] > 0, "what is sent after the leave is not for us");
        Assert.Equal(0, member.Available);
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Group_ThatTheKernelJoined_IsHeardFromUs()
    {
        await using KernelHost hosts = await StartAsync();
        using UdpClient member = OpenKernelServer(hosts);
        member.JoinMulticastGroup(s_group, KernelHost.KernelAddress);
        using MemifUdpClient ours = hosts.OpenHostClient();

        foreach (int size in new[] { 0, 1472, 5000 })
        {
            ours.Send(Payload.OfSize(size), new IPEndPoint(s_group, Port));
            IPEndPoint? sender = null;
            Assert.Equal(Payload.OfSize(size), member.Receive(ref sender));
            Assert.Equal(KernelHost.HostAddress, sender.Address);
        }

        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Broadcasts_AreHeardBothWays()
    {
        await using KernelHost hosts = await StartAsync();
        using UdpClient kernel = OpenKernelServer(hosts);
        kernel.EnableBroadcast = true;
        using MemifUdpClient ours = hosts.OpenHostClient(Port);
        ours.EnableBroadcast = true;
        IPEndPoint? sender = null;

        foreach (IPAddress everybody in new[] { s_broadcast, IPAddress.Broadcast })
        {
            ours.Send(Payload.OfSize(100), new IPEndPoint(everybody, Port));
            Assert.Equal(Payload.OfSize(100), kernel.Receive(ref sender));
            Assert.Equal(Payload.OfSize(100), ours.Receive(ref sender));
        }

        kernel.Send(Payload.OfSize(200), new IPEndPoint(s_broadcast, Port));
        Assert.Equal(Payload.OfSize(200), ours.Receive(ref sender));
        Assert.Equal(KernelHost.KernelAddress, sender.Address);
        await hosts.JudgeCaptureAsync();
    }

    /// <summary>The kernel's cable ends in a bridge that snoops, and asks who is there.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Membership_ShowsInTheBridgesTableUntilWeLeave(int version)
    {
        await using KernelHost hosts = await StartAsync();
        await hosts.Network.ConfigureAsync(
            $"link add {Bridge} type bridge mcast_snooping 1 mcast_igmp_version {version} mcast_query_interval 100 mcast_query_response_interval 50 mcast_last_member_interval 10 mcast_startup_query_interval 50",
            $"link set {KernelHost.Device} master {Bridge}",
            $"link set {Bridge} up",
            $"link set {Bridge} type bridge mcast_querier 1");
        hosts.Capture.WaitFor(IsQuery, "the bridge's question");
        using MemifUdpClient member = hosts.OpenHostClient(Port);

        member.JoinMulticastGroup(s_group);
        await TableAsync(hosts, table => table.Contains($"{s_group}", StringComparison.Ordinal), "the bridge knows of our group");
        DateTimeOffset joined = TimeProvider.System.GetUtcNow();
        CapturedFrame question = hosts.Capture.WaitFor(frame => IsQuery(frame) && frame.Time > joined, "another question of the bridge");
        hosts.Capture.WaitFor(frame => frame.Sender == FrameSender.Host && frame.Time > question.Time && IgmpTypeOf(frame) is not null, "our answer to it");

        member.DropMulticastGroup(s_group);
        await TableAsync(hosts, table => !table.Contains($"{s_group}", StringComparison.Ordinal), "the bridge has forgotten our group");
        await hosts.JudgeCaptureAsync();
    }

    private static async Task<KernelHost> StartAsync()
    {
        KernelHost hosts = await KernelHost.StartAsync("tshark", "bridge");
        await hosts.Network.ConfigureAsync($"route add 224.0.0.0/4 dev {KernelHost.Device}");
        return hosts;
    }

    private static UdpClient OpenKernelServer(KernelHost hosts)
    {
        UdpClient server = hosts.Network.Run(() => new UdpClient(Port));
        server.Client.ReceiveTimeout = Patience.LimitMilliseconds;
        return server;
    }

    private static bool IsQuery(CapturedFrame frame) => frame.Sender == FrameSender.Kernel && IgmpTypeOf(frame) == 0x11;

    private static byte? IgmpTypeOf(CapturedFrame frame) =>
        frame.Find<IPv4Packet>() is { Protocol: PacketDotNet.ProtocolType.Igmp } packet ? frame.Bytes[14 + (packet.HeaderLength * 4)] : null;

    private static Task<string> TableAsync(KernelHost hosts, Func<string, bool> isWanted, string what) => Patience.UntilAsync(
        async () => (await hosts.Network.RunToolAsync("bridge", "mdb", "show", "dev", Bridge)).RequireSuccess(), isWanted, what);
}

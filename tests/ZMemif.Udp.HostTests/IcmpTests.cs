using System.Net;
using System.Net.Sockets;
using PacketDotNet;
using ZMemif.Udp.HostTests.Captures;
using ZMemif.Udp.HostTests.Kernel;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>What the kernel and we tell each other of datagrams that did not reach a socket.</summary>
public class IcmpTests
{
    private const int ClosedPort = 7001;

    [Fact]
    public async Task Ping_InManyFragments_IsAnsweredWithTheSameBytes()
    {
        const int Count = 5;
        await using KernelHost hosts = await KernelHost.StartAsync("ping", "tshark");

        ToolResult ping = await hosts.Network.RunToolAsync(
            "ping", "-n", "-c", $"{Count}", "-i", "0.2", "-w", $"{Patience.Limit.TotalSeconds:0}", "-s", "60000", $"{KernelHost.HostAddress}");

        string report = ping.RequireSuccess();
        Assert.Contains(" 0% packet loss", report, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong data", report, StringComparison.Ordinal);
        Assert.All(hosts.SettledStatistics().Drops, drop => Assert.Equal(0, drop.Value));
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Traceroute_FromTheKernel_GetsItsPortUnreachable()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("traceroute", "tshark");

        string report = (await hosts.Network.RunToolAsync("traceroute", "-n", "-q", "1", "-w", "5", $"{KernelHost.HostAddress}")).RequireSuccess();

        string line = Assert.Single(report.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1));
        Assert.Matches($@"^ *1  {KernelHost.HostAddress}  [0-9.]+ ms *$", line);
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task ClosedPort_OfOurs_RefusesTheKernelsClient()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        using UdpClient kernel = hosts.OpenKernelClient();
        kernel.Connect(KernelHost.HostAddress, ClosedPort);

        kernel.Send(Payload.OfSize(100));

        IPEndPoint? sender = null;
        SocketException failure = Assert.Throws<SocketException>(() => kernel.Receive(ref sender));
        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
        Assert.Equal(1, hosts.SettledStatistics().Drops[MemifDropReason.NoSocket]);
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task ClosedPort_OfTheKernels_RefusesOurClient()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        using MemifUdpClient ours = hosts.OpenHostClient();
        ours.Connect(KernelHost.KernelAddress, ClosedPort);

        ours.Send(Payload.OfSize(100));

        IPEndPoint? sender = null;
        SocketException failure = Assert.Throws<SocketException>(() => ours.Receive(ref sender));
        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);
        await hosts.JudgeCaptureAsync();
    }

    /// <summary>Behind the kernel, which is our router, is a network whose packets are shorter.</summary>
    [Fact]
    public async Task PathMtu_ToldByTheRouter_ShrinksWhatWeSend()
    {
        const int NarrowMtu = 1000;
        const int Size = 1400;
        var behind = new IPEndPoint(IPAddress.Parse("203.0.113.9"), 9);
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        hosts.Network.SetParameter("ipv4/ip_forward", 1);
        await hosts.Network.ConfigureAsync(
            "link add narrow0 type veth peer name narrow1", "link set narrow1 up", $"link set narrow0 mtu {NarrowMtu} up", "route add 203.0.113.0/24 dev narrow0");
        using MemifUdpClient ours = hosts.OpenHostClient();

        ours.Send(Payload.OfSize(Size), behind);
        hosts.Capture.WaitFor(frame => frame.Find<IcmpV4Packet>()?.TypeCode == IcmpV4TypeCode.UnreachableFragmentationNeeded, "the router's complaint");
        hosts.SettledStatistics();
        ours.Send(Payload.OfSize(Size), behind);

        Patience.Until(() => PacketsTo(behind.Address, hosts).Count() == 3, "the first datagram and both fragments of the second");
        IPv4Packet[] sent = [.. PacketsTo(behind.Address, hosts)];
        Assert.Equal(28 + Size, sent[0].TotalLength);
        Assert.All(sent[1..], fragment => Assert.InRange(fragment.TotalLength, 1, NarrowMtu));
        await hosts.JudgeCaptureAsync();
    }

    private static IEnumerable<IPv4Packet> PacketsTo(IPAddress destination, KernelHost hosts) =>
        from frame in hosts.Capture.Frames
        where frame.Sender == FrameSender.Host
        let packet = frame.Find<IPv4Packet>()
        where packet is not null && packet.DestinationAddress.Equals(destination)
        select packet;
}

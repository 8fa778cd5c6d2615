using System.Net;
using System.Net.Sockets;
using PacketDotNet;
using ZMemif.Udp.HostTests.Captures;
using ZMemif.Udp.HostTests.Kernel;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>What the kernel's neighbor table says of us.</summary>
public class NeighborTests
{
    [Fact]
    public async Task Neighbor_KernelAsked_IsReachableUnderOurMac()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("ping", "tshark");

        await PingAsync(hosts);

        await ReachableAsync(hosts);
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Neighbor_KernelFlushed_IsFoundAgain()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("ping", "tshark");
        await PingAsync(hosts);
        int requests = CountBroadcastRequests(hosts);

        await hosts.Network.ConfigureAsync($"neigh flush dev {KernelHost.Device}");
        Assert.Empty(await hosts.NeighborAsync());
        await PingAsync(hosts);

        await ReachableAsync(hosts);
        Assert.InRange(CountBroadcastRequests(hosts), requests + 1, int.MaxValue);
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Neighbor_KernelLearnedFromOurRequest_ProbeToOurStationIsAnswered()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        hosts.Network.SetParameter($"ipv4/neigh/{KernelHost.Device}/delay_first_probe_time", 1);
        using UdpClient kernel = hosts.OpenKernelClient();
        using MemifUdpClient ours = hosts.OpenHostClient();

        ours.Send(Payload.OfSize(10), (IPEndPoint)kernel.Client.LocalEndPoint!);
        IPEndPoint? sender = null;
        kernel.Receive(ref sender);
        Assert.Contains("STALE", await hosts.NeighborAsync(), StringComparison.Ordinal);
        kernel.Send(Payload.OfSize(11), sender);
        hosts.Capture.WaitFor(frame => IsKernelRequest(frame, toStation: true), "the kernel's unicast probe");

        await ReachableAsync(hosts);
        Assert.Equal(Payload.OfSize(11), ours.Receive(ref sender));
        Assert.Equal(0, CountBroadcastRequests(hosts));
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Neighbor_LinkUp_IsAnnouncedToAll()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");

        CapturedFrame first = hosts.Capture.WaitFor(frame => frame.Sender == FrameSender.Host, "our first frame");

        ArpPacket announcement = Assert.IsType<ArpPacket>(first.Find<ArpPacket>());
        Assert.Equal(KernelHost.HostAddress, announcement.SenderProtocolAddress);
        Assert.Equal(KernelHost.HostAddress, announcement.TargetProtocolAddress);
        Assert.Equal(hosts.Host.Mac, announcement.SenderHardwareAddress);
        await hosts.JudgeCaptureAsync();
    }

    private static async Task PingAsync(KernelHost hosts) =>
        (await hosts.Network.RunToolAsync("ping", "-n", "-c", "1", "-w", $"{Patience.Limit.TotalSeconds:0}", $"{KernelHost.HostAddress}")).RequireSuccess();

    private static async Task ReachableAsync(KernelHost hosts)
    {
        string neighbor = await Patience.UntilAsync(
            hosts.NeighborAsync,
            line => line.Contains("REACHABLE", StringComparison.Ordinal),
            "the kernel finds us reachable");
        Assert.Contains($"lladdr {KernelHost.Format(hosts.Host.Mac)} ", neighbor, StringComparison.Ordinal);
    }

    private static int CountBroadcastRequests(KernelHost hosts) =>
        hosts.Capture.Frames.Count(frame => IsKernelRequest(frame, toStation: false));

    private static bool IsKernelRequest(CapturedFrame frame, bool toStation) =>
        frame.Sender == FrameSender.Kernel
        && frame.Find<ArpPacket>() is { Operation: ArpOperation.Request }
        && frame.Bytes[..6].Any(octet => octet != 0xFF) == toStation;
}

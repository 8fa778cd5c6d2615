using System.Net;
using System.Net.Sockets;
using PacketDotNet;
using ZMemif.Udp.HostTests.Captures;
using ZMemif.Udp.HostTests.Kernel;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>Datagrams between an ordinary kernel socket and ours.</summary>
public class KernelUdpTests
{
    private const int EchoPort = 7000;

    [Fact]
    public async Task Echo_KernelSendsEverySize_EachComesBackIntact()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        await using var echo = new HostEcho(hosts.Host, EchoPort);
        using UdpClient kernel = hosts.OpenKernelClient();
        var server = new IPEndPoint(KernelHost.HostAddress, EchoPort);

        for (int size = 0; size <= Payload.Largest; size++)
        {
            byte[] payload = Payload.OfSize(size);
            kernel.Send(payload, server);
            IPEndPoint? sender = null;
            Assert.Equal(payload, kernel.Receive(ref sender));
            Assert.Equal(server, sender);
        }

        MemifInterfaceStatistics statistics = hosts.SettledStatistics();
        Assert.Equal(Payload.Largest + 1, statistics.DatagramsDelivered);
        Assert.All(statistics.Drops, drop => Assert.Equal(0, drop.Value));
        Patience.Until(() => hosts.Host.Statistics.DatagramsSent == Payload.Largest + 1, "every answer is counted");
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Send_EverySizeToKernel_EachArrivesIntactAndIsAnswered()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        using UdpClient kernel = hosts.OpenKernelClient();
        using MemifUdpClient ours = hosts.OpenHostClient();
        ours.Connect((IPEndPoint)kernel.Client.LocalEndPoint!);

        for (int size = 0; size <= Payload.Largest; size++)
        {
            byte[] payload = Payload.OfSize(size);
            ours.Send(payload);
            IPEndPoint? sender = null;
            byte[] arrived = kernel.Receive(ref sender);
            Assert.Equal(payload, arrived);
            Assert.Equal(ours.Client.LocalEndPoint, sender);
            kernel.Send(arrived, sender);
            Assert.Equal(payload, ours.Receive(ref sender));
            Assert.Equal(kernel.Client.LocalEndPoint, sender);
        }

        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Send_NeighborUnknown_AsksFirstAndLosesNoDatagram()
    {
        const int Datagrams = 20;
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        using UdpClient kernel = hosts.OpenKernelClient();
        using MemifUdpClient ours = hosts.OpenHostClient();
        var destination = (IPEndPoint)kernel.Client.LocalEndPoint!;

        for (int size = 0; size < Datagrams; size++)
            ours.Send(Payload.OfSize(size), destination);

        IPEndPoint? sender = null;
        byte[][] arrived = [.. Enumerable.Range(0, Datagrams).Select(_ => kernel.Receive(ref sender))];
        Assert.Equal(Enumerable.Range(0, Datagrams).Select(Payload.OfSize), arrived.OrderBy(payload => payload.Length)); // one that did not have to wait may be first
        CapturedFrame[] ourFrames = [.. hosts.Capture.Frames.Where(frame => frame.Sender == FrameSender.Host)];
        int request = Array.FindIndex(ourFrames, IsRequestForKernel);
        int datagram = Array.FindIndex(ourFrames, frame => frame.Find<UdpPacket>() is not null);
        Assert.InRange(request, 0, datagram - 1);
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Send_KernelDeafToFirstArpRequest_DatagramsArriveInOrderAfterALaterOne()
    {
        const int Datagrams = 20;
        const int AnswerNothing = 8; // arp_ignore: no answer for any local address
        string arpIgnore = $"ipv4/conf/{KernelHost.Device}/arp_ignore";
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        using UdpClient kernel = hosts.OpenKernelClient();
        using MemifUdpClient ours = hosts.OpenHostClient();
        hosts.Network.SetParameter(arpIgnore, AnswerNothing);

        for (int size = 0; size < Datagrams; size++)
            ours.Send(Payload.OfSize(size), (IPEndPoint)kernel.Client.LocalEndPoint!);
        int requests = 0;
        hosts.Capture.WaitFor(frame => IsRequestForKernel(frame) && ++requests == 2, "our second ARP request");
        hosts.Network.SetParameter(arpIgnore, 0);

        IPEndPoint? sender = null;
        for (int size = 0; size < Datagrams; size++)
            Assert.Equal(Payload.OfSize(size), kernel.Receive(ref sender));
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Send_KernelPortClosed_UnreachableDoesNotDisturb()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        using UdpClient kernel = hosts.OpenKernelClient();
        using MemifUdpClient ours = hosts.OpenHostClient();
        IPEndPoint closed = ClosedKernelPort(hosts);

        ours.Send(Payload.OfSize(300), closed);
        hosts.Capture.WaitFor(IsPortUnreachable, "the kernel's port unreachable");
        ours.Send(Payload.OfSize(301), (IPEndPoint)kernel.Client.LocalEndPoint!);
        IPEndPoint? sender = null;
        Assert.Equal(Payload.OfSize(301), kernel.Receive(ref sender));
        kernel.Send(Payload.OfSize(302), sender);
        Assert.Equal(Payload.OfSize(302), ours.Receive(ref sender));

        Assert.Equal(MemifInterfaceState.Up, hosts.Host.State);
        hosts.SettledStatistics();
        await hosts.JudgeCaptureAsync();
    }

    private static IPEndPoint ClosedKernelPort(KernelHost hosts)
    {
        using UdpClient closed = hosts.OpenKernelClient();
        return (IPEndPoint)closed.Client.LocalEndPoint!;
    }

    private static bool IsRequestForKernel(CapturedFrame frame) =>
        frame.Sender == FrameSender.Host
        && frame.Find<ArpPacket>() is { Operation: ArpOperation.Request } arp
        && arp.TargetProtocolAddress.Equals(KernelHost.KernelAddress);

    private static bool IsPortUnreachable(CapturedFrame frame) =>
        frame.Sender == FrameSender.Kernel
        && frame.Find<IcmpV4Packet>() is { TypeCode: IcmpV4TypeCode.UnreachablePort };
}

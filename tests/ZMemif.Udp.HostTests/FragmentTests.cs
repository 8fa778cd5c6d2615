using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.HostTests.Kernel;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>Datagrams that need several packets: the kernel's fragments are put together here, and ours there.</summary>
public class FragmentTests
{
    private const int EchoPort = 7000;
    private const int Longest = 65507;

    /// <summary>The first sizes with two, three and four fragments, and the longest there is.</summary>
    private static readonly int[] s_sizes = [1472, 1473, 2952, 2953, 4432, 4433, 9000, 20_000, 40_000, 65_000, Longest - 1, Longest];

    [Fact]
    public async Task Echo_KernelSendsFragments_EachDatagramComesBackIntact()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        await using var echo = new HostEcho(hosts.Host, EchoPort);
        using UdpClient kernel = hosts.OpenKernelClient();
        var server = new IPEndPoint(KernelHost.HostAddress, EchoPort);

        foreach (int size in s_sizes)
        {
            byte[] payload = Payload.OfSize(size);
            kernel.Send(payload, server);
            IPEndPoint? sender = null;
            Assert.Equal(payload, kernel.Receive(ref sender));
        }

        Assert.All(hosts.SettledStatistics().Drops, drop => Assert.Equal(0, drop.Value));
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Send_FragmentsToKernel_EachDatagramArrivesIntact()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("tshark");
        using UdpClient kernel = hosts.OpenKernelClient();
        using MemifUdpClient ours = hosts.OpenHostClient();

        foreach (int size in s_sizes)
        {
            ours.Send(Payload.OfSize(size), (IPEndPoint)kernel.Client.LocalEndPoint!);
            IPEndPoint? sender = null;
            Assert.Equal(Payload.OfSize(size), kernel.Receive(ref sender));
        }

        SocketException refusal = Assert.Throws<SocketException>(
            () => ours.Send(new byte[Longest + 1], (IPEndPoint)kernel.Client.LocalEndPoint!));
        Assert.Equal(SocketError.MessageSize, refusal.SocketErrorCode);
        await hosts.JudgeCaptureAsync();
    }
}

using PacketDotNet;
using ZMemif.Udp.HostTests.Captures;
using ZMemif.Udp.HostTests.Kernel;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>Echo requests from iputils' ping, which compares every byte of the answers.</summary>
public class PingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(56)]
    [InlineData(1001)]
    [InlineData(Payload.Largest)]
    public async Task Ping_OfSize_IsAnsweredWithTheSameBytes(int size)
    {
        const int Count = 20;
        await using KernelHost hosts = await KernelHost.StartAsync("ping", "tshark");

        ToolResult ping = await hosts.Network.RunToolAsync(
            "ping", "-n", "-c", $"{Count}", "-i", "0.01", "-w", $"{Patience.Limit.TotalSeconds:0}", "-M", "do", "-s", $"{size}", $"{KernelHost.HostAddress}");

        string report = ping.RequireSuccess();
        Assert.DoesNotContain("wrong data", report, StringComparison.Ordinal);
        Assert.DoesNotContain("DUP!", report, StringComparison.Ordinal);
        Patience.Until(() => EachRequestIsAnswered(hosts.Capture.Frames), $"each echo request is answered, in order, with its own bytes\n{report}");
        Assert.All(EchoesOf(hosts.Capture.Frames, IcmpV4TypeCode.EchoReply), echo => Assert.Equal(size, echo.Data.Length / 2));
        hosts.SettledStatistics();
        await hosts.JudgeCaptureAsync();
    }

    [Fact]
    public async Task Ping_AddressThatIsNotOurs_IsNotAnswered()
    {
        await using KernelHost hosts = await KernelHost.StartAsync("ping");
        await hosts.Network.ConfigureAsync($"neigh add 198.18.0.3 lladdr {KernelHost.Format(hosts.Host.Mac)} dev {KernelHost.Device}");

        ToolResult stranger = await hosts.Network.RunToolAsync("ping", "-n", "-c", "1", "-W", "0.2", "198.18.0.3");
        ToolResult host = await hosts.Network.RunToolAsync("ping", "-n", "-c", "1", "-W", "5", $"{KernelHost.HostAddress}");

        Assert.Equal(1, stranger.ExitCode);
        host.RequireSuccess();
        Assert.Equal(1, hosts.SettledStatistics().Drops[MemifDropReason.NotForUs]);
    }

    // ping itself cannot tell: while answers are late it sends more requests, and does not wait for the last answers.
    private static bool EachRequestIsAnswered(IReadOnlyList<CapturedFrame> frames) =>
        EchoesOf(frames, IcmpV4TypeCode.EchoRequest).SequenceEqual(EchoesOf(frames, IcmpV4TypeCode.EchoReply));

    private static IEnumerable<(ushort Identifier, ushort Number, string Data)> EchoesOf(IReadOnlyList<CapturedFrame> frames, IcmpV4TypeCode type) =>
        from frame in frames
        let icmp = frame.Find<IcmpV4Packet>()
        where icmp?.TypeCode == type
        select (icmp.Id, icmp.Sequence, Convert.ToHexString(icmp.Data));
}

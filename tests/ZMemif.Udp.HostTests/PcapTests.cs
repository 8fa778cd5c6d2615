using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.HostTests.Captures;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>Wireshark's tools read what an interface writes with the option <c>Pcap</c>.</summary>
public sealed class PcapTests : IDisposable
{
    private const int Datagrams = 200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zmemif-pcap-");

    [Theory]
    [InlineData("")]
    [InlineData("loss:0.1,duplicate:0.1,reorder:0.1,delay:1ms,seed:7")]
    public async Task Pcap_WithAndWithoutFaults_CapinfosAndTsharkAcceptTheFile(string faults)
    {
        Requires.Installed("tshark");
        Requires.Installed("capinfos");
        string path = Path.Combine(_folder.FullName, "frames.pcap");

        MemifInterfaceStatistics statistics = await ExchangeAsync(path, faults);

        long frames = statistics.RingFramesReceived + statistics.RingFramesTransmitted;
        string infos = (await Tool.RunAsync("capinfos", ["-T", "-r", "-m", "-Q", "-c", "-E", path])).RequireSuccess();
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"\"{path}\",\"ether\",\"{frames}\""), infos.Trim());
        string?[] findings = await Tshark.JudgeFileAsync(path);
        Assert.Equal(frames, findings.Length);
        Assert.All(findings, Assert.Null);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    // Who waits for something that was lost goes on without it.
    private static async Task<MemifInterfaceStatistics> ExchangeAsync(string path, string faults)
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(options =>
        {
            options.Pcap = path;
            options.Faults = faults.Length > 0 ? MemifFaults.Parse(faults) : null;
        });
        await using (first)
        await using (second)
        {
            using var client = new MemifUdpClient(first);
            using var server = new MemifUdpClient(second, 7000);
            IPEndPoint? sender = null;
            for (int i = 0; i < Datagrams; i++)
            {
                client.Send(Payload.OfSize(7 * i), new IPEndPoint(second.Address, 7000));
                if (!Arrives(server))
                    continue;
                server.Send(server.Receive(ref sender), sender);
                if (Arrives(client))
                    client.Receive(ref sender);
            }
        }

        return first.Statistics;
    }

    private static bool Arrives(MemifUdpClient client) => client.Client.Poll(TimeSpan.FromMilliseconds(20), SelectMode.SelectRead);
}

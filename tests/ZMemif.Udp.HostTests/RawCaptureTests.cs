using System.Runtime.Versioning;
using ZMemif.Udp.HostTests.Captures;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>Wireshark's tools read what a port captures.</summary>
[SupportedOSPlatform("linux")]
public sealed class RawCaptureTests : IDisposable
{
    // 192.0.2.1:40000 → 192.0.2.2:7000, "hello"; checksums by hand.
    private const string Ethernet = "020000000002020000000001" + "0800";
    private const string Datagram = "45000021123440004011A494C0000201C0000202" + "9C401B58000D8065" + "68656C6C6F";
    private const int Packets = 300;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zmemif-raw-capture-");

    [Theory]
    [InlineData(MemifMode.Ethernet, Ethernet + Datagram, "ether")]
    [InlineData(MemifMode.Ip, Datagram, "rawip")]
    public async Task StartCapture_BothDirections_CapinfosAndTsharkAcceptTheFile(MemifMode mode, string packet, string encapsulation)
    {
        Requires.Installed("tshark");
        Requires.Installed("capinfos");
        string path = Path.Combine(_folder.FullName, "port.pcap");
        byte[] bytes = Convert.FromHexString(packet);

        await CaptureAsync(path, mode, bytes);

        string infos = (await Tool.RunAsync("capinfos", ["-T", "-r", "-m", "-Q", "-c", "-E", "-d", "-M", path])).RequireSuccess();
        Assert.Equal($"\"{path}\",\"{encapsulation}\",\"{Packets}\",\"{Packets * bytes.Length}\"", infos.Trim());
        string?[] findings = await Tshark.JudgeFileAsync(path);
        Assert.Equal(Packets, findings.Length);
        Assert.All(findings, Assert.Null);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task CaptureAsync(string path, MemifMode mode, byte[] packet)
    {
        string address = $"@zmemif-raw-capture-{Guid.NewGuid():n}";
        await using var servers = new MemifSocket(address);
        await using var clients = new MemifSocket(address);
        MemifPort server = servers.AddPort(new MemifPortOptions { Role = MemifRole.Server, Mode = mode });
        MemifPort client = clients.AddPort(new MemifPortOptions { Mode = mode });
        servers.Start();
        clients.Start();
        await client.WaitConnectedAsync().WaitAsync(s_patience);
        await server.WaitConnectedAsync().WaitAsync(s_patience);
        server.StartCapture(path);
        for (int i = 0; i < Packets; i += 2)
        {
            Assert.True(client.TxQueues[0].TrySend(packet));
            Assert.True(server.RxQueues[0].TryReceive(new byte[packet.Length], out _));
            Assert.True(server.TxQueues[0].TrySend(packet));
        }

        server.StopCapture();
    }
}

using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PacketDotNet;
using ZMemif.Tests.Peers;

namespace ZMemif.Udp.Tests.Link;

/// <summary>The option <c>Pcap</c>: every frame that was on a ring is in the file, and the file never harms the traffic.</summary>
[SupportedOSPlatform("linux")]
public sealed class PcapTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zmemif-pcap-");

    private string File => Path.Combine(_folder.FullName, "frames.pcap");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("", 1)]
    [InlineData("", 2)]
    [InlineData("loss:0.1,duplicate:0.1,reorder:0.1,seed:7", 1)]
    public async Task Pcap_BothDirections_HoldsAsManyFramesAsWereOnTheRings(string faults, int queues)
    {
        const int Count = 500;
        (MemifInterface first, MemifInterface second) = Pair(options =>
        {
            options.Queues = queues;
            options.Faults = faults.Length > 0 ? MemifFaults.Parse(faults) : null;
        });
        Exchange(first, second, Count);

        await second.DisposeAsync();
        await first.DisposeAsync();

        var pcap = PcapText.Read(File);
        MemifInterfaceStatistics statistics = first.Statistics;
        Assert.Equal(1u, pcap.LinkType);
        Assert.Equal(statistics.RingFramesReceived + statistics.RingFramesTransmitted, pcap.Packets.Count);
        UdpPacket[] datagrams = Datagrams(File);
        if (faults.Length == 0)
            Assert.Equal(2 * Count, datagrams.Length);
        Assert.All(datagrams, udp => Assert.True(udp.ValidUdpChecksum));
    }

    [Fact]
    public void Pcap_FileThatCannotBe_IsAnErrorThatNamesKeyAndPath()
    {
        string path = Path.Combine(_folder.FullName, "no", "folder.pcap");

        MemifException e = Assert.Throws<MemifException>(() => MemifInterface.CreatePair(options => options.Pcap = path));

        Assert.Equal(MemifErrorCode.SystemError, e.Code);
        Assert.StartsWith($"Pcap={path}: the file cannot be created. ", e.Message, StringComparison.Ordinal);
        Assert.IsType<DirectoryNotFoundException>(e.InnerException);
        Assert.Throws<MemifException>(() => MemifInterface.CreatePair(options => options.Pcap = _folder.FullName));
        Assert.Throws<MemifException>(() => MemifInterface.CreatePair(options => options.Pcap = "/dev/full"));
    }

    [Fact]
    public async Task Pcap_EachEndHasAFile_BothSeeTheSameDatagrams()
    {
        string other = Path.Combine(_folder.FullName, "other.pcap");
        (MemifInterface first, MemifInterface second) =
            MemifInterface.CreatePair(options => options.Pcap = options.Role == MemifRole.Server ? File : other);
        Exchange(first, second, 10);

        await second.DisposeAsync();
        await first.DisposeAsync();

        Assert.Equal(20, Datagrams(File).Length);
        Assert.Equal(Datagrams(File).Select(udp => udp.PayloadData.Length), Datagrams(other).Select(udp => udp.PayloadData.Length));
    }

    [Fact]
    public async Task Pcap_DiskFails_TheTrafficGoesOnAndLastErrorSaysWhy()
    {
        Task reading = ReadTheHeaderAlone();
        (MemifInterface first, MemifInterface second) = Pair();
        await reading.WaitAsync(s_patience);
        await using (first)
        await using (second)
        {
            Exchange(first, second, datagrams: 500);

            Assert.True(SpinWait.SpinUntil(() => first.LastError is not null, s_patience));
            Assert.Equal(MemifErrorCode.SystemError, Assert.IsType<MemifException>(first.LastError).Code);
            Assert.Contains(File, first.LastError.Message, StringComparison.Ordinal);
            Assert.Contains("Broken pipe", first.LastError.Message, StringComparison.Ordinal);
            Assert.Equal(MemifInterfaceState.Up, first.State);
            Exchange(first, second, datagrams: 10);
        }
    }

    [Fact]
    public async Task Pcap_DiskFailsAtTheEnd_LastErrorSaysWhyAfterTheDisposal()
    {
        Task reading = ReadTheHeaderAlone();
        (MemifInterface first, MemifInterface second) = Pair();
        await reading.WaitAsync(s_patience);
        await using (second)
        {
            Exchange(first, second, datagrams: 1);
            Assert.Null(first.LastError);

            await first.DisposeAsync();

            Assert.Contains("Broken pipe", Assert.IsType<MemifException>(first.LastError).Message, StringComparison.Ordinal);
        }
    }

    private (MemifInterface First, MemifInterface Second) Pair(Action<MemifInterfaceOptions>? configure = null) => MemifInterface.CreatePair(options =>
    {
        configure?.Invoke(options);
        options.Overflow = MemifOverflow.Hold;
        options.Pcap = File;
    });

    // Each datagram is answered before the next is sent, if none is lost.
    private static void Exchange(MemifInterface first, MemifInterface second, int datagrams)
    {
        using var asking = new MemifUdpClient(first, new IPEndPoint(first.Address, 7));
        using var answering = new MemifUdpClient(second, new IPEndPoint(second.Address, 7));
        IPEndPoint? from = null;
        for (int i = 0; i < datagrams; i++)
        {
            asking.Send(new byte[100 + i], new IPEndPoint(second.Address, 7));
            if (!Arrives(answering))
                continue;
            byte[] asked = answering.Receive(ref from);
            answering.Send(asked, from);
            if (Arrives(asking))
                asking.Receive(ref from);
        }
    }

    private static UdpPacket[] Datagrams(string file) =>
        [.. PcapText.Read(file).Packets.Select(frame => Packet.ParsePacket(LinkLayers.Ethernet, frame.Bytes).Extract<UdpPacket>()).Where(udp => udp is not null)];

    private static bool Arrives(MemifUdpClient client) => client.Client.Poll(TimeSpan.FromMilliseconds(20), System.Net.Sockets.SelectMode.SelectRead);

    // A pipe whose reader takes the header and leaves: from then on whatever reaches the kernel fails.
    private Task ReadTheHeaderAlone()
    {
        Assert.Equal(0, mkfifo(File, 0x1B0));
        return Task.Run(() =>
        {
            using FileStream reader = new(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            reader.ReadExactly(new byte[24]);
        });
    }

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int mkfifo(string path, uint mode);
}

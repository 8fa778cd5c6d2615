using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>IPv4, seen from the link.</summary>
public sealed class Ipv4ProtocolTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.AssertBalances();

    [Theory]
    [InlineData(0, 0x65, "version 6")]
    [InlineData(0, 0x44, "a header of 16 bytes")]
    [InlineData(0, 0x4F, "a header longer than the packet")]
    [InlineData(2, 0x7F, "a total length beyond the frame")]
    [InlineData(8, 63, "another time to live")]
    [InlineData(10, 0x55, "another checksum")]
    [InlineData(16, 193, "another destination")]
    public void Header_WithOneByteWrong_IsDropped(int offset, byte value, string because)
    {
        byte[] frame = Frames.With(Frames.Ip(IpProtocol.Udp, new byte[16]), Frames.IpStart + offset, value);

        _host.AssertDrops(offset == 2 ? MemifDropReason.Truncated : MemifDropReason.BadIpHeader, frame);

        Assert.True(_host.Sent.Count == 0, because);
    }

    [Theory]
    [InlineData("192.0.2.2", "our own address: a forgery")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("255.255.255.255", "the limited broadcast")]
    [InlineData("192.0.2.255", "the directed broadcast")]
    [InlineData("0.0.0.0", "nobody")]
    public void Source_ThatNobodyHas_IsDropped(string source, string because)
    {
        _host.Listen();

        _host.AssertDrops(MemifDropReason.BadSource, Frames.Udp("x"u8, source: Ipv4Address.Parse(source)));

        Assert.True(_host.Counters.DatagramsDelivered == 0, because);
    }

    [Theory]
    [InlineData("192.0.2.3")]
    [InlineData("198.51.100.255")]
    [InlineData("127.0.0.1")]
    [InlineData("239.1.2.3")]
    [InlineData("0.0.0.0")]
    public void Destination_ThatIsNotThisHost_IsDropped(string destination)
    {
        _host.Listen();

        _host.AssertDrops(MemifDropReason.NotForUs, Frames.Udp("x"u8, destination: Ipv4Address.Parse(destination)));
    }

    [Theory]
    [InlineData("192.0.2.255")]
    [InlineData("255.255.255.255")]
    public void Destination_Broadcast_IsThisHostToo(string destination)
    {
        _host.Listen();

        _host.Receive(Frames.Udp("x"u8, destination: Ipv4Address.Parse(destination), to: MacAddress.Broadcast));

        Assert.Equal(1, _host.Counters.DatagramsDelivered);
    }

    [Theory]
    [InlineData(IpProtocolNumbers.Tcp)]
    [InlineData(255)]
    public void Protocol_NotSpoken_IsDropped(byte protocol) =>
        _host.AssertDrops(MemifDropReason.UnknownProtocol, Frames.Ip((IpProtocol)protocol, new byte[20]));

    [Fact]
    public void Options_OfAnyLength_AreSkipped()
    {
        _host.Listen();
        byte[] frame = Frames.Udp("hello"u8);
        for (int words = 1; words <= 10; words++)
        {
            byte[] longer = [.. frame[..Frames.PayloadStart], .. new byte[words * 4], .. frame[Frames.PayloadStart..]];
            longer[Frames.IpStart] = (byte)(0x45 + words);
            longer[Frames.IpStart + 3] = (byte)(longer.Length - Frames.IpStart);
            _host.Receive(Frames.WithIpChecksum(longer));
            Assert.Equal(words, _host.Counters.DatagramsDelivered);
        }
    }

    [Fact]
    public void Send_Packet_HasTheHeaderTheOracleExpects()
    {
        _host.IntroduceNeighbor();

        _host.Send(Net.Neighbor, "hello"u8);

        var ip = Judge(Assert.Single(_host.Sent));
        Assert.True(ip.ValidIPChecksum);
        Assert.Equal((5, 64, 33), (ip.HeaderLength, ip.TimeToLive, ip.TotalLength));
        Assert.Equal((2, 0), (ip.FragmentFlags, ip.FragmentOffset));
        Assert.Equal(Oracle.ProtocolType.Udp, ip.Protocol);
        Assert.Equal((Net.Own.ToIPAddress(), Net.Neighbor.ToIPAddress()), (ip.SourceAddress, ip.DestinationAddress));
    }

    [Theory]
    [InlineData("83 07 04 C0 00 02 09", "loose")]
    [InlineData("89 07 08 C0 00 02 09", "strict, and at its end")]
    [InlineData("01 01 83 03 04", "behind others")]
    public void Options_WithASourceRoute_AreRefused(string options, string because)
    {
        _host.Listen();

        _host.AssertDrops(MemifDropReason.SourceRouted, WithOptions(options));

        Assert.True(_host.Counters.DatagramsDelivered == 0, because);
    }

    [Theory]
    [InlineData("07 00", "a length of nothing")]
    [InlineData("07 01", "a length without its own byte")]
    [InlineData("01 07 04 00", "beyond the header")]
    [InlineData("01 01 01 07", "no length")]
    public void Options_ThatAreNone_AreRefused(string options, string because)
    {
        _host.Listen();

        _host.AssertDrops(MemifDropReason.BadIpHeader, WithOptions(options));

        Assert.True(_host.Counters.DatagramsDelivered == 0, because);
    }

    [Theory]
    [InlineData("94 04 00 00", "router alert")]
    [InlineData("07 07 04 00 00 00 00", "record route")]
    [InlineData("00 83 03 04", "a source route behind the end of the list")]
    public void Options_WithoutAMeaningHere_AreSkipped(string options, string because)
    {
        _host.Listen();

        _host.Receive(WithOptions(options));

        Assert.True(_host.Counters.DatagramsDelivered == 1, because);
    }

    [Fact]
    public void Send_PacketThatNobodyMayCut_HasNoIdentification()
    {
        _host.IntroduceNeighbor();

        _host.Send(Net.Neighbor, "hello"u8);

        Assert.Equal(0, Judge(_host.LastSent).Id);
    }

    [Fact]
    public void Send_PacketsThatMayBeCut_HaveDifferentIdentificationsEach()
    {
        _host.IntroduceNeighbor();
        for (int i = 0; i < 4; i++)
            _host.Send(Net.Neighbor, "hello"u8, options: PacketOptions.Default with { Discovery = PathMtuDiscovery.Dont });

        ushort[] identifications = [.. _host.Sent.Select(frame => Judge(frame).Id)];

        Assert.Equal(Enumerable.Range(0, 4).Select(i => (ushort)(identifications[0] + i)), identifications);
        Assert.All(_host.Sent, frame => Assert.Equal(0, Judge(frame).FragmentFlags));
    }

    [Fact]
    public void Send_WithOptions_HasThemInTheHeader()
    {
        _host.IntroduceNeighbor();

        _host.Send(Net.Neighbor, "hello"u8, options: new PacketOptions(3, 0xB8, PathMtuDiscovery.Do));

        Oracle.IPv4Packet ip = Judge(_host.LastSent);
        Assert.Equal((3, 0xB8, 2), (ip.TimeToLive, ip.TypeOfService, ip.FragmentFlags));
    }

    [Fact]
    public void Send_ToABroadcast_GoesToEveryStation()
    {
        _host.Send(Net.DirectedBroadcast, "x"u8);
        _host.Send(Ipv4Address.Broadcast, "x"u8);

        Assert.Equal(2, _host.Sent.Count);
        Assert.All(_host.Sent, frame => Assert.Equal(MacAddress.Broadcast, MacAddress.Read(frame)));
    }

    [Fact]
    public void Send_ToAGroup_GoesToItsStations()
    {
        _host.Send(Net.Group, "x"u8);

        Assert.Equal(MacAddress.Parse("01:00:5e:01:02:03"), MacAddress.Read(Assert.Single(_host.Sent)));
    }

    [Fact]
    public void Send_Flows_KeepToOneQueueEachAndUseThemAll()
    {
        var host = new TestHost(queues: 4);
        host.IntroduceNeighbor();
        for (ushort port = 1; port <= 200; port++)
        {
            long[] before = [.. host.Link.Queues.Select(queue => queue.Frames)];
            for (int i = 0; i < 3; i++)
                host.Send(Net.Neighbor, "x"u8, port);
            Assert.Equal([0L, 0L, 0L, 3L], host.Link.Queues.Select((queue, i) => queue.Frames - before[i]).Order());
        }

        Assert.All(host.Link.Queues, queue => Assert.NotEmpty(queue.Sent));
        host.AssertBalances();
    }

    private static byte[] WithOptions(string hex)
    {
        byte[] options = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Array.Resize(ref options, (options.Length + 3) / 4 * 4);
        byte[] frame = Frames.Udp("hello"u8);
        byte[] longer = [.. frame[..Frames.PayloadStart], .. options, .. frame[Frames.PayloadStart..]];
        longer[Frames.IpStart] += (byte)(options.Length / 4);
        longer[Frames.IpStart + 3] += (byte)options.Length;
        return Frames.WithIpChecksum(longer);
    }

    private static Oracle.IPv4Packet Judge(byte[] frame) =>
        Oracle.Packet.ParsePacket(Oracle.LinkLayers.Ethernet, frame).Extract<Oracle.IPv4Packet>();

    private static class IpProtocolNumbers
    {
        internal const byte Tcp = (byte)IpProtocol.Tcp;
    }
}

using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Datagrams from a socket to the link, or back into the host.</summary>
public sealed class UdpProtocolSendTests : IDisposable
{
    private const int MaxOnLink = 1472;

    private static readonly PacketOptions MustNotBeCut = PacketOptions.Default with { Discovery = PathMtuDiscovery.Do };

    private readonly TestHost _host = new();

    public void Dispose() => _host.AssertBalances();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(MaxOnLink)]
    public void Send_KnownNeighbor_PutsTheExactFrameOnTheRing(int length)
    {
        byte[] payload = Payload(length);
        _host.IntroduceNeighbor();

        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, payload));

        AssertIsDatagram(Assert.Single(_host.Sent), Net.NeighborMac, Net.Neighbor, payload);
        Assert.Equal(1, _host.Counters.DatagramsSent);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(18)]
    [InlineData(MaxOnLink)]
    public void Send_UnresolvedNeighbor_GoesOutAfterTheReplyByteForByte(int length)
    {
        byte[] payload = Payload(length);
        byte[] callers = [.. payload];

        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, callers));
        Assert.Single(_host.Sent);
        Array.Clear(callers);
        _host.IntroduceNeighbor();

        Assert.Equal(2, _host.Sent.Count);
        AssertIsDatagram(_host.LastSent, Net.NeighborMac, Net.Neighbor, payload);
        Assert.Equal(1, _host.Counters.DatagramsSent);
    }

    [Fact]
    public void Send_UnresolvedNeighborThatNeverAnswers_IsCountedInTheEnd()
    {
        _host.Send(Net.Neighbor, "x"u8);
        Assert.Equal(1, _host.Scheduled);

        for (int i = 0; i < 3; i++)
            _host.PassSeconds(1);

        Assert.Equal(3, _host.Sent.Count);
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.NeighborUnreachable));
    }

    [Fact]
    public void Send_SteadyTraffic_IsNotInterruptedWhenTheNeighborHasToBeConfirmed()
    {
        const int PerSecond = 2 * NeighborCache.MaxParkedFrames;
        _host.IntroduceNeighbor();
        for (int second = 0; second < 200; second++)
        {
            for (int i = 0; i < PerSecond; i++)
                Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, "x"u8));
            byte[][] sent = [.. _host.Sent];
            _host.Sent.Clear();
            Assert.Equal(PerSecond, sent.Count(frame => frame.Length == 43));
            if (sent.Length > PerSecond)
                _host.IntroduceNeighbor();
            _host.PassSeconds(1);
        }

        Assert.Equal(0, _host.Counters.Drops(MemifDropReason.NeighborQueueFull));
    }

    [Fact]
    public void Send_BehindTheGateway_GoesToItsStation()
    {
        _host.Introduce(Net.Gateway, Net.GatewayMac);

        Assert.Equal(SendStatus.Sent, _host.Send(Net.Outside, "x"u8));

        AssertIsDatagram(Assert.Single(_host.Sent), Net.GatewayMac, Net.Outside, [.. "x"u8]);
    }

    [Theory]
    [InlineData("192.0.2.2", "192.0.2.2", "192.0.2.2")]
    [InlineData("127.0.0.1", "127.0.0.1", "127.0.0.1")]
    [InlineData("127.5.5.5", "127.0.0.1", "127.5.5.5")]
    [InlineData("0.0.0.0", "127.0.0.1", "127.0.0.1")]
    public void Send_ToThisHost_IsLoopedBackAndNotSent(string destination, string source, string received)
    {
        UdpEndpoint socket = _host.Listen(9);

        Assert.Equal(SendStatus.Sent, _host.Send(Ipv4Address.Parse(destination), "hello"u8));

        Assert.Empty(_host.Sent);
        Assert.True(socket.Inbox.TryTake(out QueuedDatagram datagram));
        Assert.Equal("hello"u8, datagram.Payload);
        Assert.Equal((source, 4000, received), (datagram.Source.ToString(), datagram.SourcePort, datagram.Destination.ToString()));
        Assert.Equal((1, 1, 1), (_host.Counters.DatagramsSent, _host.Counters.DatagramsLooped, _host.Counters.DatagramsDelivered));
    }

    [Fact]
    public void Send_ToThisHostWithoutSocket_IsSentAndCounted()
    {
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Own, "x"u8));

        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.NoSocket));
    }

    [Fact]
    public void Send_ToThisHostWhileTheLinkIsDown_Arrives()
    {
        _host.Link.IsUp = false;
        _host.Listen(9);

        Assert.Equal(SendStatus.Sent, _host.Send(Ipv4Address.Loopback, "x"u8));

        Assert.Equal(1, _host.Counters.DatagramsDelivered);
    }

    [Fact]
    public void Send_TheLongestDatagram_FitsInside()
    {
        UdpEndpoint socket = _host.Listen(9);
        byte[] longest = Payload(UdpProtocol.MaxPayload);
        Assert.Equal(65_507, longest.Length);

        Assert.Equal(SendStatus.Sent, _host.Send(Net.Own, longest));
        Assert.True(socket.Inbox.TryTake(out QueuedDatagram datagram));
        Assert.Equal(longest, datagram.Payload);
        Assert.Equal(SendStatus.TooLong, _host.Send(Net.Own, new byte[longest.Length + 1]));
    }

    [Fact]
    public void Send_LongerThanOnePacketThatMustNotBeCut_IsRefusedBeforeAnythingHappens()
    {
        Assert.Equal(SendStatus.TooLong, _host.Send(Net.Neighbor, new byte[MaxOnLink + 1], options: MustNotBeCut));

        Assert.Empty(_host.Sent);
        Assert.Equal(0, _host.Counters.DatagramsSent);
        Assert.Null(_host.Stack.NextDeadline);
    }

    [Fact]
    public void Send_NoRoute_IsRefused()
    {
        var host = new TestHost(hasGateway: false);

        Assert.Equal(SendStatus.NoRoute, host.Send(Net.Outside, "x"u8));

        Assert.Equal(0, host.Counters.DatagramsSent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Send_RingFull_IsRefusedAndNotCounted(bool atCommit)
    {
        _host.IntroduceNeighbor();
        (_host.Link.Transmitter.RefusesCommit, _host.Link.Transmitter.Room) = (atCommit, atCommit ? 1 : 0);

        Assert.Equal(SendStatus.RingFull, _host.Send(Net.Neighbor, "x"u8));
        Assert.Equal(0, _host.Counters.DatagramsSent);

        (_host.Link.Transmitter.RefusesCommit, _host.Link.Transmitter.Room) = (false, 1);
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, "x"u8));
        Assert.Single(_host.Sent);
    }

    [Fact]
    public void Send_LinkDown_IsRefusedAndParksNothing()
    {
        _host.Link.IsUp = false;

        Assert.Equal(SendStatus.LinkDown, _host.Send(Net.Neighbor, "x"u8));

        Assert.Null(_host.Stack.NextDeadline);
        Assert.Equal(0, _host.Counters.DatagramsSent);
    }

    [Theory]
    [InlineData("192.0.2.9")]
    [InlineData("198.51.100.7")]
    [InlineData("192.0.2.255")]
    [InlineData("239.1.2.3")]
    public void Send_InterfaceWithoutLink_IsRoutedCountedAndDropped(string destination)
    {
        var host = new TestHost(hasLink: false);

        Assert.Equal(SendStatus.Sent, host.Send(Ipv4Address.Parse(destination), "x"u8));

        Assert.Equal(1, host.Counters.Drops(MemifDropReason.NoLink));
        host.AssertBalances();
    }

    [Fact]
    public void Send_InterfaceWithoutLink_RefusesWhatALinkWould()
    {
        var host = new TestHost(hasLink: false);

        Assert.Equal(SendStatus.TooLong, host.Udp.CanSend(Net.Neighbor, MustNotBeCut, MaxOnLink + 1));
        Assert.Equal(SendStatus.TooLong, host.Send(Net.Neighbor, new byte[MaxOnLink + 1], options: MustNotBeCut));
        Assert.Equal(SendStatus.TooLong, host.Send(Net.Neighbor, new byte[UdpProtocol.MaxPayload + 1]));
        Assert.Equal(SendStatus.NoRoute, new TestHost(hasLink: false, hasGateway: false).Send(Net.Outside, "x"u8));
    }

    [Fact]
    public void Send_LoopbackSourceToTheLink_IsRefused()
    {
        // RFC 1122 §3.2.1.3 (g): such an address must not appear outside a host.
        var flow = new UdpFlow(Ipv4Address.Loopback, 4000, Net.Neighbor, 9);
        _host.IntroduceNeighbor();

        Assert.Equal(SendStatus.BadSource, _host.Send(flow, "x"u8));

        Assert.Empty(_host.Sent);
        Assert.Equal(SendStatus.Sent, _host.Send(flow with { Destination = Net.Own }, "x"u8));
    }

    [Theory]
    [InlineData("192.0.2.9", 1472, true, nameof(SendStatus.Sent))]
    [InlineData("192.0.2.9", 1473, true, nameof(SendStatus.TooLong))]
    [InlineData("192.0.2.9", 1, false, nameof(SendStatus.LinkDown))]
    [InlineData("127.0.0.1", 65_507, false, nameof(SendStatus.Sent))]
    [InlineData("127.0.0.1", 65_508, true, nameof(SendStatus.TooLong))]
    public void CanSend_SaysWhatSendWouldSay(string destination, int length, bool isUp, string expected)
    {
        _host.Link.IsUp = isUp;
        _host.IntroduceNeighbor();
        Ipv4Address to = Ipv4Address.Parse(destination);

        Assert.Equal(expected, _host.Udp.CanSend(to, MustNotBeCut, length).ToString());
        Assert.Equal(expected, _host.Send(to, new byte[length], options: MustNotBeCut).ToString());
    }

    [Fact]
    public void Send_ManyThreads_EveryFrameIsWhole()
    {
        const int PerThread = 2000;
        _host.IntroduceNeighbor();
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            byte[] payload = new byte[100];
            payload.AsSpan().Fill((byte)i);
            for (int n = 0; n < PerThread; n++)
                _host.Send(Net.Neighbor, payload);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(4 * PerThread, _host.Sent.Count);
        Assert.All(_host.Sent, frame => Assert.Equal(-1, frame.AsSpan(^100..).IndexOfAnyExcept(frame[^1])));
    }

    private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 11 + 1))];

    /// <summary>Compares with a frame that the oracle builds.</summary>
    private static void AssertIsDatagram(byte[] frame, MacAddress station, Ipv4Address to, byte[] payload)
    {
        var udp = new Oracle.UdpPacket(4000, 9) { PayloadData = payload };
        var ip = new Oracle.IPv4Packet(Net.Own.ToIPAddress(), to.ToIPAddress())
        {
            PayloadPacket = udp,
            Id = 0,
            FragmentFlags = 2,
            TimeToLive = 64,
            TypeOfService = 0,
        };
        ip.UpdateCalculatedValues();
        udp.UpdateUdpChecksum();
        ip.UpdateIPChecksum();

        Assert.Equal(Frames.Ethernet(EtherType.IPv4, ip.Bytes, to: station, from: Net.OwnMac), frame);
    }
}

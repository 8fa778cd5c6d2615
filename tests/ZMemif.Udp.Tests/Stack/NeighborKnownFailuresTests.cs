using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Failures that other stacks are known for, on a whole host: none of them happens here.</summary>
public sealed class NeighborKnownFailuresTests : IDisposable
{
    private const int Many = 100_000;

    /// <summary>More than the table holds.</summary>
    private const int TooMany = NeighborCache.DefaultCapacity + Many;

    // Room for the scans: everybody is on the link.
    private readonly TestHost _host = new(prefixLength: 0);

    public void Dispose() => _host.AssertBalances();

    [Fact]
    public void UdpFlood_Incoming_DoesNotStarveArp()
    {
        UdpEndpoint socket = _host.Listen();
        byte[] datagram = Frames.Udp(new byte[1000]);
        for (int i = 0; i < 10_000; i++)
            _host.Receive(datagram);
        Assert.NotEqual(0, _host.Counters.Drops(MemifDropReason.ReceiveBufferFull));

        _host.Receive(Frames.Arp(ArpOperation.Request));

        Assert.Equal(ArpOperation.Reply, Arp(Assert.Single(_host.Sent)));
        socket.Close();
    }

    [Fact]
    public void UdpFlood_OutgoingThatKeepsTheRingFull_DoesNotStarveArp()
    {
        // A sender takes every slot at once; ARP gets one within the time of a few tries, not of a few requests.
        _host.Introduce(Net.Gateway, Net.GatewayMac);
        _host.Link.Transmitter.Room = 0;
        _host.Send(Net.Neighbor, "waits"u8);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(SendStatus.RingFull, _host.Send(Net.Gateway, "x"u8));
            _host.Pass(NeighborCache.RefusalInterval);
        }

        Assert.Empty(_host.Sent);
        _host.Link.Transmitter.Room = 1;
        _host.Pass(NeighborCache.RefusalInterval);

        Assert.Equal(ArpOperation.Request, Arp(Assert.Single(_host.Sent)));
        _host.Link.Transmitter.Room = int.MaxValue;
    }

    [Fact]
    public void UdpFlood_ToAnUnknownNeighbor_IsBoundedAndStillResolves()
    {
        for (int i = 0; i < Many; i++)
            Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, BitConverter.GetBytes(i)));
        Assert.Single(_host.Sent);

        _host.IntroduceNeighbor();

        Assert.Equal(
            Enumerable.Range(Many - NeighborCache.MaxParkedFrames, NeighborCache.MaxParkedFrames),
            _host.Sent.Skip(1).Select(frame => BitConverter.ToInt32(frame.AsSpan(^4..))));
        Assert.Equal(Many - NeighborCache.MaxParkedFrames, _host.Counters.Drops(MemifDropReason.NeighborQueueFull));
    }

    [Fact]
    public void UnaddressableDestination_DoesNotBlockOthers()
    {
        _host.Introduce(Net.Gateway, Net.GatewayMac);
        for (int i = 0; i < 1000; i++)
            _host.Send(Net.Neighbor, "nobody there"u8);
        int before = _host.Sent.Count;

        for (int second = 0; second < 30; second++)
        {
            Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, "nobody there"u8));
            Assert.Equal(SendStatus.Sent, _host.Send(Net.Gateway, "x"u8));
            Assert.Equal(Net.GatewayMac, MacAddress.Read(_host.LastSent));
            _host.PassSeconds(1);
        }

        Assert.Equal(30, _host.Sent.Skip(before).Count(frame => frame[^1] == 'x'));
        Ipv4Address newcomer = NeighborFixture.Stranger(1);
        _host.Send(newcomer, "first"u8);
        _host.Introduce(newcomer, Net.OtherMac);
        Assert.Equal(Net.OtherMac, MacAddress.Read(_host.LastSent));
    }

    [Fact]
    public void ActiveNeighbor_ScanOfManyOthers_IsNotEvicted()
    {
        _host.IntroduceNeighbor();
        _host.Send(Net.Neighbor, "x"u8);
        for (int i = 0; i < TooMany; i++)
        {
            _host.Send(NeighborFixture.Stranger(i), "scan"u8);
            if (i % 100 == 0)
                _host.Pass(TimeSpan.FromMilliseconds(20));
            if (i % 10_000 == 0)
                AssertIsServed();
        }

        AssertIsServed();
        Assert.True(_host.Stack.Arp.Neighbors.Count <= NeighborCache.DefaultCapacity);
    }

    [Fact]
    public void ActiveNeighbor_ManyOthersAskForUs_IsNotEvicted()
    {
        _host.IntroduceNeighbor();
        _host.Send(Net.Neighbor, "x"u8);

        for (int i = 0; i < TooMany; i++)
            AskForUs(i);

        AssertIsServed();
        Assert.Equal(NeighborCache.DefaultCapacity, _host.Stack.Arp.Neighbors.Count);
    }

    [Fact]
    public void Resolution_FloodOfRequests_Survives()
    {
        // The first half comes before the question, so that the table is full then; the second before the answer.
        for (int i = 0; i < TooMany / 2; i++)
            AskForUs(i);
        _host.Send(Net.Neighbor, "first"u8);
        Assert.Equal(ArpOperation.Request, Arp(_host.LastSent));
        for (int i = TooMany / 2; i < TooMany; i++)
            AskForUs(i);

        _host.Receive(Frames.Arp(ArpOperation.Reply, to: Net.OwnMac));

        Assert.Equal(Net.NeighborMac, MacAddress.Read(_host.LastSent));
        Assert.Equal("first"u8, _host.LastSent.AsSpan(^5..));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public void FirstDatagram_ToNewNeighbors_IsNotLost(int neighbors)
    {
        for (int i = 0; i < neighbors; i++)
            Assert.Equal(SendStatus.Sent, _host.Send(NeighborFixture.Stranger(i), BitConverter.GetBytes(i)));

        var arrived = new HashSet<int>();
        for (int frame = 0; arrived.Count < neighbors; frame++)
        {
            if (frame == _host.Sent.Count)
                _host.Pass(NeighborCache.BroadcastInterval);
            Assert.True(frame < _host.Sent.Count, $"Only {arrived.Count} have arrived.");
            byte[] sent = _host.Sent[frame];
            if (ArpPacket.TryParse(sent.AsSpan(EthernetFrame.HeaderLength), out ArpPacket request))
                _host.Receive(Frames.Arp(ArpOperation.Reply, sender: request.TargetAddress, to: Net.OwnMac));
            else
                arrived.Add(BitConverter.ToInt32(sent.AsSpan(^4..)));
        }

        Assert.Equal(Enumerable.Range(0, neighbors), arrived.Order());
        Assert.Equal(2 * neighbors, _host.Sent.Count);
    }

    [Fact]
    public void Questions_FromForgedNeighbors_CostNoDatagramItsFirst()
    {
        // As many as are answered, long ones among them, and as many for closed ports.
        for (int i = 0; i < 5000; i++)
        {
            byte[] echo = Frames.Echo(new byte[i % 10 == 0 ? 60_000 : 0], source: NeighborFixture.Stranger(i));
            Array.ForEach(echo.Length > 1500 ? Fragments.Cut(echo, 1480) : [echo], _host.Receive);
            _host.Receive(Frames.Udp([], source: NeighborFixture.Stranger(10_000 + i)));
            Ipv4Address newcomer = NeighborFixture.Stranger(Many + i);
            _host.Send(newcomer, "first"u8);
            _host.Introduce(newcomer, Net.OtherMac);
            Assert.Equal("first"u8, _host.LastSent.AsSpan(^5..));
            _host.Pass(IcmpRateLimiter.EchoInterval);
        }
    }

    [Fact]
    public void Neighbors_ThatAllAnswer_AHundredThousandAreReachedAndStay()
    {
        // As fast as they may be asked; each answers at once.
        for (int i = 0; i < Many; i++)
        {
            _host.Send(NeighborFixture.Stranger(i), BitConverter.GetBytes(i));
            _host.Receive(Frames.Arp(ArpOperation.Reply, sender: NeighborFixture.Stranger(i), to: Net.OwnMac));
            _host.Pass(NeighborCache.BroadcastInterval);
        }

        Assert.Equal(2 * Many, _host.Sent.Count);
        _host.Sent.Clear();
        for (int i = 0; i < Many; i++)
            _host.Send(NeighborFixture.Stranger(i), BitConverter.GetBytes(i));

        Assert.Equal(Enumerable.Range(0, Many), _host.Sent.Select(frame => BitConverter.ToInt32(frame.AsSpan(^4..))));
    }

    [Fact]
    public void Neighbors_AsManyAsAreKept_TakeNoMoreMemoryThanIsSaid()
    {
        // With all that the tables were before they grew.
        const int BytesPerNeighbor = 300;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < NeighborCache.DefaultCapacity; i++)
            _host.Stack.Arp.Neighbors.Learn(NeighborFixture.Stranger(i), Net.OtherMac, isRequestToUs: true, (_, _) => { });

        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(bytes / NeighborCache.DefaultCapacity, BytesPerNeighbor * 2 / 3, BytesPerNeighbor);
    }

    private void AskForUs(int stranger) =>
        _host.Receive(Frames.Arp(ArpOperation.Request, sender: NeighborFixture.Stranger(stranger), senderMac: Net.OtherMac));

    private void AssertIsServed()
    {
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, "x"u8));
        Assert.Equal(Net.NeighborMac, MacAddress.Read(_host.LastSent));
        Assert.Equal((byte)'x', _host.LastSent[^1]);
    }

    private static ArpOperation Arp(byte[] frame)
    {
        Assert.True(ArpPacket.TryParse(frame.AsSpan(EthernetFrame.HeaderLength), out ArpPacket packet));
        return packet.Operation;
    }
}

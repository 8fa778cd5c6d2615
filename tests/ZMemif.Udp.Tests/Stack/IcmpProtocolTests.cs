using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>ICMP, seen from the link.</summary>
public sealed class IcmpProtocolTests : IDisposable
{
    private const int MessageStart = Frames.PayloadStart;

    private readonly TestHost _host = new();

    public IcmpProtocolTests() => _host.IntroduceNeighbor();

    public void Dispose() => _host.AssertBalances();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(56)]
    [InlineData(1471)]
    [InlineData(1472)]
    public void EchoRequest_OfAnyLength_IsAnsweredWithItsBytes(int length)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

        _host.Receive(Frames.Echo(data));

        AssertIsReply(Assert.Single(_host.Sent), data, Net.Neighbor);
        Assert.Equal(2, _host.Counters.FramesConsumed);
    }

    [Theory]
    [InlineData(1473, 2)]
    [InlineData(60_000, 41)]
    [InlineData(65_507, 45)]
    public void EchoRequest_InFragments_IsAnsweredInFragments(int length, int fragments)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];

        foreach (byte[] fragment in Fragments.Cut(Frames.Echo(data), 1480))
            _host.Receive(fragment);

        Assert.Equal(fragments, _host.Sent.Count);
        byte[] reply = [.. _host.Sent.SelectMany(frame => frame[MessageStart..])];
        Assert.Equal(data, reply[IcmpPacket.HeaderLength..]);
        Assert.Equal((0, 0xFFFF), (reply[0], InternetChecksum.Fold(InternetChecksum.Sum(reply))));
        Assert.Equal((2, 1), (_host.Counters.FramesConsumed, _host.Counters.MessagesMade));
    }

    [Fact]
    public void EchoRequest_InFragmentsAndRingTooFull_IsCountedOnce()
    {
        _host.Link.Transmitter.Room = 1;

        foreach (byte[] fragment in Fragments.Cut(Frames.Echo(new byte[2000]), 1480))
            _host.Receive(fragment);

        Assert.Empty(_host.Sent);
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.AnswerNotSent));
    }

    [Fact]
    public void EchoRequest_InFragmentsAndRingTakesAPart_IsCountedOnce()
    {
        _host.Link.Transmitter.CommitsAtMost = 1;

        foreach (byte[] fragment in Fragments.Cut(Frames.Echo(new byte[2000]), 1480))
            _host.Receive(fragment);

        Assert.Equal((1, 0), (_host.Counters.Drops(MemifDropReason.PartialDatagram), _host.Counters.Drops(MemifDropReason.AnswerNotSent)));
    }

    [Fact]
    public void EchoRequest_OverANarrowPath_IsAnsweredInFragments()
    {
        _host.Stack.Paths.Lower(Net.Neighbor, 600, 1500);

        _host.Receive(Frames.Echo(new byte[1000]));

        Assert.Equal(2, _host.Sent.Count);
    }

    [Fact]
    public void EchoRequest_WithAServiceClass_IsAnsweredInTheSame()
    {
        _host.Receive(Frames.WithIpChecksum(Frames.With(Frames.Echo("x"u8), Frames.IpStart + 1, 0xB8)));

        Assert.Equal(0xB8, _host.LastSent[Frames.IpStart + 1]);
    }

    [Fact]
    public void EchoRequest_ToASharedAddress_IsLeftToTheOther()
    {
        var host = new TestHost(isShared: true);

        host.AssertDrops(MemifDropReason.SharedAddress, Frames.Echo("hello"u8));

        Assert.Empty(host.Sent);
        host.AssertBalances();
    }

    [Fact]
    public void EchoRequests_InAFlood_AreAnsweredAtTheirRate()
    {
        const int Flood = IcmpRateLimiter.EchoBurst + 100;
        for (int i = 0; i < Flood; i++)
            _host.Receive(Frames.Echo("x"u8));
        Assert.Equal((IcmpRateLimiter.EchoBurst, 100), (_host.Sent.Count, _host.Counters.Drops(MemifDropReason.AnswerLimited)));

        _host.Time.Advance(IcmpRateLimiter.EchoInterval * 10);
        for (int i = 0; i < 20; i++)
            _host.Receive(Frames.Echo("x"u8));
        Assert.Equal(IcmpRateLimiter.EchoBurst + 10, _host.Sent.Count);
    }

    [Theory]
    [InlineData((int)IcmpType.EchoReply, nameof(MemifDropReason.IcmpEchoReply))]
    [InlineData((int)IcmpType.SourceQuench, nameof(MemifDropReason.IcmpSourceQuench))]
    [InlineData((int)IcmpType.Redirect, nameof(MemifDropReason.IcmpRedirect))]
    [InlineData(13, nameof(MemifDropReason.IcmpUnknownType))]
    [InlineData(255, nameof(MemifDropReason.IcmpUnknownType))]
    public void Message_OfATypeWithoutUse_IsCountedUnderItsName(int type, string reason)
    {
        _host.AssertDrops(Enum.Parse<MemifDropReason>(reason), Frames.Icmp((IcmpType)type, 0, Frames.Quote()));

        Assert.Empty(_host.Sent);
    }

    [Fact]
    public void EchoRequest_BuiltByTheOracle_IsAnswered()
    {
        var request = new Oracle.IcmpV4Packet(new PacketDotNet.Utils.ByteArraySegment(new byte[8 + 5]))
        {
            TypeCode = Oracle.IcmpV4TypeCode.EchoRequest,
            Id = 0xCAFE,
            Sequence = 3,
            Data = [.. "hello"u8],
        };
        request.UpdateIcmpChecksum();

        _host.Receive(Frames.Ip(IpProtocol.Icmp, request.Bytes));

        AssertIsReply(Assert.Single(_host.Sent), [.. "hello"u8], Net.Neighbor);
    }

    [Fact]
    public void EchoRequest_WithIpOptionsAndPadding_IsAnsweredWithoutThem()
    {
        _host.Receive([.. Frames.WithOptions(Frames.Echo("hello"u8)), .. new byte[10]]);

        AssertIsReply(Assert.Single(_host.Sent), [.. "hello"u8], Net.Neighbor);
    }

    [Fact]
    public void EchoRequest_EveryByteDamaged_IsNotAnswered()
    {
        byte[] frame = Frames.Echo("hello"u8);
        for (int i = MessageStart; i < frame.Length; i++)
        {
            byte[] damaged = [.. frame];
            damaged[i] ^= 0x10;
            _host.AssertDrops(MemifDropReason.BadIcmp, damaged);
        }

        Assert.Empty(_host.Sent);
        Assert.False(_host.Link.Transmitter.IsReserved);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EchoRequest_ToABroadcast_IsNotAnswered(bool isDirected)
    {
        Ipv4Address broadcast = isDirected ? Net.DirectedBroadcast : Ipv4Address.Broadcast;

        _host.AssertDrops(MemifDropReason.IcmpToBroadcast, Frames.Echo("hello"u8, destination: broadcast, to: MacAddress.Broadcast));

        Assert.Empty(_host.Sent);
    }

    [Theory]
    [InlineData((int)IcmpType.EchoReply)]
    [InlineData((int)IcmpType.DestinationUnreachable)]
    [InlineData((int)IcmpType.Redirect)]
    [InlineData(13)]
    public void Message_OfAnotherTypeAndDamaged_IsCountedAndNotAnswered(int type)
    {
        byte[] frame = Frames.Echo("hello"u8);
        frame[MessageStart] = (byte)type;

        _host.AssertDrops(MemifDropReason.BadIcmp, frame);

        Assert.Empty(_host.Sent);
    }

    [Fact]
    public void Message_ShorterThanItsHeader_IsDropped()
    {
        for (int length = 0; length < IcmpPacket.HeaderLength; length++)
            _host.AssertDrops(MemifDropReason.BadIcmp, Frames.Ip(IpProtocol.Icmp, new byte[length]));
    }

    [Fact]
    public void EchoRequest_HeaderOnlyInThePadding_IsDropped()
    {
        byte[] echo = Frames.Echo([]);
        byte[] frame = [.. Frames.Ip(IpProtocol.Icmp, echo.AsSpan(MessageStart, 4)), .. echo[(MessageStart + 4)..]];

        _host.AssertDrops(MemifDropReason.BadIcmp, frame);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void EchoRequest_RingFull_ConsumesItAndCountsTheAnswer(bool atCommit)
    {
        (_host.Link.Transmitter.RefusesCommit, _host.Link.Transmitter.Room) = (atCommit, atCommit ? 1 : 0);

        _host.Receive(Frames.Echo("hello"u8));

        Assert.Empty(_host.Sent);
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.AnswerNotSent));
        Assert.Equal(2, _host.Counters.FramesConsumed);
    }

    [Fact]
    public void EchoRequest_FromBehindTheGateway_IsAnsweredOverIt()
    {
        _host.Introduce(Net.Gateway, Net.GatewayMac);

        _host.Receive(Frames.Echo("hello"u8, source: Net.Outside));

        byte[] reply = Assert.Single(_host.Sent);
        Assert.Equal(Net.GatewayMac, MacAddress.Read(reply));
        AssertIsReply(reply, [.. "hello"u8], Net.Outside);
    }

    [Fact]
    public void EchoRequest_FromAStranger_IsAnsweredWhenItsStationIsKnown()
    {
        _host.Receive(Frames.Echo("hello"u8, source: Net.Gateway));
        Assert.Single(_host.Sent);

        _host.Introduce(Net.Gateway, Net.GatewayMac);

        Assert.Equal(2, _host.Sent.Count);
        AssertIsReply(_host.LastSent, [.. "hello"u8], Net.Gateway);
    }

    [Fact]
    public void EchoRequest_WithoutAWayBack_IsCounted()
    {
        var host = new TestHost(hasGateway: false);

        host.Receive(Frames.Echo("hello"u8, source: Net.Outside));

        Assert.Equal(1, host.Counters.Drops(MemifDropReason.AnswerNotSent));
        host.AssertBalances();
    }

    /// <summary>Who sees it counted may rely on what it has done.</summary>
    [Fact]
    public void Error_IsCountedWhenItsSocketKnows()
    {
        long countedBefore = _host.Counters.FramesConsumed;
        List<long> counted = [];
        var sink = new TestSink { Failed = _ => counted.Add(_host.Counters.FramesConsumed) };
        Assert.NotNull(_host.Ports.TryBind(sink, Ipv4Address.Any, 7));

        _host.Receive(Frames.Icmp(IcmpType.DestinationUnreachable, 3, Frames.Quote()));

        Assert.Equal([countedBefore], counted);
        Assert.Equal(countedBefore + 1, _host.Counters.FramesConsumed);
    }

    private static void AssertIsReply(byte[] frame, byte[] data, Ipv4Address to)
    {
        var ip = Oracle.Packet.ParsePacket(Oracle.LinkLayers.Ethernet, frame).Extract<Oracle.IPv4Packet>();
        Assert.True(ip.ValidIPChecksum);
        Assert.Equal((Net.Own.ToIPAddress(), to.ToIPAddress()), (ip.SourceAddress, ip.DestinationAddress));
        Assert.Equal(frame.Length - Frames.IpStart, ip.TotalLength);

        var icmp = ip.Extract<Oracle.IcmpV4Packet>();
        Assert.Equal(Oracle.IcmpV4TypeCode.EchoReply, icmp.TypeCode);
        Assert.Equal((0xCAFE, 3), (icmp.Id, icmp.Sequence));
        Assert.Equal(data, frame[(MessageStart + IcmpPacket.HeaderLength)..]);
        Assert.Equal(0xFFFF, InternetChecksum.Fold(InternetChecksum.Sum(frame.AsSpan(MessageStart))));
        Assert.True(icmp.ValidIcmpChecksum);
    }
}

using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>What this host complains of, seen from the link.</summary>
public sealed class IcmpErrorsTests : IDisposable
{
    private const byte PortUnreachable = 3;
    private const byte ProtocolUnreachable = 2;

    private readonly TestHost _host = new();

    public IcmpErrorsTests() => _host.IntroduceNeighbor();

    public void Dispose() => _host.AssertBalances();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(520)]
    [InlineData(521)]
    [InlineData(1472)]
    public void ClosedPort_IsToldWithAsMuchOfTheDatagramAsFits(int length)
    {
        byte[] frame = Frames.Udp([.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))]);

        _host.AssertDrops(MemifDropReason.NoSocket, frame);

        AssertIsError(Assert.Single(_host.Sent), IcmpType.DestinationUnreachable, PortUnreachable, frame[Frames.IpStart..]);
    }

    [Fact]
    public void ClosedPort_DatagramWithOptions_QuotesThem()
    {
        byte[] frame = Frames.WithOptions(Frames.Udp(new byte[700]));

        _host.Receive(frame);

        AssertIsError(Assert.Single(_host.Sent), IcmpType.DestinationUnreachable, PortUnreachable, frame[Frames.IpStart..]);
    }

    [Fact]
    public void ClosedPort_DatagramInFragments_QuotesTheWhole()
    {
        byte[] frame = Frames.Udp(new byte[2000]);
        byte[][] fragments = Fragments.Cut(frame, 1480);
        _host.Receive(fragments[1]);
        Assert.Empty(_host.Sent);

        _host.Receive(fragments[0]);

        byte[] quote = Assert.Single(_host.Sent)[(Frames.PayloadStart + IcmpPacket.HeaderLength)..];
        Assert.Equal(frame[Frames.PayloadStart..(Frames.PayloadStart + 528)], quote[20..]);
    }

    [Fact]
    public void ClosedPort_OtherSocketsPeer_IsTold()
    {
        UdpEndpoint socket = _host.Listen();
        socket.Connect(new UdpPeer(Net.Gateway, 5000));

        _host.Receive(Frames.Udp("x"u8));

        Assert.Single(_host.Sent);
    }

    [Theory]
    [InlineData("192.0.2.255", "ff:ff:ff:ff:ff:ff", false, "a broadcast")]
    [InlineData("255.255.255.255", "ff:ff:ff:ff:ff:ff", false, "the broadcast to everybody")]
    [InlineData("192.0.2.2", "ff:ff:ff:ff:ff:ff", false, "a broadcast on the link")]
    [InlineData("192.0.2.2", "01:00:5e:01:02:03", false, "a multicast on the link")]
    [InlineData("192.0.2.2", "02:00:c0:00:02:02", true, "a shared address")]
    public void ClosedPort_NotForThisHostAlone_IsNotTold(string destination, string station, bool isShared, string because)
    {
        var host = new TestHost(isShared: isShared);
        host.IntroduceNeighbor();

        host.AssertDrops(MemifDropReason.NoSocket, Frames.Udp("x"u8, destination: Ipv4Address.Parse(destination), to: MacAddress.Parse(station)));
        host.AssertBalances();

        Assert.True(host.Sent.Count == 0, because);
    }

    [Fact]
    public void ClosedPort_DamagedDatagram_IsNotTold()
    {
        byte[] frame = Frames.Udp("hello"u8);
        frame[^1] ^= 1;

        _host.AssertDrops(MemifDropReason.NoSocket, frame);

        Assert.Empty(_host.Sent);
    }

    [Theory]
    [InlineData(IpProtocolNumber.Tcp)]
    [InlineData(132)]
    public void ProtocolNotSpoken_IsTold(byte protocol)
    {
        byte[] frame = Frames.Ip((IpProtocol)protocol, new byte[40]);

        _host.AssertDrops(MemifDropReason.UnknownProtocol, frame);

        AssertIsError(Assert.Single(_host.Sent), IcmpType.DestinationUnreachable, ProtocolUnreachable, frame[Frames.IpStart..]);
    }

    [Fact]
    public void ProtocolNotSpoken_ToABroadcastOrSharedAddress_IsNotTold()
    {
        var shared = new TestHost(isShared: true);

        _host.Receive(Frames.Ip(IpProtocol.Tcp, new byte[40], destination: Net.DirectedBroadcast));
        shared.Receive(Frames.Ip(IpProtocol.Tcp, new byte[40]));

        Assert.Empty(_host.Sent);
        Assert.Empty(shared.Sent);
    }

    [Fact]
    public void Gap_WithTheFirstFragment_IsToldInTheEnd()
    {
        byte[][] fragments = Fragments.Cut(Frames.Udp(new byte[2000]), 1480);
        _host.Receive(fragments[0]);

        _host.PassSeconds(30);

        AssertIsError(Assert.Single(_host.Sent), IcmpType.TimeExceeded, 1, fragments[0][Frames.IpStart..]);
    }

    [Fact]
    public void Gap_WithMoreBehindTheFirstFragment_QuotesTheFirst()
    {
        byte[][] fragments = Fragments.Cut(Frames.Udp(new byte[40]), 16);
        _host.Receive(fragments[1]);
        _host.Receive(fragments[0]);

        _host.PassSeconds(30);

        AssertIsError(Assert.Single(_host.Sent), IcmpType.TimeExceeded, 1, fragments[0][Frames.IpStart..]);
    }

    [Theory]
    [InlineData(false, false, "the first fragment is missing")]
    [InlineData(true, true, "the address is shared")]
    public void Gap_ThatNobodyCanBeTold_IsNot(bool hasFirst, bool isShared, string because)
    {
        var host = new TestHost(isShared: isShared);
        host.Receive(Fragments.Cut(Frames.Udp(new byte[2000]), 1480)[hasFirst ? 0 : 1]);

        host.PassSeconds(30);

        Assert.True(host.Sent.Count == 0, because);
        host.AssertBalances();
    }

    [Fact]
    public void Gap_InABroadcast_IsNotTold()
    {
        _host.Receive(Fragments.Cut(Frames.Udp(new byte[2000], destination: Net.DirectedBroadcast), 1480)[0]);

        _host.PassSeconds(30);

        Assert.Empty(_host.Sent);
    }

    [Fact]
    public void Errors_ToOneHost_ComeAtItsRate()
    {
        for (int i = 0; i < 20; i++)
            _host.Receive(Frames.Udp("x"u8));
        Assert.Equal((IcmpRateLimiter.ErrorBurstToOne, 20 - IcmpRateLimiter.ErrorBurstToOne), (_host.Sent.Count, _host.Counters.Drops(MemifDropReason.AnswerLimited)));

        _host.Time.Advance(IcmpRateLimiter.ErrorIntervalToOne);
        _host.Receive(Frames.Udp("x"u8));
        _host.Receive(Frames.Udp("x"u8));

        Assert.Equal(IcmpRateLimiter.ErrorBurstToOne + 1, _host.Sent.Count);
    }

    [Fact]
    public void Errors_OfAnyKindToOneHost_ShareItsRate()
    {
        byte[][] halves = [.. Enumerable.Range(0, 20).Select(i => Fragments.Cut(Frames.Udp(new byte[2000]), 1480, (ushort)i)[0])];
        Array.ForEach(halves, _host.Receive);
        for (int i = 0; i < 20; i++)
            _host.Receive(Frames.Ip(IpProtocol.Tcp, new byte[40]));
        Assert.Equal((IcmpRateLimiter.ErrorBurstToOne, 20 - IcmpRateLimiter.ErrorBurstToOne), (_host.Sent.Count, _host.Counters.Drops(MemifDropReason.AnswerLimited)));

        _host.Sent.Clear();
        _host.Pass(Reassembler.Lifetime);

        Assert.Equal((20, IcmpRateLimiter.ErrorBurstToOne), (_host.Counters.Drops(MemifDropReason.ReassemblyTimeout), _host.Sent.Count));
    }

    [Fact]
    public void Errors_ToManyHosts_ComeAtTheRateOfAll()
    {
        _host.Introduce(Net.Gateway, Net.GatewayMac);
        for (uint i = 0; i < 1000; i++)
            _host.Receive(Frames.Udp("x"u8, source: new Ipv4Address(Net.Outside.Value + i)));

        Assert.InRange(_host.Sent.Count, 20, 120);
    }

    [Fact]
    public void Errors_RingFull_AreCounted()
    {
        _host.Link.Transmitter.Room = 0;

        _host.Receive(Frames.Udp("x"u8));

        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.AnswerNotSent));
    }

    [Fact]
    public void Errors_WithoutAWayBack_AreCounted()
    {
        var host = new TestHost(hasGateway: false);

        host.Receive(Frames.Udp("x"u8, source: Net.Outside));

        Assert.Equal(1, host.Counters.Drops(MemifDropReason.AnswerNotSent));
        host.AssertBalances();
    }

    private static void AssertIsError(byte[] frame, IcmpType type, byte code, byte[] about)
    {
        var ip = Oracle.Packet.ParsePacket(Oracle.LinkLayers.Ethernet, frame).Extract<Oracle.IPv4Packet>();
        Assert.True(ip.ValidIPChecksum);
        Assert.Equal((Net.Own.ToIPAddress(), Net.Neighbor.ToIPAddress()), (ip.SourceAddress, ip.DestinationAddress));
        Assert.Equal((0xC0, Math.Min(576, 28 + about.Length)), (ip.TypeOfService, ip.TotalLength));
        Assert.Equal(((int)type << 8) | code, (int)ip.Extract<Oracle.IcmpV4Packet>().TypeCode);
        Assert.Equal(0xFFFF, InternetChecksum.Fold(InternetChecksum.Sum(frame.AsSpan(Frames.PayloadStart))));
        byte[] quote = frame[(Frames.PayloadStart + IcmpPacket.HeaderLength)..];
        Assert.Equal(about[..quote.Length], quote);
    }

    private static class IpProtocolNumber
    {
        internal const byte Tcp = (byte)IpProtocol.Tcp;
    }
}

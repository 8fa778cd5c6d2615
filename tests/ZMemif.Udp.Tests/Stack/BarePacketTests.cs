using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>A link of two ends that carries bare IPv4 packets (Mode=Ip): nobody has a station address, and nobody asks for one.</summary>
public sealed class BarePacketTests : IDisposable
{
    private readonly TestHost _host = new(hasStations: false);

    public void Dispose() => _host.AssertBalances();

    [Fact]
    public void Link_ComingUp_SaysNothing()
    {
        _host.Stack.LinkUp();
        _host.PassSeconds(10);

        Assert.Empty(_host.Sent);
    }

    [Fact]
    public void Datagram_ToAnybody_LeavesAtOnceWithoutHeader()
    {
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Neighbor, "hello"u8));
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Outside, "hello"u8));
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Group, "hello"u8));
        Assert.Equal(SendStatus.Sent, _host.Send(Ipv4Address.Broadcast, "hello"u8));

        Assert.Equal([Net.Neighbor, Net.Outside, Net.Group, Ipv4Address.Broadcast], _host.Sent.Select(sent => Parse(sent).Destination));
        Assert.All(_host.Sent, sent => Assert.Equal(Ipv4Packet.MinHeaderLength + UdpPacket.HeaderLength + 5, sent.Length));
    }

    [Fact]
    public void Datagram_LongerThanThePath_LeavesInFragments()
    {
        _host.Send(Net.Neighbor, new byte[4000]);

        Assert.Equal([1500, 1500, 1068], _host.Sent.Select(sent => sent.Length));
        Assert.All(_host.Sent, sent => Parse(sent));
    }

    [Fact]
    public void Datagram_FromThePeer_IsDelivered()
    {
        UdpEndpoint socket = _host.Listen();

        _host.Receive(Frames.Udp("hello"u8)[Frames.IpStart..]);

        Assert.True(socket.Inbox.TryTake(out QueuedDatagram datagram));
        Assert.Equal("hello"u8, datagram.Payload);
    }

    [Fact]
    public void Echo_IsAnswered()
    {
        _host.Receive(Frames.Echo("hello"u8)[Frames.IpStart..]);

        Assert.Equal((Net.Neighbor, IpProtocol.Icmp), (Parse(_host.LastSent).Destination, Parse(_host.LastSent).Protocol));
    }

    [Fact]
    public void ClosedPort_IsComplainedOf()
    {
        _host.Receive(Frames.Udp("hello"u8)[Frames.IpStart..]);

        Assert.Equal((byte)IcmpType.DestinationUnreachable, _host.LastSent[Ipv4Packet.MinHeaderLength]);
    }

    [Fact]
    public void Join_IsReported()
    {
        _host.Listen().Groups.Join(Net.Group);

        Assert.Equal(IpProtocol.Igmp, Parse(_host.LastSent).Protocol);
    }

    [Fact]
    public void AnythingButIPv4_IsDropped()
    {
        _host.AssertDrops(MemifDropReason.Truncated, []);
        _host.AssertDrops(MemifDropReason.BadIpHeader, [0x60, .. new byte[39]]);
        _host.AssertDrops(MemifDropReason.BadIpHeader, Frames.Udp("hello"u8));
    }

    private static Ipv4Packet Parse(byte[] bytes)
    {
        Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse(bytes, bytes.Length, out Ipv4Packet packet));
        return packet;
    }
}

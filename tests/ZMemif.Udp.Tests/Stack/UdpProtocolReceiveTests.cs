using System.Buffers.Binary;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Datagrams from the link to a socket.</summary>
public sealed class UdpProtocolReceiveTests : IDisposable
{
    private const int ChecksumStart = Frames.PayloadStart + 6;

    private readonly TestHost _host = new();
    private readonly UdpEndpoint _socket;

    public UdpProtocolReceiveTests() => _socket = _host.Listen();

    public void Dispose() => _host.AssertBalances();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(1472)]
    [InlineData(9000)]
    public void Datagram_OfAnyLength_IsDeliveredWithItsEnds(int length)
    {
        byte[] payload = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 13))];

        _host.Receive(Frames.Udp(payload));

        Assert.True(_socket.Inbox.TryTake(out QueuedDatagram datagram));
        Assert.Equal(payload, datagram.Payload);
        Assert.Equal((Net.Neighbor, 5000, Net.Own), (datagram.Source, datagram.SourcePort, datagram.Destination));
        Assert.Equal(1, _host.Counters.DatagramsDelivered);
    }

    [Fact]
    public void Datagram_BuiltByTheOracle_IsDelivered()
    {
        var udp = new Oracle.UdpPacket(5000, 7) { PayloadData = [.. "hello"u8] };
        var ip = new Oracle.IPv4Packet(Net.Neighbor.ToIPAddress(), Net.Own.ToIPAddress()) { PayloadPacket = udp };
        ip.UpdateCalculatedValues();
        udp.UpdateUdpChecksum();
        ip.UpdateIPChecksum();

        _host.Receive(Frames.Ethernet(EtherType.IPv4, ip.Bytes));

        Assert.Equal("hello"u8, Take());
    }

    [Fact]
    public void Checksum_NotComputedBySender_IsAccepted()
    {
        byte[] frame = Frames.Udp("hello"u8);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(ChecksumStart), 0);

        _host.Receive(frame);

        Assert.Equal("hello"u8, Take());
    }

    [Fact]
    public void Datagram_AnyByteDamaged_IsNotDelivered()
    {
        byte[] frame = Frames.Udp("hello"u8);
        for (int i = Frames.PayloadStart; i < frame.Length; i++)
        {
            byte[] damaged = [.. frame];
            damaged[i] ^= 0x80;
            MemifDropReason expected = (i - Frames.PayloadStart) switch
            {
                2 or 3 => MemifDropReason.NoSocket,
                4 or 5 => MemifDropReason.BadUdpLength,
                _ => MemifDropReason.BadUdpChecksum,
            };
            _host.AssertDrops(expected, damaged);
        }

        Assert.False(_socket.Inbox.TryTake(out _));
    }

    [Fact]
    public void Datagram_ForAnotherAddressBySomebodysMistake_FailsItsChecksum()
    {
        byte[] frame = Frames.Udp("hello"u8, destination: Net.Gateway);
        Net.Own.Write(frame.AsSpan(Frames.IpStart + 16));

        _host.AssertDrops(MemifDropReason.BadUdpChecksum, Frames.WithIpChecksum(frame));
    }

    [Fact]
    public void Length_ShorterThanTheIpPayload_CutsThePayload()
    {
        byte[] datagram = [.. Frames.Udp("hello"u8)[Frames.PayloadStart..], .. "and more"u8];

        _host.Receive(Frames.Ip(IpProtocol.Udp, datagram));

        Assert.Equal("hello"u8, Take());
    }

    [Fact]
    public void Padding_OfAShortFrame_IsNotPayload()
    {
        _host.Receive([.. Frames.Udp("x"u8), .. new byte[17]]);

        Assert.Equal("x"u8, Take());
    }

    [Fact]
    public void Length_ThatNeedsThePadding_IsDropped()
    {
        byte[] datagram = Frames.Udp("hello"u8)[Frames.PayloadStart..];

        _host.AssertDrops(MemifDropReason.BadUdpLength, [.. Frames.Ip(IpProtocol.Udp, datagram.AsSpan(0, 8)), .. datagram.AsSpan(8)]);
    }

    [Fact]
    public void Header_CutShort_IsDropped()
    {
        for (int length = 0; length < UdpPacket.HeaderLength; length++)
            _host.AssertDrops(MemifDropReason.BadUdpLength, Frames.Ip(IpProtocol.Udp, new byte[length]));
    }

    [Fact]
    public void Port_WithoutSocket_IsCounted()
    {
        _host.AssertDrops(MemifDropReason.NoSocket, Frames.Udp("x"u8, port: 8));
        _host.AssertDrops(MemifDropReason.NoSocket, Frames.Udp("x"u8, port: 0));
    }

    [Fact]
    public void Port_OfAClosedSocket_IsNobodys()
    {
        _socket.Close();

        _host.AssertDrops(MemifDropReason.NoSocket, Frames.Udp("x"u8));
    }

    [Fact]
    public void ReceiveBuffer_Full_DropsTheNewestAndCounts()
    {
        for (int i = 0; i < 256; i++)
            _host.Receive(Frames.Udp(new byte[64]));

        _host.AssertDrops(MemifDropReason.ReceiveBufferFull, Frames.Udp(new byte[64]));

        Assert.Equal(256, _host.Counters.DatagramsDelivered);
    }

    [Fact]
    public void Close_WithUnreadDatagrams_CountsThemBesidesTheirDelivery()
    {
        for (int i = 0; i < 3; i++)
            _host.Receive(Frames.Udp("x"u8));

        _socket.Close();

        Assert.Equal((3, 3), (_host.Counters.DatagramsDelivered, _host.Counters.Drops(MemifDropReason.SocketClosed)));
    }

    private byte[] Take()
    {
        Assert.True(_socket.Inbox.TryTake(out QueuedDatagram datagram));
        return datagram.Payload.ToArray();
    }
}

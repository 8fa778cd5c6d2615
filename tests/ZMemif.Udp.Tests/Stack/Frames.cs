using System.Buffers.Binary;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Frames as the neighbor sends them to the host under test, unless a parameter says otherwise.</summary>
internal static class Frames
{
    internal const int IpStart = EthernetFrame.HeaderLength;
    internal const int PayloadStart = IpStart + Ipv4Packet.MinHeaderLength;

    internal static byte[] Ethernet(EtherType type, ReadOnlySpan<byte> payload, MacAddress? to = null, MacAddress? from = null)
    {
        byte[] frame = new byte[EthernetFrame.HeaderLength + payload.Length];
        EthernetFrame.WriteHeader(frame, to ?? Net.OwnMac, from ?? Net.NeighborMac, type);
        payload.CopyTo(frame.AsSpan(EthernetFrame.HeaderLength));
        return frame;
    }

    internal static byte[] Arp(
        ArpOperation operation, Ipv4Address? target = null, Ipv4Address? sender = null, MacAddress? senderMac = null, MacAddress? to = null)
    {
        byte[] packet = new byte[ArpPacket.Length];
        ArpPacket.Write(
            packet, operation, senderMac ?? Net.NeighborMac, sender ?? Net.Neighbor, MacAddress.Zero, target ?? Net.Own);
        return Ethernet(EtherType.Arp, packet, to ?? MacAddress.Broadcast, senderMac);
    }

    internal static byte[] Ip(
        IpProtocol protocol,
        ReadOnlySpan<byte> payload,
        Ipv4Address? source = null,
        Ipv4Address? destination = null,
        bool moreFragments = false,
        int fragmentOffset = 0,
        MacAddress? to = null,
        byte timeToLive = 64)
    {
        byte[] packet = new byte[Ipv4Packet.MinHeaderLength + payload.Length];
        Ipv4Packet.WriteHeader(packet, new Ipv4HeaderFields
        {
            TotalLength = (ushort)packet.Length,
            TimeToLive = timeToLive,
            Protocol = protocol,
            Source = source ?? Net.Neighbor,
            Destination = destination ?? Net.Own,
            MoreFragments = moreFragments,
            FragmentOffset = fragmentOffset,
        });
        payload.CopyTo(packet.AsSpan(Ipv4Packet.MinHeaderLength));
        return Ethernet(EtherType.IPv4, packet, to);
    }

    /// <summary>A datagram from port 5000.</summary>
    internal static byte[] Udp(
        ReadOnlySpan<byte> payload, ushort port = 7, Ipv4Address? source = null, Ipv4Address? destination = null, ushort sourcePort = 5000, MacAddress? to = null)
    {
        byte[] datagram = new byte[UdpPacket.HeaderLength + payload.Length];
        ulong sum = InternetChecksum.CopyAndSum(payload, datagram.AsSpan(UdpPacket.HeaderLength));
        ushort checksum = UdpPacket.ComputeChecksum(source ?? Net.Neighbor, destination ?? Net.Own, sourcePort, port, payload.Length, sum);
        UdpPacket.WriteHeader(datagram, sourcePort, port, payload.Length, checksum);
        return Ip(IpProtocol.Udp, datagram, source, destination, to: to);
    }

    internal static byte[] Echo(ReadOnlySpan<byte> payload, Ipv4Address? source = null, Ipv4Address? destination = null, MacAddress? to = null)
    {
        byte[] message = new byte[IcmpPacket.HeaderLength + payload.Length];
        (message[0], message[4], message[5], message[7]) = ((byte)IcmpType.EchoRequest, 0xCA, 0xFE, 3);
        payload.CopyTo(message.AsSpan(IcmpPacket.HeaderLength));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Finish(InternetChecksum.Sum(message)));
        return Ip(IpProtocol.Icmp, message, source, destination, to: to);
    }

    /// <summary>An IGMP message, as hosts and routers send it: it does not leave the link.</summary>
    internal static byte[] Igmp(ReadOnlySpan<byte> message, Ipv4Address destination, Ipv4Address? source = null, byte timeToLive = 1) => Ip(
        IpProtocol.Igmp, message, source, destination, to: destination.IsMulticast ? MacAddress.ForMulticast(destination) : null, timeToLive: timeToLive);

    /// <summary>An ICMP message of any kind.</summary>
    internal static byte[] Icmp(
        IcmpType type, byte code, ReadOnlySpan<byte> payload, uint rest = 0, Ipv4Address? source = null, Ipv4Address? destination = null, MacAddress? to = null)
    {
        byte[] message = new byte[IcmpPacket.HeaderLength + payload.Length];
        (message[0], message[1]) = ((byte)type, code);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), rest);
        payload.CopyTo(message.AsSpan(IcmpPacket.HeaderLength));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Finish(InternetChecksum.Sum(message)));
        return Ip(IpProtocol.Icmp, message, source, destination, to: to);
    }

    /// <summary>The head of a datagram that the host under test has sent to the neighbor, as an error quotes it.</summary>
    internal static byte[] Quote(ushort fromPort = 7, ushort toPort = 5000, Ipv4Address? from = null, Ipv4Address? to = null, int length = 28) =>
        Udp("0123456789"u8, port: toPort, source: from ?? Net.Own, destination: to ?? Net.Neighbor, sourcePort: fromPort)[IpStart..(IpStart + length)];

    /// <summary>Puts four bytes of no-operation options into an IPv4 frame.</summary>
    internal static byte[] WithOptions(byte[] frame)
    {
        byte[] longer = [.. frame[..PayloadStart], 1, 1, 1, 0, .. frame[PayloadStart..]];
        longer[IpStart] = 0x46;
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(IpStart + 2), (ushort)(longer.Length - IpStart));
        return WithIpChecksum(longer);
    }

    /// <summary>The frame with one byte set.</summary>
    internal static byte[] With(byte[] frame, int offset, byte value)
    {
        frame[offset] = value;
        return frame;
    }

    /// <summary>Corrects the IPv4 header checksum, as far as there is a header.</summary>
    internal static byte[] WithIpChecksum(byte[] frame)
    {
        Span<byte> header = frame.AsSpan(IpStart);
        header = header[..Math.Min(header.Length, (header.IsEmpty ? 0 : header[0] & 0xF) * 4)];
        if (header.Length < Ipv4Packet.MinHeaderLength)
            return frame;
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Finish(InternetChecksum.Sum(header)));
        return frame;
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ZMemif.Udp.Wire;

/// <summary>
/// The head of a UDP datagram as an ICMP error quotes it (RFC 792): the IPv4 header, which routers have changed, and at least
/// 8 bytes. Where it came from and went to is all that counts.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QuotedDatagram
{
    public Ipv4Address Source { get; private init; }

    public ushort SourcePort { get; private init; }

    public Ipv4Address Destination { get; private init; }

    public ushort DestinationPort { get; private init; }

    /// <summary>Of the whole packet that is complained about, in bytes.</summary>
    public int TotalLength { get; private init; }

    public IpProtocol Protocol { get; private init; }

    /// <param name="quote">What follows the ICMP header.</param>
    /// <param name="datagram">What it says; the ports only if its protocol is UDP.</param>
    /// <returns>False for what cannot be the head of a packet, and for a later fragment, which has no ports.</returns>
    public static bool TryParse(ReadOnlySpan<byte> quote, out QuotedDatagram datagram)
    {
        datagram = default;
        if (quote.Length < Ipv4Packet.MinHeaderLength || quote[0] >> 4 != 4)
            return false;
        int headerLength = (quote[0] & 0xF) * 4;
        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(quote[2..]);
        bool isLaterFragment = (BinaryPrimitives.ReadUInt16BigEndian(quote[6..]) & 0x1FFF) != 0;
        int needed = headerLength + UdpPacket.HeaderLength;
        if (headerLength < Ipv4Packet.MinHeaderLength || quote.Length < needed || totalLength < needed || isLaterFragment)
            return false;

        datagram = new QuotedDatagram
        {
            Source = Ipv4Address.Read(quote[12..]),
            Destination = Ipv4Address.Read(quote[16..]),
            Protocol = (IpProtocol)quote[9],
            TotalLength = totalLength,
            SourcePort = BinaryPrimitives.ReadUInt16BigEndian(quote[headerLength..]),
            DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(quote[(headerLength + 2)..]),
        };
        return true;
    }
}

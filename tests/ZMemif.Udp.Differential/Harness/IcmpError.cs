using System.Buffers.Binary;

namespace ZMemif.Udp.Differential;

/// <summary>An ICMP error message (RFC 792) about a UDP datagram.</summary>
internal static class IcmpError
{
    private const int IcmpHeader = 8;
    private const int Ipv4Header = 20;
    private const int UdpHeader = 8;

    public static byte[] Write(byte type, byte code, IPEndPoint source, IPEndPoint destination, ushort mtu)
    {
        byte[] message = new byte[IcmpHeader + Ipv4Header + UdpHeader];
        message[0] = type;
        message[1] = code;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), mtu);
        WriteQuotedDatagram(message.AsSpan(IcmpHeader), source, destination);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message));
        return message;
    }

    private static void WriteQuotedDatagram(Span<byte> quoted, IPEndPoint source, IPEndPoint destination)
    {
        quoted[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(quoted[2..], Ipv4Header + UdpHeader);
        quoted[8] = 64;
        quoted[9] = (byte)ProtocolType.Udp;
        source.Address.TryWriteBytes(quoted[12..], out _);
        destination.Address.TryWriteBytes(quoted[16..], out _);
        BinaryPrimitives.WriteUInt16BigEndian(quoted[10..], Checksum(quoted[..Ipv4Header]));

        Span<byte> udp = quoted[Ipv4Header..];
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], UdpHeader);
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes[i..]);

        while (sum > ushort.MaxValue)
            sum = (sum & ushort.MaxValue) + (sum >> 16);

        return (ushort)~sum;
    }
}

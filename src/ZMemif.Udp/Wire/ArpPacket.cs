using System.Buffers.Binary;

namespace ZMemif.Udp.Wire;

/// <summary>An ARP packet for IPv4 over Ethernet (RFC 826); any other pair of address families does not parse.</summary>
internal readonly ref struct ArpPacket
{
    public const int Length = 28;

    /// <summary>Hardware type 1, protocol type 0x0800, address lengths 6 and 4: the first six bytes, as far as we speak ARP.</summary>
    private const ulong EthernetAndIpv4 = 0x0001_0800_0604;

    private readonly ReadOnlySpan<byte> _packet;

    private ArpPacket(ReadOnlySpan<byte> packet) => _packet = packet;

    public ArpOperation Operation => (ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(_packet[6..]);

    public MacAddress SenderMac => MacAddress.Read(_packet[8..]);

    public Ipv4Address SenderAddress => Ipv4Address.Read(_packet[14..]);

    public MacAddress TargetMac => MacAddress.Read(_packet[18..]);

    public Ipv4Address TargetAddress => Ipv4Address.Read(_packet[24..]);

    /// <param name="bytes">At least the packet; padding of the frame may follow.</param>
    /// <param name="packet">A view over <paramref name="bytes"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ArpPacket packet)
    {
        if (bytes.Length < Length || BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16 != EthernetAndIpv4)
        {
            packet = default;
            return false;
        }

        packet = new(bytes[..Length]);
        return true;
    }

    public static void Write(
        Span<byte> destination,
        ArpOperation operation,
        MacAddress senderMac,
        Ipv4Address senderAddress,
        MacAddress targetMac,
        Ipv4Address targetAddress)
    {
        destination = destination[..Length];
        BinaryPrimitives.WriteUInt64BigEndian(destination, (EthernetAndIpv4 << 16) | (ushort)operation);
        senderMac.Write(destination[8..]);
        senderAddress.Write(destination[14..]);
        targetMac.Write(destination[18..]);
        targetAddress.Write(destination[24..]);
    }
}

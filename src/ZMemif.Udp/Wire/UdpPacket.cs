using System.Buffers.Binary;

namespace ZMemif.Udp.Wire;

/// <summary>The header of a UDP datagram (RFC 768). The payload lies elsewhere.</summary>
internal readonly struct UdpPacket
{
    public const int HeaderLength = 8;

    // All of it: ports, length and checksum, 16 bits each.
    private readonly ulong _header;

    private UdpPacket(ulong header) => _header = header;

    public ushort SourcePort => (ushort)(_header >> 48);

    public ushort DestinationPort => (ushort)(_header >> 32);

    /// <summary>Header and payload, in bytes. Bytes of the IP packet beyond it are not part of the datagram.</summary>
    public int Length => (ushort)(_header >> 16);

    public int PayloadLength => Length - HeaderLength;

    /// <summary>0: the sender did not compute one.</summary>
    public ushort Checksum => (ushort)_header;

    /// <param name="header">At least the first 8 bytes of the IP payload.</param>
    /// <param name="available">Bytes of the IP payload.</param>
    /// <param name="packet">The parsed header.</param>
    public static UdpError TryParse(ReadOnlySpan<byte> header, int available, out UdpPacket packet)
    {
        packet = default;
        if (header.Length < HeaderLength || available < HeaderLength)
            return UdpError.TooShort;

        var parsed = new UdpPacket(BinaryPrimitives.ReadUInt64BigEndian(header));
        if (parsed.Length < HeaderLength || parsed.Length > available)
            return UdpError.BadLength;

        packet = parsed;
        return UdpError.None;
    }

    /// <param name="destination">At least 8 bytes.</param>
    /// <param name="sourcePort">Ours.</param>
    /// <param name="destinationPort">Theirs.</param>
    /// <param name="payloadLength">In bytes, without the header; at most 65527.</param>
    /// <param name="checksum">As <see cref="ComputeChecksum"/> gave it, or 0 for none.</param>
    public static void WriteHeader(Span<byte> destination, ushort sourcePort, ushort destinationPort, int payloadLength, ushort checksum)
    {
        destination = destination[..HeaderLength];
        BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)sourcePort << 16) | destinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], ((uint)(HeaderLength + payloadLength) << 16) | checksum);
    }

    /// <summary>The checksum over pseudo header, header and payload. Never 0, which would say "not computed": 0xFFFF stands for it.</summary>
    /// <param name="source">From the IP header.</param>
    /// <param name="destination">From the IP header.</param>
    /// <param name="sourcePort">Ours.</param>
    /// <param name="destinationPort">Theirs.</param>
    /// <param name="payloadLength">In bytes, without the header.</param>
    /// <param name="payloadSum">An <see cref="InternetChecksum"/> sum of the payload.</param>
    public static ushort ComputeChecksum(
        Ipv4Address source, Ipv4Address destination, ushort sourcePort, ushort destinationPort, int payloadLength, ulong payloadSum)
    {
        ulong header = (ulong)sourcePort + destinationPort + (uint)(HeaderLength + payloadLength);
        ulong numbers = PseudoHeader(source, destination, HeaderLength + payloadLength) + header;
        ushort checksum = InternetChecksum.Finish(InternetChecksum.Add(InternetChecksum.FromNumbers(numbers), payloadSum));
        return checksum == 0 ? ushort.MaxValue : checksum;
    }

    /// <summary>The checksum is right, or was not computed by the sender.</summary>
    /// <param name="source">From the IP header.</param>
    /// <param name="destination">From the IP header.</param>
    /// <param name="payloadSum">An <see cref="InternetChecksum"/> sum of the <see cref="PayloadLength"/> bytes of payload.</param>
    public bool VerifyChecksum(Ipv4Address source, Ipv4Address destination, ulong payloadSum)
    {
        if (Checksum == 0)
            return true;

        ulong numbers = PseudoHeader(source, destination, Length) + (_header >> 32) + (uint)_header;
        return InternetChecksum.IsValid(InternetChecksum.Add(InternetChecksum.FromNumbers(numbers), payloadSum));
    }

    private static ulong PseudoHeader(Ipv4Address source, Ipv4Address destination, int length) =>
        (ulong)source.Value + destination.Value + (uint)IpProtocol.Udp + (uint)length;
}

using System.Buffers.Binary;

namespace ZMemif.Udp.Wire;

/// <summary>The header of an ICMP message (RFC 792): type, code, checksum, and four bytes whose meaning depends on the type.</summary>
internal readonly ref struct IcmpPacket
{
    public const int HeaderLength = 8;

    /// <summary>The code of a <see cref="IcmpType.TimeExceeded"/> about a packet whose fragments have not all come.</summary>
    public const byte ReassemblyTimeExceeded = 1;

    private readonly ReadOnlySpan<byte> _header;

    private IcmpPacket(ReadOnlySpan<byte> header, int payloadLength)
    {
        _header = header;
        PayloadLength = payloadLength;
    }

    /// <summary>What follows the header, in bytes: echo data, or the head of the packet complained about.</summary>
    public int PayloadLength { get; }

    public IcmpType Type => (IcmpType)_header[0];

    public byte Code => _header[1];

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_header[2..]);

    /// <summary>Of an echo request or reply.</summary>
    public ushort Identifier => BinaryPrimitives.ReadUInt16BigEndian(_header[4..]);

    /// <summary>Of an echo request or reply.</summary>
    public ushort SequenceNumber => BinaryPrimitives.ReadUInt16BigEndian(_header[6..]);

    /// <summary>Of a destination unreachable with code <see cref="IcmpUnreachableCode.FragmentationNeeded"/>; 0 from routers older than RFC 1191.</summary>
    public ushort NextHopMtu => BinaryPrimitives.ReadUInt16BigEndian(_header[6..]);

    /// <param name="header">At least the first 8 bytes of the IP payload.</param>
    /// <param name="available">Bytes of the IP payload.</param>
    /// <param name="packet">A view over <paramref name="header"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> header, int available, out IcmpPacket packet)
    {
        if (header.Length < HeaderLength || available < HeaderLength)
        {
            packet = default;
            return false;
        }

        packet = new(header[..HeaderLength], available - HeaderLength);
        return true;
    }

    /// <param name="payloadSum">An <see cref="InternetChecksum"/> sum of the <see cref="PayloadLength"/> bytes of payload.</param>
    public bool VerifyChecksum(ulong payloadSum) => InternetChecksum.IsValid(InternetChecksum.Sum(_header, payloadSum));

    /// <summary>Writes the header of an echo reply; identifier, sequence number and payload are the request's.</summary>
    public static void WriteEchoReply(Span<byte> destination, ushort identifier, ushort sequenceNumber, ulong payloadSum) =>
        WriteHeader(destination, IcmpType.EchoReply, 0, ((uint)identifier << 16) | sequenceNumber, payloadSum);

    /// <summary>Writes the header of a destination unreachable; the payload is the head of the packet complained about.</summary>
    /// <param name="destination">At least 8 bytes.</param>
    /// <param name="code">Why.</param>
    /// <param name="nextHopMtu">For <see cref="IcmpUnreachableCode.FragmentationNeeded"/> (RFC 1191 §4); otherwise 0.</param>
    /// <param name="payloadSum">An <see cref="InternetChecksum"/> sum of the payload.</param>
    public static void WriteDestinationUnreachable(Span<byte> destination, IcmpUnreachableCode code, ushort nextHopMtu, ulong payloadSum) =>
        WriteHeader(destination, IcmpType.DestinationUnreachable, (byte)code, nextHopMtu, payloadSum);

    /// <summary>Writes the header of an error without a number in it; the payload is the head of the packet complained about.</summary>
    /// <param name="destination">At least 8 bytes.</param>
    /// <param name="type">What kind of error.</param>
    /// <param name="code">Which of its kind.</param>
    /// <param name="payloadSum">An <see cref="InternetChecksum"/> sum of the payload.</param>
    public static void WriteError(Span<byte> destination, IcmpType type, byte code, ulong payloadSum) =>
        WriteHeader(destination, type, code, 0, payloadSum);

    private static void WriteHeader(Span<byte> destination, IcmpType type, byte code, uint rest, ulong payloadSum)
    {
        uint first = ((uint)type << 24) | ((uint)code << 16);
        ulong sum = InternetChecksum.Add(InternetChecksum.FromNumbers((ulong)first + rest), payloadSum);
        destination = destination[..HeaderLength];
        BinaryPrimitives.WriteUInt32BigEndian(destination, first | InternetChecksum.Finish(sum));
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], rest);
    }
}

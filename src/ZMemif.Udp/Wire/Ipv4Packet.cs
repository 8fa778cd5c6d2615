using System.Buffers.Binary;
using System.Diagnostics;

namespace ZMemif.Udp.Wire;

/// <summary>The header of an IPv4 packet (RFC 791 §3.1), checked. The payload lies elsewhere.</summary>
/// <remarks>
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+-------+---------------+-------------------------------+
/// |Version|  IHL  |Type of service|          Total length         |
/// +-------+-------+---------------+-----+-------------------------+
/// |         Identification        |0 D M|  Fragment offset (/ 8)  |
/// +---------------+---------------+-----+-------------------------+
/// |  Time to live |    Protocol   |        Header checksum        |
/// +---------------+---------------+-------------------------------+
/// |                         Source address                        |
/// +---------------------------------------------------------------+
/// |                      Destination address                      |
/// +---------------------------------------------------------------+
/// |                    Options, 0 to 40 bytes                     |
/// +---------------------------------------------------------------+
/// </code>
/// </remarks>
internal readonly ref struct Ipv4Packet
{
    public const int MinHeaderLength = 20;
    public const int MaxHeaderLength = 60;

    /// <summary>Fragments begin at multiples of this many bytes.</summary>
    public const int FragmentUnit = 8;

    private const int DontFragmentFlag = 0x4000;
    private const int MoreFragmentsFlag = 0x2000;
    private const int FragmentOffsetMask = 0x1FFF;

    private readonly ReadOnlySpan<byte> _header;

    private Ipv4Packet(ReadOnlySpan<byte> header) => _header = header;

    /// <summary>All of it, options included.</summary>
    public ReadOnlySpan<byte> Header => _header;

    public int HeaderLength => _header.Length;

    /// <summary>Header and payload, in bytes; at most what is available.</summary>
    public int TotalLength => BinaryPrimitives.ReadUInt16BigEndian(_header[2..]);

    public int PayloadLength => TotalLength - HeaderLength;

    public byte TypeOfService => _header[1];

    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_header[4..]);

    public bool DontFragment => (FlagsAndOffset & DontFragmentFlag) != 0;

    public bool MoreFragments => (FlagsAndOffset & MoreFragmentsFlag) != 0;

    /// <summary>Where the payload begins in the whole packet's payload, in bytes.</summary>
    public int FragmentOffset => (FlagsAndOffset & FragmentOffsetMask) * FragmentUnit;

    /// <summary>The payload is a part: more follows, or something went before.</summary>
    public bool IsFragment => (FlagsAndOffset & (MoreFragmentsFlag | FragmentOffsetMask)) != 0;

    public byte TimeToLive => _header[8];

    public IpProtocol Protocol => (IpProtocol)_header[9];

    public Ipv4Address Source => Ipv4Address.Read(_header[12..]);

    public Ipv4Address Destination => Ipv4Address.Read(_header[16..]);

    public ReadOnlySpan<byte> Options => _header[MinHeaderLength..];

    /// <summary>What <see cref="WriteHeader"/> would need to write this header again, without its options.</summary>
    public Ipv4HeaderFields Fields => new()
    {
        TotalLength = (ushort)TotalLength,
        Identification = Identification,
        DontFragment = DontFragment,
        MoreFragments = MoreFragments,
        FragmentOffset = FragmentOffset,
        TimeToLive = TimeToLive,
        TypeOfService = TypeOfService,
        Protocol = Protocol,
        Source = Source,
        Destination = Destination,
    };

    private int FlagsAndOffset => BinaryPrimitives.ReadUInt16BigEndian(_header[6..]);

    /// <param name="header">The first bytes of the packet: all of them, or at least <see cref="MaxHeaderLength"/>.</param>
    /// <param name="available">Bytes of the packet that exist, here or elsewhere; Ethernet padding may be among them.</param>
    /// <param name="packet">A view over <paramref name="header"/>.</param>
    public static Ipv4Error TryParse(ReadOnlySpan<byte> header, int available, out Ipv4Packet packet)
    {
        packet = default;
        int present = Math.Min(header.Length, available);
        if (present < MinHeaderLength)
            return Ipv4Error.TooShort;

        int versionAndLength = header[0];
        if (versionAndLength >> 4 != 4)
            return Ipv4Error.BadVersion;

        int headerLength = (versionAndLength & 0xF) * 4;
        if (headerLength < MinHeaderLength)
            return Ipv4Error.BadHeaderLength;

        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        if (totalLength < headerLength)
            return Ipv4Error.BadTotalLength;

        if (totalLength > available || headerLength > present)
            return Ipv4Error.Truncated;

        header = header[..headerLength];
        if (!InternetChecksum.IsValid(InternetChecksum.Sum(header)))
            return Ipv4Error.BadChecksum;

        packet = new(header);
        return Ipv4Error.None;
    }

    /// <summary>Turns the header of a first fragment into that of the whole packet (RFC 791 §3.2), checksum included.</summary>
    /// <param name="header">The header with its options.</param>
    /// <param name="totalLength">Header and payload of the whole packet, in bytes.</param>
    public static void MakeWhole(Span<byte> header, int totalLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)totalLength);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Finish(InternetChecksum.Sum(header)));
    }

    /// <summary>Writes 20 bytes, without options, checksum included.</summary>
    public static void WriteHeader(Span<byte> destination, in Ipv4HeaderFields fields)
    {
        Debug.Assert(fields.TotalLength >= MinHeaderLength, "The total length includes the header.");
        Debug.Assert(fields.FragmentOffset is >= 0 and <= ushort.MaxValue && fields.FragmentOffset % FragmentUnit == 0, "The offset must fit its field.");

        uint flags = (fields.DontFragment ? (uint)DontFragmentFlag : 0) | (fields.MoreFragments ? (uint)MoreFragmentsFlag : 0);
        uint first = 0x4500_0000 | ((uint)fields.TypeOfService << 16) | fields.TotalLength;
        uint second = ((uint)fields.Identification << 16) | flags | ((uint)fields.FragmentOffset / FragmentUnit);
        uint third = ((uint)fields.TimeToLive << 24) | ((uint)fields.Protocol << 16);
        uint source = fields.Source.Value;
        uint target = fields.Destination.Value;
        ulong sum = InternetChecksum.FromNumbers((ulong)first + second + third + source + target);

        destination = destination[..MinHeaderLength];
        BinaryPrimitives.WriteUInt32BigEndian(destination, first);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], second);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], third | InternetChecksum.Finish(sum));
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], source);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], target);
    }
}

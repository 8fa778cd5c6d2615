using System.Buffers.Binary;

namespace ZMemif.Udp.Wire;

/// <summary>
/// The header of an Ethernet II frame: destination, source, type. No preamble, no frame check sequence. A tag that gives a
/// priority and no VLAN (IEEE 802.1Q §6.9, identifier 0) is part of the header; one that names a VLAN is a type of its own.
/// </summary>
internal readonly ref struct EthernetFrame
{
    public const int HeaderLength = 14;

    /// <summary>With a tag.</summary>
    public const int MaxHeaderLength = HeaderLength + TagLength;

    private const int TagLength = 4;
    private const int VlanIdentifier = 0xFFF;

    private readonly ReadOnlySpan<byte> _header;

    private EthernetFrame(ReadOnlySpan<byte> header) => _header = header;

    /// <summary>Bytes before what the frame carries.</summary>
    public int Length => _header.Length;

    public MacAddress Destination => MacAddress.Read(_header);

    public MacAddress Source => MacAddress.Read(_header[6..]);

    public EtherType Type => (EtherType)BinaryPrimitives.ReadUInt16BigEndian(_header[^2..]);

    /// <param name="header">At least the header; what follows is ignored.</param>
    /// <param name="frame">A view over <paramref name="header"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> header, out EthernetFrame frame)
    {
        if (header.Length < HeaderLength)
        {
            frame = default;
            return false;
        }

        bool isTagged = (EtherType)BinaryPrimitives.ReadUInt16BigEndian(header[12..]) == EtherType.Vlan && HasPriorityTag(header);
        frame = new(header[..(isTagged ? MaxHeaderLength : HeaderLength)]);
        return true;
    }

    public static void WriteHeader(Span<byte> destination, MacAddress to, MacAddress from, EtherType type)
    {
        destination = destination[..HeaderLength];
        to.Write(destination);
        from.Write(destination[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[12..], (ushort)type);
    }

    private static bool HasPriorityTag(ReadOnlySpan<byte> header) =>
        header.Length >= MaxHeaderLength && (BinaryPrimitives.ReadUInt16BigEndian(header[HeaderLength..]) & VlanIdentifier) == 0;
}

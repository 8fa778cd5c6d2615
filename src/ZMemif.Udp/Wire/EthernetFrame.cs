using System.Buffers.Binary;

namespace ZMemif.Udp.Wire;

/// <summary>The header of an Ethernet II frame: destination, source, type. No preamble, no frame check sequence.</summary>
internal readonly ref struct EthernetFrame
{
    public const int HeaderLength = 14;

    private readonly ReadOnlySpan<byte> _header;

    private EthernetFrame(ReadOnlySpan<byte> header) => _header = header;

    public MacAddress Destination => MacAddress.Read(_header);

    public MacAddress Source => MacAddress.Read(_header[6..]);

    public EtherType Type => (EtherType)BinaryPrimitives.ReadUInt16BigEndian(_header[12..]);

    /// <param name="header">At least the header; what follows is ignored.</param>
    /// <param name="frame">A view over <paramref name="header"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> header, out EthernetFrame frame)
    {
        if (header.Length < HeaderLength)
        {
            frame = default;
            return false;
        }

        frame = new(header[..HeaderLength]);
        return true;
    }

    public static void WriteHeader(Span<byte> destination, MacAddress to, MacAddress from, EtherType type)
    {
        destination = destination[..HeaderLength];
        to.Write(destination);
        from.Write(destination[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[12..], (ushort)type);
    }
}

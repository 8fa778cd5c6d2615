using System.Buffers.Binary;

namespace ZMemif.Udp.Wire;

/// <summary>A membership query of any version (RFC 3376 §4.1, §7.1): the length tells which.</summary>
internal readonly ref struct IgmpQuery
{
    private const int ShortLength = 8;
    private const int LongLength = 12;

    private readonly ReadOnlySpan<byte> _message;

    private IgmpQuery(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>1, 2 or 3: which version its sender speaks.</summary>
    public int Version => _message.Length >= LongLength ? 3 : _message[1] == 0 ? 1 : 2;

    /// <summary>The group that is asked for; any for all of them, as always in version 1, which does not look (RFC 1112, appendix I).</summary>
    public Ipv4Address Group => Version == 1 ? Ipv4Address.Any : Ipv4Address.Read(_message[4..]);

    /// <summary>How long an answer may take at most. Version 1 leaves it out: ten seconds.</summary>
    public TimeSpan MaxResponseTime => Version switch
    {
        1 => TimeSpan.FromSeconds(10),
        2 => Tenths(_message[1]),
        _ => Tenths(Decode(_message[1])),
    };

    /// <summary>The querier's robustness variable; 0 when it says none.</summary>
    public int Robustness => Version == 3 ? _message[8] & 7 : 0;

    public int SourceCount => Version == 3 ? BinaryPrimitives.ReadUInt16BigEndian(_message[10..]) : 0;

    /// <summary>One of the sources that are asked for.</summary>
    public Ipv4Address Source(int index) => Ipv4Address.Read(_message[(LongLength + (index * Ipv4Address.Length))..]);

    /// <param name="message">A private copy of the whole message, whose checksum is right.</param>
    /// <param name="query">A view over it.</param>
    /// <returns>False for another type, an impossible length (RFC 3376 §7.1), or sources that are not there.</returns>
    public static bool TryParse(ReadOnlySpan<byte> message, out IgmpQuery query)
    {
        query = new IgmpQuery(message);
        if (message.Length < ShortLength || message[0] != (byte)IgmpType.MembershipQuery)
            return false;
        return message.Length == ShortLength
            || (message.Length >= LongLength && message.Length >= LongLength + (query.SourceCount * Ipv4Address.Length));
    }

    private static TimeSpan Tenths(int tenths) => TimeSpan.FromMilliseconds(100L * tenths);

    // RFC 3376 §4.1.1: from 128 on a floating-point number of three bits exponent and four bits mantissa.
    private static int Decode(byte code) => code < 128 ? code : ((code & 0x0F) | 0x10) << (((code >> 4) & 7) + 3);
}

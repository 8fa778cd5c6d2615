using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ZMemif.Udp.Wire;

/// <summary>A 48-bit Ethernet address. The octet that goes out first is the most significant one of <see cref="Value"/>.</summary>
internal readonly record struct MacAddress
{
    public const int Length = 6;

    private const ulong MaxValue = 0xFFFF_FFFF_FFFF;
    private const int TextLength = 17;

    /// <exception cref="ArgumentOutOfRangeException">The value needs more than 48 bits.</exception>
    public MacAddress(ulong value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxValue);
        Value = value;
    }

    public static MacAddress Broadcast => new(MaxValue);

    public static MacAddress Zero => default;

    public ulong Value { get; }

    /// <summary>The group bit is set: multicast, and also broadcast.</summary>
    public bool IsMulticast => (Value & 0x0100_0000_0000) != 0;

    public bool IsBroadcast => Value == MaxValue;

    /// <summary>The address an IPv4 multicast group is sent to: 01:00:5e and the low 23 bits of the group (RFC 1112 §6.4).</summary>
    public static MacAddress ForMulticast(Ipv4Address group) => new(0x0100_5E00_0000UL | (group.Value & 0x007F_FFFF));

    public static MacAddress Read(ReadOnlySpan<byte> source) =>
        new(((ulong)BinaryPrimitives.ReadUInt16BigEndian(source) << 32) | BinaryPrimitives.ReadUInt32BigEndian(source[2..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination[2..], (uint)Value);
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(Value >> 32));
    }

    /// <summary>Reads <c>aa:bb:cc:dd:ee:ff</c> or <c>aa-bb-cc-dd-ee-ff</c>, in any case.</summary>
    /// <exception cref="FormatException">The text is nothing of the kind.</exception>
    public static MacAddress Parse(string text) => TryParse(text, out var address)
        ? address
        : throw new FormatException($"'{text}' is not a MAC address such as 02:00:00:00:00:01.");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out MacAddress address)
    {
        address = default;
        if (text is not { Length: TextLength } || text[2] is not (':' or '-'))
            return false;

        ulong value = 0;
        for (int i = 0; i < TextLength; i += 3)
        {
            bool separated = i == 0 || text[i - 1] == text[2];
            if (!separated || !char.IsAsciiHexDigit(text[i]) || !char.IsAsciiHexDigit(text[i + 1]))
                return false;

            value = (value << 8) | byte.Parse(text.AsSpan(i, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        address = new(value);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{(byte)(Value >> 40):x2}:{(byte)(Value >> 32):x2}:{(byte)(Value >> 24):x2}:{(byte)(Value >> 16):x2}:{(byte)(Value >> 8):x2}:{(byte)Value:x2}");
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Wire;

/// <summary>An IPv4 address as a number in host order: 192.0.2.1 is 0xC0000201.</summary>
internal readonly record struct Ipv4Address(uint Value)
{
    public const int Length = 4;

    public static Ipv4Address Any => default;

    /// <summary>The limited broadcast, 255.255.255.255 (RFC 919).</summary>
    public static Ipv4Address Broadcast => new(0xFFFF_FFFF);

    public static Ipv4Address Loopback => new(0x7F00_0001);

    public bool IsAny => Value == 0;

    /// <summary>255.255.255.255 only; a subnet's own broadcast is <see cref="Ipv4Prefix.DirectedBroadcast"/>.</summary>
    public bool IsBroadcast => Value == 0xFFFF_FFFF;

    /// <summary>127.0.0.0/8.</summary>
    public bool IsLoopback => Value >> 24 == 127;

    /// <summary>127.255.255.255, the broadcast address of the loopback network.</summary>
    public bool IsLoopbackBroadcast => Value == 0x7FFF_FFFF;

    /// <summary>224.0.0.0/4.</summary>
    public bool IsMulticast => Value >> 28 == 0xE;

    /// <summary>224.0.0.0/24, groups that no router forwards (RFC 5771 §4).</summary>
    public bool IsLocalMulticast => Value >> 8 == 0xE0_0000;

    public static Ipv4Address Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt32BigEndian(source));

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, Value);

    /// <exception cref="ArgumentException">The address is not of the IPv4 family.</exception>
    public static Ipv4Address FromIPAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[Length];
        if (address.AddressFamily != AddressFamily.InterNetwork || !address.TryWriteBytes(bytes, out _))
            ThrowNotIpv4(address);

        return Read(bytes);
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(bytes);
        return new IPAddress(bytes);
    }

    /// <summary>Reads four decimal numbers. Shorthand, hex and leading zeros (octal to some) are refused.</summary>
    /// <exception cref="FormatException">The text is nothing of the kind.</exception>
    public static Ipv4Address Parse(ReadOnlySpan<char> text) => TryParse(text, out var address)
        ? address
        : throw new FormatException($"'{text}' is not an IPv4 address such as 192.0.2.1.");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Address address)
    {
        address = default;
        uint value = 0;
        int parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            bool leadingZero = part is ['0', _, ..];
            if (++parts > Length || leadingZero || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out byte octet))
                return false;

            value = (value << 8) | octet;
        }

        if (parts != Length)
            return false;

        address = new(value);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Value >> 24}.{(byte)(Value >> 16)}.{(byte)(Value >> 8)}.{(byte)Value}");

    [DoesNotReturn]
    private static void ThrowNotIpv4(IPAddress address) =>
        throw new ArgumentException($"'{address}' is not an IPv4 address.", nameof(address));
}

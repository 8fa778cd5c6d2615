using System.Globalization;
using System.Runtime.InteropServices;

namespace ZMemif.Udp.Wire;

/// <summary>An address and the length of its network part, such as 192.0.2.2/24. The host part is kept.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Ipv4Prefix
{
    public const int MaxLength = 32;

    /// <param name="address">Any address of the network.</param>
    /// <param name="length">Leading one bits of the mask, 0 to 32.</param>
    public Ipv4Prefix(Ipv4Address address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        Address = address;
        Length = length;
    }

    public Ipv4Address Address { get; }

    public int Length { get; }

    public Ipv4Address Mask => new(MaskBits);

    public Ipv4Address Network => new(Address.Value & MaskBits);

    /// <summary>The last address of the network; none for /31 and /32, where every address is a host (RFC 3021).</summary>
    public Ipv4Address? DirectedBroadcast => Length < 31 ? new(Address.Value | ~MaskBits) : null;

    // A shift by 32 would be a shift by 0.
    private uint MaskBits => Length == 0 ? 0 : uint.MaxValue << (MaxLength - Length);

    public bool Contains(Ipv4Address address) => ((address.Value ^ Address.Value) & MaskBits) == 0;

    /// <summary>Reads <c>192.0.2.2/24</c>; the length is not optional.</summary>
    /// <exception cref="FormatException">The text is nothing of the kind.</exception>
    public static Ipv4Prefix Parse(ReadOnlySpan<char> text) => TryParse(text, out var prefix)
        ? prefix
        : throw new FormatException($"'{text}' is not an IPv4 address and prefix length such as 192.0.2.2/24.");

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Prefix prefix)
    {
        prefix = default;
        int slash = text.IndexOf('/');
        if (slash < 0 || !Ipv4Address.TryParse(text[..slash], out var address))
            return false;

        var digits = text[(slash + 1)..];
        bool leadingZero = digits is ['0', _, ..];
        if (leadingZero || !byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out byte length) || length > MaxLength)
            return false;

        prefix = new(address, length);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Address}/{Length}");
}

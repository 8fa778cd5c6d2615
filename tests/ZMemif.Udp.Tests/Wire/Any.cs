using CsCheck;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Wire;

/// <summary>Generators of what the wire can carry.</summary>
internal static class Any
{
    public static Gen<MacAddress> Mac { get; } = Gen.ULong[0, 0xFFFF_FFFF_FFFF].Select(value => new MacAddress(value));

    public static Gen<Ipv4Address> Address { get; } = Gen.UInt.Select(value => new Ipv4Address(value));

    /// <summary>Up to a full Ethernet payload; odd lengths as often as even ones.</summary>
    public static Gen<byte[]> Payload { get; } = Gen.Byte.Array[0, 1472];

    /// <summary>Bytes of which an unfortunate number are 0x00 or 0xFF, where ones' complement sums have their corners.</summary>
    public static Gen<byte[]> CornerBytes { get; } = Gen.OneOf(Gen.Byte, Gen.Const((byte)0), Gen.Const((byte)0xFF)).Array[0, 300];
}

using System.Buffers.Binary;

namespace ZMemif.Udp.Wire;

/// <summary>
/// The IPv4 header of an IGMP message: time to live 1, precedence "internetwork control", and the option Router Alert
/// (RFC 3376 §4, RFC 2113), so that routers look at it though it is not addressed to them.
/// </summary>
internal static class RouterAlertHeader
{
    public const int Length = 24;

    private const byte VersionAndLength = 0x46;
    private const byte InternetworkControl = 0xC0;
    private const ushort DontFragment = 0x4000;
    private const uint RouterAlert = 0x9404_0000;

    /// <param name="destination">At least 24 bytes.</param>
    /// <param name="totalLength">Header and message, in bytes.</param>
    /// <param name="from">The own address.</param>
    /// <param name="to">A group.</param>
    public static void Write(Span<byte> destination, int totalLength, Ipv4Address from, Ipv4Address to)
    {
        destination = destination[..Length];
        destination.Clear();
        destination[0] = VersionAndLength;
        destination[1] = InternetworkControl;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)totalLength);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], DontFragment);
        destination[8] = 1;
        destination[9] = (byte)IpProtocol.Igmp;
        from.Write(destination[12..]);
        to.Write(destination[16..]);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], RouterAlert);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], InternetChecksum.Finish(InternetChecksum.Sum(destination)));
    }
}

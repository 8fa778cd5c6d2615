using System.Buffers.Binary;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Parts of packets, as frames from the neighbor.</summary>
internal static class Fragments
{
    /// <summary>A fragment with these bytes at this offset.</summary>
    internal static byte[] Make(
        ReadOnlySpan<byte> bytes, int offset, bool isLast, ushort identification = 1, IpProtocol protocol = IpProtocol.Udp, Ipv4Address? source = null, Ipv4Address? destination = null, byte timeToLive = 64)
    {
        byte[] frame = Frames.Ip(protocol, bytes, source, destination, moreFragments: !isLast, fragmentOffset: offset, timeToLive: timeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(Frames.IpStart + 4), identification);
        return Frames.WithIpChecksum(frame);
    }

    /// <summary>Cuts an unfragmented frame into fragments of so many bytes each.</summary>
    internal static byte[][] Cut(byte[] frame, int length, ushort identification = 1)
    {
        ReadOnlySpan<byte> ip = frame.AsSpan(Frames.IpStart);
        byte[] payload = frame[Frames.PayloadStart..];
        var (timeToLive, protocol, source, destination) = (ip[8], (IpProtocol)ip[9], Ipv4Address.Read(ip[12..]), Ipv4Address.Read(ip[16..]));
        return
        [
            .. Enumerable.Range(0, (payload.Length + length - 1) / length).Select(i => i * length).Select(offset => Make(
                payload.AsSpan(offset, Math.Min(length, payload.Length - offset)), offset, offset + length >= payload.Length, identification, protocol, source, destination, timeToLive)),
        ];
    }
}

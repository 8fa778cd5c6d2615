using System.Buffers.Binary;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Fuzz;

/// <summary>Mends lengths and checksums of a frame that was changed, so that what lies deeper is reached.</summary>
internal static class FrameRepair
{
    /// <summary>Makes a packet's lengths what they are.</summary>
    internal static void Lengths(Span<byte> frame)
    {
        if (!TryFindPayload(frame, out int start))
            return;
        BinaryPrimitives.WriteUInt16BigEndian(frame[(Frames.IpStart + 2)..], (ushort)(frame.Length - Frames.IpStart));
        if (IsWhole(frame) && frame[Frames.IpStart + 9] == (byte)IpProtocol.Udp && frame.Length - start >= UdpPacket.HeaderLength)
            BinaryPrimitives.WriteUInt16BigEndian(frame[(start + 4)..], (ushort)(frame.Length - start));
    }

    /// <summary>Makes the checksum of the message in a whole packet right.</summary>
    internal static void Message(Span<byte> frame)
    {
        if (!TryFindPayload(frame, out int start) || !IsWhole(frame))
            return;
        int end = Math.Clamp(Frames.IpStart + BinaryPrimitives.ReadUInt16BigEndian(frame[(Frames.IpStart + 2)..]), start, frame.Length);
        Span<byte> message = frame[start..end];
        if (message.Length < UdpPacket.HeaderLength)
            return;
        if (frame[Frames.IpStart + 9] is (byte)IpProtocol.Icmp or (byte)IpProtocol.Igmp)
            Write(message, 2, InternetChecksum.Finish(Sum(message, 2)));
        else if (frame[Frames.IpStart + 9] == (byte)IpProtocol.Udp)
            Datagram(frame, message);
    }

    /// <summary>Makes the checksum of the IPv4 header right.</summary>
    internal static void Header(Span<byte> frame)
    {
        if (TryFindPayload(frame, out int start))
            Write(frame[Frames.IpStart..start], 10, InternetChecksum.Finish(Sum(frame[Frames.IpStart..start], 10)));
    }

    private static void Datagram(Span<byte> frame, Span<byte> message)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        if (length < UdpPacket.HeaderLength || length > message.Length)
            return;
        ReadOnlySpan<byte> payload = message[UdpPacket.HeaderLength..length];
        Write(message, 6, UdpPacket.ComputeChecksum(
            Ipv4Address.Read(frame[(Frames.IpStart + 12)..]), Ipv4Address.Read(frame[(Frames.IpStart + 16)..]),
            BinaryPrimitives.ReadUInt16BigEndian(message), BinaryPrimitives.ReadUInt16BigEndian(message[2..]), payload.Length, InternetChecksum.Sum(payload)));
    }

    private static ulong Sum(Span<byte> bytes, int checksumAt)
    {
        Write(bytes, checksumAt, 0);
        return InternetChecksum.Sum(bytes);
    }

    private static void Write(Span<byte> bytes, int offset, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(bytes[offset..], value);

    private static bool IsWhole(Span<byte> frame) => (BinaryPrimitives.ReadUInt16BigEndian(frame[(Frames.IpStart + 6)..]) & 0x3FFF) == 0;

    private static bool TryFindPayload(Span<byte> frame, out int start)
    {
        start = Frames.IpStart + (frame.Length > Frames.IpStart ? (frame[Frames.IpStart] & 0xF) * 4 : 0);
        return start >= Frames.PayloadStart && start <= frame.Length && (frame[12], frame[13]) == (8, 0);
    }
}

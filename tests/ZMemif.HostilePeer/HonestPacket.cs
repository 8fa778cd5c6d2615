using System.Buffers.Binary;

namespace ZMemif.HostilePeer;

/// <summary>A packet whose content can be verified: a mark, a number, its length, and bytes that follow from the number.</summary>
internal static class HonestPacket
{
    internal const int MinLength = 16;

    private const uint Mark = 0x6d656d69;

    internal static void Write(Span<byte> packet, ulong number)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(packet, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(packet[4..], packet.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(packet[8..], number);
        for (int i = MinLength; i < packet.Length; i++)
            packet[i] = (byte)(number + (ulong)i);
    }

    /// <summary>Whether it says that it is one, so that it must be right.</summary>
    internal static bool IsMarked(ReadOnlySpan<byte> packet) =>
        packet.Length >= MinLength && BinaryPrimitives.ReadUInt32LittleEndian(packet) == Mark;

    internal static bool IsRight(ReadOnlySpan<byte> packet, out ulong number)
    {
        number = BinaryPrimitives.ReadUInt64LittleEndian(packet[8..]);
        if (!IsMarked(packet) || BinaryPrimitives.ReadInt32LittleEndian(packet[4..]) != packet.Length)
            return false;
        for (int i = MinLength; i < packet.Length; i++)
        {
            if (packet[i] != (byte)(number + (ulong)i))
                return false;
        }

        return true;
    }
}

using System.Buffers.Binary;

namespace ZMemif.Control;

/// <summary>ADD_RING: where one ring lies; its eventfd travels with the message.</summary>
internal readonly record struct AddRingMessage(
    bool IsS2M,
    ushort Index,
    ushort Region,
    uint Offset,
    byte Log2Size,
    ushort PrivateHeaderSize)
{
    private const ushort FlagS2M = 1;

    internal static AddRingMessage Read(ReadOnlySpan<byte> message) => new(
        (BinaryPrimitives.ReadUInt16LittleEndian(message[2..]) & FlagS2M) != 0,
        BinaryPrimitives.ReadUInt16LittleEndian(message[4..]),
        BinaryPrimitives.ReadUInt16LittleEndian(message[6..]),
        BinaryPrimitives.ReadUInt32LittleEndian(message[8..]),
        message[12],
        BinaryPrimitives.ReadUInt16LittleEndian(message[13..]));

    internal byte[] ToBytes()
    {
        byte[] message = ControlMessage.Create(MessageType.AddRing);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), IsS2M ? FlagS2M : (ushort)0);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), Index);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), Region);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), Offset);
        message[12] = Log2Size;
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(13), PrivateHeaderSize);
        return message;
    }
}

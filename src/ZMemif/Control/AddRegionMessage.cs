using System.Buffers.Binary;

namespace ZMemif.Control;

/// <summary>ADD_REGION: announces one memory file, which travels with the message.</summary>
internal readonly record struct AddRegionMessage(ushort Index, ulong Size)
{
    internal static AddRegionMessage Read(ReadOnlySpan<byte> message) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(message[2..]),
        BinaryPrimitives.ReadUInt64LittleEndian(message[4..]));

    internal byte[] ToBytes()
    {
        byte[] message = ControlMessage.Create(MessageType.AddRegion);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), Index);
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(4), Size);
        return message;
    }
}

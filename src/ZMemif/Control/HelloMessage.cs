using System.Buffers.Binary;

namespace ZMemif.Control;

/// <summary>
/// HELLO: the server's limits, sent at once on accept. The limits are the highest <em>index</em>, not a count (§1.6).
/// </summary>
internal readonly record struct HelloMessage(
    string Name,
    ushort MinVersion,
    ushort MaxVersion,
    ushort MaxRegion,
    ushort MaxM2SRing,
    ushort MaxS2MRing,
    byte MaxLog2RingSize)
{
    internal static HelloMessage Read(ReadOnlySpan<byte> message) => new(
        ControlMessage.ReadText(message.Slice(2, 32)),
        BinaryPrimitives.ReadUInt16LittleEndian(message[34..]),
        BinaryPrimitives.ReadUInt16LittleEndian(message[36..]),
        BinaryPrimitives.ReadUInt16LittleEndian(message[38..]),
        BinaryPrimitives.ReadUInt16LittleEndian(message[40..]),
        BinaryPrimitives.ReadUInt16LittleEndian(message[42..]),
        message[44]);

    internal byte[] ToBytes()
    {
        byte[] message = ControlMessage.Create(MessageType.Hello);
        ControlMessage.WriteText(message.AsSpan(2, 32), Name);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(34), MinVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(36), MaxVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(38), MaxRegion);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(40), MaxM2SRing);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(42), MaxS2MRing);
        message[44] = MaxLog2RingSize;
        return message;
    }
}

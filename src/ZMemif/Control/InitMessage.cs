using System.Buffers.Binary;

namespace ZMemif.Control;

/// <summary>INIT: which interface the client wants, and who it is.</summary>
internal readonly record struct InitMessage(ushort Version, uint Id, byte Mode, Secret Secret, string Name)
{
    internal static InitMessage Read(ReadOnlySpan<byte> message) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(message[2..]),
        BinaryPrimitives.ReadUInt32LittleEndian(message[4..]),
        message[8],
        Secret.Read(message.Slice(9, Secret.MaxBytes)),
        ControlMessage.ReadText(message.Slice(33, 32)));

    internal byte[] ToBytes()
    {
        byte[] message = ControlMessage.Create(MessageType.Init);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), Version);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(4), Id);
        message[8] = Mode;
        Secret.Write(message.AsSpan(9, Secret.MaxBytes));
        ControlMessage.WriteText(message.AsSpan(33, 32), Name);
        return message;
    }
}

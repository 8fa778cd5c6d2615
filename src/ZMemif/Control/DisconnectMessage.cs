using System.Buffers.Binary;

namespace ZMemif.Control;

/// <summary>DISCONNECT: a code, nearly always 0, and a sentence for people.</summary>
internal readonly record struct DisconnectMessage(uint Code, string Reason)
{
    internal static DisconnectMessage Read(ReadOnlySpan<byte> message) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(message[2..]),
        ControlMessage.ReadText(message.Slice(6, 96)));

    internal byte[] ToBytes()
    {
        byte[] message = ControlMessage.Create(MessageType.Disconnect);
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(2), Code);
        ControlMessage.WriteText(message.AsSpan(6, 96), Reason);
        return message;
    }
}

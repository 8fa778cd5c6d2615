namespace ZMemif.Control;

/// <summary>CONNECT (from the client) and CONNECTED (the answer): the sender's interface name.</summary>
internal readonly record struct ConnectMessage(MessageType Type, string InterfaceName)
{
    internal static ConnectMessage Read(ReadOnlySpan<byte> message) => new(
        ControlMessage.TypeOf(message),
        ControlMessage.ReadText(message.Slice(2, 32)));

    internal byte[] ToBytes()
    {
        byte[] message = ControlMessage.Create(Type);
        ControlMessage.WriteText(message.AsSpan(2, 32), InterfaceName);
        return message;
    }
}

using ZMemif.Control;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Links;

/// <summary>The handshake from the client's side, up to any stage.</summary>
internal static class ClientSide
{
    internal static byte[] Init(uint id) =>
        new InitMessage(ControlMessage.Version, id, (byte)MemifMode.Ethernet, Secret.FromText(null), "hostile client").ToBytes();

    internal static byte[] Connect { get; } = new ConnectMessage(MessageType.Connect, "hostile0").ToBytes();

    /// <summary>Goes correctly to a stage.</summary>
    internal static RawChannel Open(string address, uint id, HandshakeStage stage, ClientArena arena)
    {
        RawChannel channel = RawChannel.Connect(address);
        if (stage >= HandshakeStage.Greeted)
            channel.Expect(MessageType.Hello);
        if (stage >= HandshakeStage.Introduced)
            Step(channel, Init(id));
        if (stage >= HandshakeStage.RegionAdded)
            Step(channel, arena.RegionMessage.ToBytes(), arena.Region.File);
        if (stage >= HandshakeStage.RingsAdded)
        {
            Step(channel, ClientArena.S2MRing.ToBytes(), arena.S2MEvent.Descriptor);
            Step(channel, ClientArena.M2SRing.ToBytes(), arena.M2SEvent.Descriptor);
        }

        if (stage >= HandshakeStage.Up)
        {
            channel.Send(Connect);
            channel.Expect(MessageType.Connected);
        }

        return channel;
    }

    private static void Step(RawChannel channel, byte[] message, FileDescriptor? passed = null)
    {
        channel.Send(message, passed);
        channel.Expect(MessageType.Ack);
    }
}

using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.Tests.Peers;

/// <summary>
/// A memif client played by hand, one queue each way: it walks the handshake to a chosen point, from where the test
/// goes on, and then moves the rings as it likes.
/// </summary>
internal sealed class RawClient : IDisposable
{
    internal const int Log2RingSize = 3;
    internal const int BufferSize = 256;

    private static readonly RingLayout Layout = new(Log2RingSize, CacheLine: 64);

    private RawClient(RawPeer peer)
    {
        Peer = peer;
        Memory = SharedRegion.Create("memif", (ulong)((2 * Layout.Bytes) + (2 * Layout.Slots * BufferSize)));
        S2M = new Ring(Memory, 0, Layout);
        M2S = new Ring(Memory, (uint)Layout.Bytes, Layout);
        S2M.Initialize();
        M2S.Initialize();
    }

    internal RawPeer Peer { get; }

    /// <summary>Region 0: both rings, then their buffers.</summary>
    internal SharedRegion Memory { get; }

    /// <summary>The ring on which this client sends.</summary>
    internal Ring S2M { get; }

    /// <summary>The ring on which this client receives.</summary>
    internal Ring M2S { get; }

    internal EventCounter S2MEvent { get; } = EventCounter.Create();

    internal EventCounter M2SEvent { get; } = EventCounter.Create();

    /// <summary>A correct INIT for an interface id, to be varied.</summary>
    internal static InitMessage Init(uint id) =>
        new(ControlMessage.Version, id, (byte)MemifMode.Ethernet, Secret.FromText(null), "raw client");

    internal static AddRingMessage S2MRing => new(IsS2M: true, Index: 0, Region: 0, Offset: 0, Log2RingSize, PrivateHeaderSize: 0);

    internal static AddRingMessage M2SRing => S2MRing with { IsS2M = false, Offset = (uint)Layout.Bytes };

    internal AddRegionMessage Region => new(0, Memory.Size);

    internal static byte[] Connecting => new ConnectMessage(MessageType.Connect, "raw0").ToBytes();

    /// <summary>Connects and reads HELLO.</summary>
    internal static RawClient Connect(string address)
    {
        var client = new RawClient(RawPeer.Connect(address));
        client.Peer.Expect(MessageType.Hello);
        return client;
    }

    /// <summary>Connects and goes correctly to a point of the handshake with an interface id.</summary>
    internal static RawClient ConnectTo(string address, ClientStage stage, uint id)
    {
        RawClient client = Connect(address);
        if (stage == ClientStage.Greeted)
            return client;
        client.Step(Init(id).ToBytes());
        client.Advance(stage, after: ClientStage.Introduced);
        return client;
    }

    /// <summary>Goes on correctly from one point of the handshake to another.</summary>
    internal void Advance(ClientStage stage, ClientStage after)
    {
        if (stage >= ClientStage.RegionAdded && after < ClientStage.RegionAdded)
            Step(Region.ToBytes(), Memory.File);
        if (stage >= ClientStage.RingsAdded && after < ClientStage.RingsAdded)
        {
            Step(S2MRing.ToBytes(), S2MEvent.Descriptor);
            Step(M2SRing.ToBytes(), M2SEvent.Descriptor);
        }

        if (stage < ClientStage.Up)
            return;
        Peer.Send(Connecting);
        Peer.Expect(MessageType.Connected);
    }

    /// <summary>Sends a message that the server must acknowledge.</summary>
    internal void Step(byte[] message, FileDescriptor? passed = null)
    {
        Peer.Send(message, passed);
        Peer.Expect(MessageType.Ack);
    }

    /// <summary>Sends one packet in the first slot; only once.</summary>
    internal void Send(ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(Memory.Slice(BufferOf(0), packet.Length));
        S2M.WriteDescriptor(0, new Descriptor { Length = (uint)packet.Length, Offset = BufferOf(0) });
        S2M.ReleaseHead(1);
    }

    /// <summary>Posts every receive buffer, as a client does after CONNECTED.</summary>
    internal void PostAll()
    {
        for (uint slot = 0; slot < Layout.Slots; slot++)
            M2S.WriteDescriptor(slot, new Descriptor { Length = BufferSize, Offset = BufferOf(Layout.Slots + slot) });
        M2S.ReleaseHead((ushort)Layout.Slots);
    }

    /// <summary>Where the buffer of a slot lies; S2M slots first, then M2S slots.</summary>
    internal static uint BufferOf(long slot) => (uint)((2 * Layout.Bytes) + (slot * BufferSize));

    public void Dispose()
    {
        Peer.Dispose();
        S2MEvent.Dispose();
        M2SEvent.Dispose();
        Memory.Dispose();
    }
}

using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Links;

/// <summary>
/// The handshake from the server's side, up to any stage. Before the attack begins, every client is passed on to an honest
/// server: that is how the victim's healthy port gets its link over the same socket.
/// </summary>
internal sealed class ServerSide : IDisposable
{
    /// <summary>One ring each way, however many the victim would have.</summary>
    internal static readonly HelloMessage Hello = new(
        "hostile server", ControlMessage.Version, ControlMessage.Version, MaxRegion: 255, MaxM2SRing: 0, MaxS2MRing: 0, MaxLog2RingSize: 14);

    private const int PatienceMilliseconds = 10_000;

    private readonly FileDescriptor _listening = FileDescriptor.Own(Libc.Socket(), "socket");
    private readonly List<Relay> _relays = [];

    internal ServerSide(string address)
    {
        Errno.Check(Libc.Bind(_listening, UnixAddress.Parse(address)), "bind");
        Errno.Check(Libc.Listen(_listening, 64), "listen");
    }

    /// <summary>Passes the next client on to the honest server.</summary>
    internal void RelayNext(string honest) => _relays.Add(new Relay(Accept(), RawChannel.Connect(honest)));

    internal RawChannel Accept()
    {
        Span<PollFd> set = [new PollFd { Fd = _listening.Number, Events = Libc.POLLIN }];
        if (Libc.Poll(set, PatienceMilliseconds) == 0)
            throw new TimeoutException("No client came.");
        return new RawChannel(new SeqPacketSocket(FileDescriptor.Own(Libc.Accept(_listening), "accept")));
    }

    /// <summary>Goes correctly to a stage with the next client.</summary>
    internal (RawChannel Channel, HostileServerLink? Link) Open(HandshakeStage stage, HelloMessage? hello = null)
    {
        RawChannel channel = Accept();
        if (stage >= HandshakeStage.Greeted)
            channel.Send((hello ?? Hello).ToBytes());
        if (stage >= HandshakeStage.Introduced)
            Acknowledge(channel, MessageType.Init);
        if (stage < HandshakeStage.RegionAdded)
            return (channel, null);
        (byte[] region, FileDescriptor? file) = Acknowledge(channel, MessageType.AddRegion);
        if (stage == HandshakeStage.RegionAdded)
        {
            file!.Dispose();
            return (channel, null);
        }

        (byte[] s2m, FileDescriptor? s2mEvent) = Acknowledge(channel, MessageType.AddRing);
        (byte[] m2s, FileDescriptor? m2sEvent) = Acknowledge(channel, MessageType.AddRing);
        channel.Expect(MessageType.Connect);
        SharedRegion memory = SharedRegion.Map(file!, AddRegionMessage.Read(region).Size, requireSeal: false);
        var link = new HostileServerLink(
            channel, memory, Open(memory, s2m), Open(memory, m2s), new EventCounter(s2mEvent!), new EventCounter(m2sEvent!));
        if (stage >= HandshakeStage.Up)
            Finish(link);
        return (channel, link);
    }

    internal static void Finish(HostileServerLink link)
    {
        link.In.SetMask(false);
        link.Channel.Send(new ConnectMessage(MessageType.Connected, "hostile1").ToBytes());
    }

    /// <summary>Takes no more clients; links and relays go on.</summary>
    internal void StopListening() => _listening.Dispose();

    public void Dispose()
    {
        StopListening();
        _relays.ForEach(relay => relay.Dispose());
    }

    private static (byte[] Message, FileDescriptor? Passed) Acknowledge(RawChannel channel, MessageType type)
    {
        (byte[] Message, FileDescriptor? Passed) next = channel.Expect(type);
        channel.Send(ControlMessage.Ack());
        return next;
    }

    private static Ring Open(SharedRegion memory, byte[] message)
    {
        AddRingMessage ring = AddRingMessage.Read(message);
        return new Ring(memory, ring.Offset, new RingLayout(ring.Log2Size, CacheLine: 64));
    }
}

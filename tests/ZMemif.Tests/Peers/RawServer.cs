using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.Tests.Peers;

/// <summary>A memif server played by hand: listens, accepts, and goes with each client as far as the test wants.</summary>
internal sealed class RawServer : IDisposable
{
    private const int PatienceMilliseconds = 20_000;

    internal static readonly HelloMessage Hello = new(
        "raw server", ControlMessage.Version, ControlMessage.Version, MaxRegion: 255, MaxM2SRing: 255, MaxS2MRing: 255, MaxLog2RingSize: 14);

    private readonly FileDescriptor _listening = FileDescriptor.Own(Libc.Socket(), "socket");

    internal RawServer(string address)
    {
        Errno.Check(Libc.Bind(_listening, UnixAddress.Parse(address)), "bind");
        Errno.Check(Libc.Listen(_listening, 8), "listen");
    }

    /// <summary>Every message of a client comes with its credentials, as with the servers of others (§6).</summary>
    internal void PassCredentials() => Libc.PassCredentials(_listening);

    /// <summary>Whether a client waits to be accepted.</summary>
    internal bool IsApproached
    {
        get
        {
            PollFd[] set = [new() { Fd = _listening.Number, Events = Libc.POLLIN }];
            return Libc.Poll(set, 0) == 1;
        }
    }

    /// <summary>The next client that connects.</summary>
    internal RawPeer Accept()
    {
        PollFd[] set = [new() { Fd = _listening.Number, Events = Libc.POLLIN }];
        Assert.Equal(1, Libc.Poll(set, PatienceMilliseconds));
        return new RawPeer(new SeqPacketSocket(FileDescriptor.Own(Libc.Accept(_listening), "accept")));
    }

    /// <summary>Goes correctly through the handshake with a client of one queue each way until CONNECT was read.</summary>
    internal static RawServerMemory ReceiveUntilConnect(RawPeer peer, HelloMessage hello)
    {
        peer.Send(hello.ToBytes());
        peer.Expect(MessageType.Init);
        peer.Send(ControlMessage.Ack());
        (byte[] region, List<FileDescriptor> file) = peer.ExpectPassing(MessageType.AddRegion);
        peer.Send(ControlMessage.Ack());
        (byte[] s2m, List<FileDescriptor> s2mEvent) = peer.ExpectPassing(MessageType.AddRing);
        peer.Send(ControlMessage.Ack());
        (byte[] m2s, List<FileDescriptor> m2sEvent) = peer.ExpectPassing(MessageType.AddRing);
        peer.Send(ControlMessage.Ack());
        peer.Expect(MessageType.Connect);
        return new RawServerMemory(
            SharedRegion.Map(Assert.Single(file), AddRegionMessage.Read(region).Size, requireSeal: true),
            AddRingMessage.Read(s2m),
            AddRingMessage.Read(m2s),
            new EventCounter(Assert.Single(s2mEvent)),
            new EventCounter(Assert.Single(m2sEvent)));
    }

    /// <summary>Goes correctly through the whole handshake.</summary>
    internal static RawServerMemory Complete(RawPeer peer, HelloMessage? hello = null)
    {
        RawServerMemory memory = ReceiveUntilConnect(peer, hello ?? Hello);
        peer.Send(Connected);
        return memory;
    }

    internal static byte[] Connected => new ConnectMessage(MessageType.Connected, "raw1").ToBytes();

    public void Dispose() => _listening.Dispose();
}

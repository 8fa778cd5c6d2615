using Microsoft.Extensions.Time.Testing;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Link;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Link;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>A whole stack on a <see cref="TestLink"/> and a manual clock.</summary>
internal sealed class TestHost
{
    private static readonly MemifDropReason[] s_dropsOnTransmit =
    [
        MemifDropReason.AnswerNotSent, MemifDropReason.NeighborUnreachable, MemifDropReason.NeighborQueueFull,
        MemifDropReason.NeighborTableFull, MemifDropReason.ParkedNotSent, MemifDropReason.NoLink,
        MemifDropReason.PartialDatagram, MemifDropReason.AnswerLimited,
    ];

    private int _scheduled;
    private int _stallChanges;

    internal TestHost(int mtu = 1500, bool hasGateway = true, int queues = 1, bool hasLink = true, int prefixLength = 24, (int First, int Last)? ephemeral = null, TimeSpan? stall = null, bool isShared = false, bool offloads = false, bool hasStations = true)
    {
        Link = new TestLink(queues);
        var identity = new StackIdentity(new Ipv4Prefix(Net.Own, prefixLength), hasGateway ? Net.Gateway : null, Net.OwnMac, mtu) { IsShared = isShared, OffloadsChecksums = offloads, HasStations = hasStations };
        Ports = ephemeral is { } range ? new PortTable(range.First, range.Last) : new PortTable(32768, 60999);
        Stack = new IpStack(identity, hasLink ? Link : new LoopbackLink(), Ports, Counters, Time, stall ?? Stall, () => Interlocked.Increment(ref _stallChanges), () => Interlocked.Increment(ref _scheduled));
    }

    internal static TimeSpan Stall { get; } = TimeSpan.FromMilliseconds(20);

    internal FakeTimeProvider Time { get; } = new();

    internal TestLink Link { get; }

    internal PortTable Ports { get; }

    internal InterfaceCounters Counters { get; } = new();

    internal IpStack Stack { get; }

    internal UdpProtocol Udp => Stack.Udp;

    internal List<byte[]> Sent => Link.Sent;

    internal byte[] LastSent => Sent[^1];

    /// <summary>How often the stack asked to be ticked.</summary>
    internal int Scheduled => _scheduled;

    /// <summary>Frames that arrived and found their one fate, or wait for it in an incomplete packet.</summary>
    internal long FramesSettled =>
        Counters.FramesConsumed + Counters.DatagramsDelivered + DropsOnReceipt + Counters.FragmentsAbsorbed + Stack.Reassembler.Count
        - Counters.DatagramsLooped - Counters.DatagramsCopied;

    private long DropsOnReceipt => Enum.GetValues<MemifDropReason>()
        .Where(reason => !s_dropsOnTransmit.Contains(reason) && reason != MemifDropReason.SocketClosed)
        .Sum(Counters.Drops);

    internal void Receive(byte[] frame)
    {
        DirectReceive nobody = default;
        Stack.Handle(frame, ref nobody);
    }

    /// <summary>What takes frames off the link, as an interface has it; its loops have to be started.</summary>
    internal RxEngine Engine => field ??= new RxEngine(Link.Receivers, Stack, Pressure, Time, "test rx");

    /// <summary>What all sockets share.</summary>
    internal UdpHost Sockets => field ??= new UdpHost(Stack, Engine, Pressure);

    /// <summary>How often the peer was found standing still, or moving again.</summary>
    internal int StallChanges => _stallChanges;

    /// <summary>Holds the link back, for a test that asked for it.</summary>
    internal BackPressure? Pressure { get; private set; }

    /// <summary>Makes full receive buffers hold the link back; before the first socket.</summary>
    internal void Hold() => Pressure = new BackPressure(() => Engine.Wake());

    /// <summary>A socket bound to a port.</summary>
    internal UdpEndpoint Listen(ushort port = 7, Ipv4Address address = default)
    {
        var socket = new UdpEndpoint(Sockets);
        Assert.Equal(System.Net.Sockets.SocketError.Success, socket.Bind(address, port));
        return socket;
    }

    /// <summary>Makes a neighbor known, as if it had asked for us, or by its answer if it has been asked for.</summary>
    internal void Introduce(Ipv4Address address, MacAddress mac)
    {
        Receive(Frames.Arp(ArpOperation.Reply, sender: address, senderMac: mac, to: Net.OwnMac));
        Stack.Arp.Neighbors.Learn(address, mac, isRequestToUs: true, (_, _) => Assert.Fail("The answer has sent what waited."));
    }

    /// <summary>Makes the neighbor known, and nothing else.</summary>
    internal void IntroduceNeighbor() => Introduce(Net.Neighbor, Net.NeighborMac);

    internal SendStatus Send(Ipv4Address to, ReadOnlySpan<byte> payload, ushort port = 9, PacketOptions? options = null) =>
        Send(new UdpFlow(Ipv4Address.Any, 4000, to, port), payload, options);

    /// <summary>Sends as a sender does who does not wait.</summary>
    internal SendStatus Send(UdpFlow flow, ReadOnlySpan<byte> payload, PacketOptions? options = null)
    {
        SendProgress progress = default;
        SendStatus status = Udp.Send(flow, options ?? PacketOptions.Default, payload, ref progress);
        if (status != SendStatus.Sent && progress.IsPartial)
            Udp.Abandon(progress);
        return status;
    }

    /// <summary>Lets time pass and does what is due then.</summary>
    internal void Pass(TimeSpan time)
    {
        Time.Advance(time);
        Stack.Tick();
    }

    internal void PassSeconds(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>That a frame has exactly one fate, and that it is this one.</summary>
    internal void AssertDrops(MemifDropReason reason, byte[] frame)
    {
        (long before, long settled) = (Counters.Drops(reason), FramesSettled);
        Receive(frame);
        Assert.Equal((before + 1, settled + 1), (Counters.Drops(reason), FramesSettled));
    }

    /// <summary>Every frame and datagram so far has exactly one fate: the balances of <see cref="InterfaceCounters"/>.</summary>
    internal void AssertBalances()
    {
        Assert.Equal(Counters.FramesReceived, FramesSettled);
        Assert.Equal(Stack.Reassembler.Count > 0, Stack.Reassembler.Bytes > 0);

        // After that, little is parked any more.
        for (int i = 0; i < NeighborCache.MaxRequests; i++)
            Pass(NeighborCache.RequestInterval);
        long onTheRing = Link.Queues.Sum(queue => queue.Frames);
        Assert.Equal(
            Counters.DatagramsSent - Counters.DatagramsLooped + Counters.MessagesMade + Counters.FragmentsMade,
            onTheRing + Stack.Arp.Neighbors.ParkedFrames + s_dropsOnTransmit.Sum(Counters.Drops));
    }
}

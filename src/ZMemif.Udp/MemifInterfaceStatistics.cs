using System.Collections.ObjectModel;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Link;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <summary>
/// What happened on an interface since it was opened: a snapshot, whose numbers are read one after the other. While nothing is under
/// way, nothing is missing:
/// <list type="bullet">
/// <item><c>RingFramesReceived + DatagramsLooped + DatagramsCopied = FramesConsumed + DatagramsDelivered + FragmentsAbsorbed +
/// PacketsIncomplete + DroppedOnReceive</c></item>
/// <item><c>DatagramsSent − DatagramsLooped + MessagesMade + FragmentsMade = RingFramesTransmitted + FramesParked +
/// DroppedOnTransmit</c></item>
/// </list>
/// With <see cref="MemifInterfaceOptions.Faults"/> the ring's numbers are as their comments say. What was delivered, but not read
/// before its socket was closed, is counted a second time under <see cref="MemifDropReason.SocketClosed"/>, which is in neither sum.
/// </summary>
public sealed class MemifInterfaceStatistics
{
    internal MemifInterfaceStatistics(IpStack stack, ILink link)
    {
        InterfaceCounters counters = stack.Counters;
        var faults = link as FaultLink;
        ILink ring = faults?.Inner ?? link;
        RingFramesReceived = ring.Receivers.Sum(receiver => receiver.Frames);
        RingFramesTransmitted = ring.Transmitters.Sum(transmitter => transmitter.Frames);
        FaultsOnReceive = new MemifFaultCounts(faults?.OnReceive);
        FaultsOnTransmit = new MemifFaultCounts(faults?.OnTransmit);
        FramesConsumed = counters.FramesConsumed;
        DatagramsDelivered = counters.DatagramsDelivered;
        DatagramsSent = counters.DatagramsSent;
        DatagramsLooped = counters.DatagramsLooped;
        DatagramsCopied = counters.DatagramsCopied;
        MessagesMade = counters.MessagesMade;
        FragmentsAbsorbed = counters.FragmentsAbsorbed;
        FragmentsMade = counters.FragmentsMade;
        AddressConflicts = counters.AddressConflicts;
        PacketsIncomplete = stack.Reassembler.Count;
        FramesParked = stack.Arp.Neighbors.ParkedFrames;
        Drops = Enum.GetValues<MemifDropReason>().ToDictionary(reason => reason, counters.Drops).AsReadOnly();
    }

    /// <summary>
    /// Frames taken off the receive rings. Of them the host has seen <c>RingFramesReceived + FaultsOnReceive.Duplicated −
    /// FaultsOnReceive.Lost − FaultsOnReceive.Held</c>.
    /// </summary>
    public long RingFramesReceived { get; }

    /// <summary>
    /// Frames put on the transmit rings. The host has sent <c>RingFramesTransmitted − FaultsOnTransmit.Duplicated +
    /// FaultsOnTransmit.Lost + FaultsOnTransmit.Held</c>.
    /// </summary>
    public long RingFramesTransmitted { get; }

    /// <summary>What <see cref="MemifInterfaceOptions.Faults"/> did to frames between the receive rings and the host.</summary>
    public MemifFaultCounts FaultsOnReceive { get; }

    /// <summary>What <see cref="MemifInterfaceOptions.Faults"/> did to frames between the host and the transmit rings.</summary>
    public MemifFaultCounts FaultsOnTransmit { get; }

    /// <summary>Received frames that the host itself used up: ARP, IGMP, echo requests, ICMP errors.</summary>
    public long FramesConsumed { get; }

    /// <summary>Datagrams put into a socket's receive buffer, from the link or looped back.</summary>
    public long DatagramsDelivered { get; }

    /// <summary>Datagrams accepted from sockets for sending.</summary>
    public long DatagramsSent { get; }

    /// <summary>Of the datagrams sent, those to local addresses, which never reach the ring.</summary>
    public long DatagramsLooped { get; }

    /// <summary>
    /// Copies made of datagrams to a group or a broadcast address: one less than the sockets that each was for, and one for each
    /// socket that heard what a socket of this interface has sent. Each copy is delivered or dropped by itself.
    /// </summary>
    public long DatagramsCopied { get; }

    /// <summary>ARP, ICMP and IGMP messages that the host made on its own account.</summary>
    public long MessagesMade { get; }

    /// <summary>Received frames that were further fragments of a packet: the packet counts as one frame.</summary>
    public long FragmentsAbsorbed { get; }

    /// <summary>Frames sent beyond one per packet, because packets were cut into fragments.</summary>
    public long FragmentsMade { get; }

    /// <summary>ARP packets in which another station claimed the own address (RFC 5227).</summary>
    public long AddressConflicts { get; }

    /// <summary>Packets of which fragments have come, and are waited for.</summary>
    public long PacketsIncomplete { get; }

    /// <summary>Frames that wait for the address of their next hop.</summary>
    public long FramesParked { get; }

    /// <summary>How many of the <see cref="Drops"/> are of what came in.</summary>
    public long DroppedOnReceive =>
        Drops.Sum(drop => InterfaceCounters.IsOnTransmit(drop.Key) || drop.Key == MemifDropReason.SocketClosed ? 0 : drop.Value);

    /// <summary>How many of the <see cref="Drops"/> are of what was to go out.</summary>
    public long DroppedOnTransmit => Drops.Sum(drop => InterfaceCounters.IsOnTransmit(drop.Key) ? drop.Value : 0);

    /// <summary>What died, by reason; every reason is a key.</summary>
    public ReadOnlyDictionary<MemifDropReason, long> Drops { get; }
}

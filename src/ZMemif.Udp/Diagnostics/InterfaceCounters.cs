namespace ZMemif.Udp.Diagnostics;

/// <summary>
/// What happened on an interface, by name. Any thread may count. While nothing is under way, these hold:
/// <list type="bullet">
/// <item><c>frames received + datagrams looped + datagrams copied = frames consumed + datagrams delivered + Σ drops on receipt + fragments absorbed +
/// packets incomplete</c></item>
/// <item><c>datagrams sent − datagrams looped + messages made + fragments made = frames on the rings + parked + Σ drops on
/// transmit</c></item>
/// </list>
/// Of a packet in n fragments, n − 1 are absorbed: their fate is that of the packet, which counts as one frame, incomplete at
/// first, and then consumed, delivered or dropped as any other; dropped once, however many had come. A packet that is sent in n
/// fragments makes n − 1 frames more than it counts for; one that waits for its neighbor waits whole, as one frame.
/// A datagram for n sockets, to a group or a broadcast address, is delivered or dropped n times, so it counts as n − 1 copies more;
/// if this host sends it to the link as well, all n are copies.
/// Drops on transmit are <see cref="MemifDropReason.AnswerNotSent"/> and <see cref="MemifDropReason.AnswerLimited"/>, those of neighbors and of what is parked for them,
/// <see cref="MemifDropReason.PartialDatagram"/> and <see cref="MemifDropReason.NoLink"/>. <see cref="MemifDropReason.SocketClosed"/> is in no balance: it is a
/// datagram's second fate, after its delivery. All others are drops on receipt. Where faults are injected, frames received are
/// those that came out of them, and frames on the rings those that went into them; the faults' own counters tell the rest.
/// </summary>
internal sealed class InterfaceCounters
{
    private static readonly int s_reasons = Enum.GetValues<MemifDropReason>().Length;

    private readonly long[] _drops = new long[s_reasons];
    private long _framesReceived;
    private long _framesConsumed;
    private long _messagesMade;
    private long _datagramsDelivered;
    private long _datagramsSent;
    private long _datagramsLooped;
    private long _datagramsCopied;
    private long _addressConflicts;
    private long _fragmentsAbsorbed;
    private long _fragmentsMade;

    /// <summary>Whether what dies of this was to go out.</summary>
    internal static bool IsOnTransmit(MemifDropReason reason) => reason is MemifDropReason.AnswerNotSent or MemifDropReason.AnswerLimited
        or MemifDropReason.NeighborUnreachable or MemifDropReason.NeighborQueueFull or MemifDropReason.NeighborTableFull
        or MemifDropReason.ParkedNotSent or MemifDropReason.PartialDatagram or MemifDropReason.NoLink;

    internal long FramesReceived => Volatile.Read(ref _framesReceived);

    /// <summary>
    /// Frames that a protocol of this host used up: ARP, IGMP, echo requests whether or not the answer could be sent, and ICMP
    /// errors about what a socket has sent.
    /// </summary>
    internal long FramesConsumed => Volatile.Read(ref _framesConsumed);

    /// <summary>ARP, ICMP and IGMP messages that this host made on its own account, whether or not they could be sent.</summary>
    internal long MessagesMade => Volatile.Read(ref _messagesMade);

    internal long DatagramsDelivered => Volatile.Read(ref _datagramsDelivered);

    internal long DatagramsSent => Volatile.Read(ref _datagramsSent);

    internal long DatagramsLooped => Volatile.Read(ref _datagramsLooped);

    /// <summary>Copies made of datagrams for more than one socket.</summary>
    internal long DatagramsCopied => Volatile.Read(ref _datagramsCopied);

    /// <summary>ARP packets, consumed ones, in which another station claimed the own address (RFC 5227 §2.4).</summary>
    internal long AddressConflicts => Volatile.Read(ref _addressConflicts);

    /// <summary>Fragments that belong to a packet of which another one had come before.</summary>
    internal long FragmentsAbsorbed => Volatile.Read(ref _fragmentsAbsorbed);

    /// <summary>Fragments that were sent, less one for each packet that was cut.</summary>
    internal long FragmentsMade => Volatile.Read(ref _fragmentsMade);

    internal void Drop(MemifDropReason reason) => Interlocked.Increment(ref _drops[(int)reason]);

    internal long Drops(MemifDropReason reason) => Volatile.Read(ref _drops[(int)reason]);

    internal void FrameReceived() => Interlocked.Increment(ref _framesReceived);

    internal void FrameConsumed() => Interlocked.Increment(ref _framesConsumed);

    internal void MessageMade() => Interlocked.Increment(ref _messagesMade);

    internal void DatagramDelivered() => Interlocked.Increment(ref _datagramsDelivered);

    internal void DatagramSent(int count = 1) => Interlocked.Add(ref _datagramsSent, count);

    internal void DatagramLooped() => Interlocked.Increment(ref _datagramsLooped);

    internal void DatagramCopied() => Interlocked.Increment(ref _datagramsCopied);

    internal void FragmentAbsorbed() => Interlocked.Increment(ref _fragmentsAbsorbed);

    internal void FragmentMade(int count) => Interlocked.Add(ref _fragmentsMade, count);

    internal void AddressConflict() => Interlocked.Increment(ref _addressConflicts);
}

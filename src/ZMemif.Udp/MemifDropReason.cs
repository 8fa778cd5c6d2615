namespace ZMemif.Udp;

/// <summary>Why a frame, packet or datagram died. Each death is counted under exactly one of these.</summary>
public enum MemifDropReason
{
    /// <summary>The frame is shorter than its headers say.</summary>
    Truncated,

    /// <summary>The frame's destination is another station's address.</summary>
    OtherStation,

    /// <summary>The frame carries a protocol that this host does not speak.</summary>
    UnknownEtherType,

    /// <summary>An ARP packet that is not for IPv4 over Ethernet, or makes no sense.</summary>
    BadArp,

    /// <summary>An IPv4 header with a wrong version, length or checksum (RFC 791).</summary>
    BadIpHeader,

    /// <summary>A source address that nobody can have, or our own coming from outside (RFC 1122 §3.2.1.3).</summary>
    BadSource,

    /// <summary>The packet's destination is no address of this interface, and no group that a socket has joined for that source.</summary>
    NotForUs,

    /// <summary>A fragment of impossible length: without data, or not the last one and not of whole units of eight bytes (RFC 791 §3.2).</summary>
    BadFragment,

    /// <summary>The packet carries a protocol that this host does not speak.</summary>
    UnknownProtocol,

    /// <summary>An ICMP message with a wrong length or checksum, or an error that quotes nothing it could be about (RFC 792).</summary>
    BadIcmp,

    /// <summary>A UDP header with an impossible length (RFC 768).</summary>
    BadUdpLength,

    /// <summary>A wrong UDP checksum.</summary>
    BadUdpChecksum,

    /// <summary>No socket is bound to the destination port and address.</summary>
    NoSocket,

    /// <summary>The socket's receive buffer was full.</summary>
    ReceiveBufferFull,

    /// <summary>The socket was closed before the datagram was read.</summary>
    SocketClosed,

    /// <summary>A message that this host wanted to send on its own account found the ring full or the link down.</summary>
    AnswerNotSent,

    /// <summary>The next hop did not answer ARP in time, or did not a short while ago.</summary>
    NeighborUnreachable,

    /// <summary>More datagrams waited for one neighbor's address than are kept, by number or by bytes; the oldest went.</summary>
    NeighborQueueFull,

    /// <summary>As many neighbors are being resolved, or are in use, as the table holds.</summary>
    NeighborTableFull,

    /// <summary>A datagram that waited for its neighbor found the ring full, or the link down, when the answer came.</summary>
    ParkedNotSent,

    /// <summary>The interface has no link (Loopback=true), and the destination is not local.</summary>
    NoLink,

    /// <summary>
    /// An IGMP message with a wrong checksum or length, of an unknown type, or with a time to live other than 1 (RFC 3376 §4); or a
    /// query that came to a place where nobody asks for that (§4.1.12).
    /// </summary>
    BadIgmp,

    /// <summary>A packet with a source route, which lets its sender pass for somebody else (RFC 7126 §4.3, §4.4).</summary>
    SourceRouted,

    /// <summary>A first fragment that does not hold the transport header (RFC 1858 §3).</summary>
    FragmentTooShort,

    /// <summary>A fragment that would make its packet longer than 65,535 bytes.</summary>
    FragmentTooLong,

    /// <summary>A fragment that had come before, the same in every byte; its packet lives on.</summary>
    FragmentDuplicate,

    /// <summary>A packet two of whose fragments overlap and are not the same (RFC 5722).</summary>
    FragmentOverlap,

    /// <summary>A packet with two ends, or with something behind its end.</summary>
    FragmentLengthChanged,

    /// <summary>A packet of which something was missing after the time that its fragments are kept (RFC 1122 §3.3.2).</summary>
    ReassemblyTimeout,

    /// <summary>
    /// An incomplete packet had to give way to others. If its source had too many of them, or held most of too much memory, it was the
    /// oldest of that source; else the oldest of all.
    /// </summary>
    ReassemblyFull,

    /// <summary>A datagram of which a part had been sent when its sender gave up; the ring could not hold all its fragments at once.</summary>
    PartialDatagram,

    /// <summary>An ICMP message to a broadcast address or a group: nobody answers these, or they would be multiplied.</summary>
    IcmpToBroadcast,

    /// <summary>An ICMP error about a packet that no socket of this host has sent.</summary>
    IcmpUnmatched,

    /// <summary>An answer to an echo request; this host sends none.</summary>
    IcmpEchoReply,

    /// <summary>An ICMP source quench, which no host may act on any more (RFC 6633).</summary>
    IcmpSourceQuench,

    /// <summary>An ICMP redirect; routes are what the user says.</summary>
    IcmpRedirect,

    /// <summary>An ICMP message of a type that this host has no use for.</summary>
    IcmpUnknownType,

    /// <summary>An echo request to an address that is shared: its other holder answers it.</summary>
    SharedAddress,

    /// <summary>An ICMP message that this host would have sent; it had sent many just before, in all or to that destination.</summary>
    AnswerLimited,
}

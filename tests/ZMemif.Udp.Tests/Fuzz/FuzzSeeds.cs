using System.Buffers.Binary;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Fuzz;

/// <summary>Good frames, and some that are odd on purpose, of which the others are made.</summary>
internal static class FuzzSeeds
{
    internal static readonly Ipv4Address SourceGroup = Ipv4Address.Parse("239.1.2.4");

    internal static readonly byte[][] All =
    [
        .. FrameKinds.All.Values.Select(make => make()),
        Frames.Udp("connected"u8, port: 8),
        Frames.Udp("closed port"u8, port: 99),
        Frames.Udp("from far away"u8, source: Net.Outside),
        Frames.Udp("to a group"u8, destination: Net.Group, to: MacAddress.ForMulticast(Net.Group)),
        Frames.Udp("from one source"u8, port: 9, destination: SourceGroup, to: MacAddress.ForMulticast(SourceGroup)),
        Frames.Udp("to everybody"u8, destination: Ipv4Address.Broadcast, to: MacAddress.Broadcast),
        Frames.Udp(new byte[1472]),
        Frames.Echo("hello"u8, destination: Net.DirectedBroadcast),
        Frames.Echo("hello"u8, source: Net.Outside),
        Frames.Echo(new byte[3000]),
        .. Errors(),
        Frames.Icmp(IcmpType.Redirect, 1, Frames.Quote()),
        Frames.Icmp(IcmpType.SourceQuench, 0, Frames.Quote()),
        Frames.Icmp(IcmpType.EchoReply, 0, "hello"u8),
        Frames.Icmp((IcmpType)13, 0, new byte[12]),
        .. Igmp(),
        Frames.Ip(IpProtocol.Tcp, new byte[20]),
        Frames.Arp(ArpOperation.Request, sender: Ipv4Address.Any),
        Frames.Arp(ArpOperation.Request, sender: Net.Own, senderMac: Net.OtherMac),
        Frames.Arp(ArpOperation.Reply, sender: Ipv4Address.Parse("192.0.2.77"), to: Net.OwnMac),
        .. Fragments.Cut(Frames.Udp(new byte[40]), 16),
        .. Fragments.Cut(Frames.Echo(new byte[40]), 24, identification: 2),
        Fragments.Make(new byte[24], 8, isLast: false),
        Fragments.Make(new byte[8], 65_000, isLast: true),
        Fragments.Make(new byte[16], 65_520, isLast: true),
        Fragments.Make(new byte[4], 0, isLast: false),
        Frames.Ethernet(EtherType.Vlan, new byte[46]),
        Frames.Ethernet(EtherType.IPv6, new byte[46]),
    ];

    /// <summary>Fragments that together are a good packet each.</summary>
    internal static readonly byte[][][] Series =
    [
        Fragments.Cut(Frames.Udp(new byte[200]), 64),
        Fragments.Cut(Frames.Udp(new byte[3000], port: 8), 1480),
        Fragments.Cut(Frames.Udp(new byte[100], port: 99), 40),
        Fragments.Cut(Frames.Udp(new byte[100], destination: Net.Group), 40),
        Fragments.Cut(Frames.Echo(new byte[100]), 40),
        Fragments.Cut(Query(12, Net.Group, to: Net.Group), 8),
        Fragments.Cut(Frames.Udp(new byte[65507]), 16000),
    ];

    /// <summary>An IGMP message of any kind.</summary>
    internal static byte[] IgmpMessage(IgmpType type, byte code, Ipv4Address group, int length, Ipv4Address to)
    {
        byte[] message = new byte[length];
        (message[0], message[1]) = ((byte)type, code);
        group.Write(message.AsSpan(4));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Finish(InternetChecksum.Sum(message)));
        return Frames.Igmp(message, to);
    }

    private static byte[] Query(int length, Ipv4Address group, Ipv4Address to) => IgmpMessage(IgmpType.MembershipQuery, 10, group, length, to);

    private static IEnumerable<byte[]> Errors() =>
        from kind in new (IcmpType Type, byte Code)[] { (IcmpType.DestinationUnreachable, 3), (IcmpType.DestinationUnreachable, 4), (IcmpType.TimeExceeded, 0), (IcmpType.ParameterProblem, 0) }
        from port in new ushort[] { 7, 8, 99 }
        select Frames.Icmp(kind.Type, kind.Code, Frames.Quote(fromPort: port), rest: 1000);

    private static IEnumerable<byte[]> Igmp() =>
    [
        Query(8, Ipv4Address.Any, Ipv4Address.Parse("224.0.0.1")),
        Query(12, Ipv4Address.Any, Ipv4Address.Parse("224.0.0.1")),
        Query(12, Net.Group, Net.Group),
        Query(12, Net.Group, Net.Own),
        IgmpMessage(IgmpType.ReportV2, 0, Net.Group, 8, Net.Group),
        IgmpMessage(IgmpType.LeaveV2, 0, Net.Group, 8, Net.Group),
        IgmpMessage((IgmpType)0x13, 0, Net.Group, 8, Net.Group),
    ];
}

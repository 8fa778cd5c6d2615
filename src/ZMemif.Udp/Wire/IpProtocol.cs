namespace ZMemif.Udp.Wire;

/// <summary>What an IPv4 packet carries: the protocol field of RFC 791 §3.1.</summary>
internal enum IpProtocol : byte
{
    Icmp = 1,
    Igmp = 2,
    Tcp = 6,
    Udp = 17,
}

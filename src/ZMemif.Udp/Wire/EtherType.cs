namespace ZMemif.Udp.Wire;

/// <summary>What an Ethernet frame carries. Values below 0x0600 are 802.3 lengths, not types.</summary>
internal enum EtherType : ushort
{
    IPv4 = 0x0800,
    Arp = 0x0806,
    Vlan = 0x8100,
    IPv6 = 0x86DD,
}

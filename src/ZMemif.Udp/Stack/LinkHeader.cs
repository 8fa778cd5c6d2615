using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>What stands before a packet on the link: an Ethernet header, or nothing where stations have no addresses (memif's IP mode).</summary>
internal sealed class LinkHeader(StackIdentity identity)
{
    /// <summary>In bytes.</summary>
    internal int Length { get; } = identity.HasStations ? EthernetFrame.HeaderLength : 0;

    internal void Write(Span<byte> frame, MacAddress to, EtherType type)
    {
        if (Length > 0)
            EthernetFrame.WriteHeader(frame, to, identity.Mac, type);
    }
}

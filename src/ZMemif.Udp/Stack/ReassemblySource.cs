using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>Who sends packets that are incomplete.</summary>
internal sealed class ReassemblySource(Ipv4Address address) : MemoryHolder
{
    internal Ipv4Address Address => address;

    /// <summary>Oldest first.</summary>
    internal LinkedList<ReassemblyEntry> Packets { get; } = [];
}

using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Benchmarks;

/// <summary>A whole stack on a <see cref="BenchLink"/>, 10.0.0.1/8.</summary>
internal sealed class BenchHost
{
    internal static readonly Ipv4Address Address = Ipv4Address.Parse("10.0.0.1");
    internal static readonly MacAddress Mac = MacAddress.Parse("02:00:0a:00:00:01");

    internal BenchHost()
    {
        var identity = new StackIdentity(new Ipv4Prefix(Address, 8), Gateway: null, Mac, Mtu: 1500);
        Stack = new IpStack(identity, Link, Ports, Counters, TimeProvider.System, TimeSpan.FromSeconds(1), () => { }, () => { });
    }

    internal BenchLink Link { get; } = new();

    internal PortTable Ports { get; } = new(32768, 60999);

    internal InterfaceCounters Counters { get; } = new();

    internal IpStack Stack { get; }

    /// <summary>Neighbors' addresses follow each other.</summary>
    internal static Ipv4Address Neighbor(int number) => new(Address.Value + 1 + (uint)number);

    /// <summary>Neighbors that ask for this host, and so are learned. No time passes for them, so that they stay.</summary>
    internal void LearnNeighbors(int count)
    {
        Span<byte> packet = stackalloc byte[ArpPacket.Length];
        for (int i = 0; i < count; i++)
        {
            ArpPacket.Write(packet, ArpOperation.Request, StationOf(i), Neighbor(i), MacAddress.Zero, Address);
            Stack.Arp.Handle(packet);
        }
    }

    /// <summary>Neighbors that are set for good.</summary>
    internal void SetNeighbors(int count)
    {
        for (int i = 0; i < count; i++)
            Stack.Arp.SetPermanent(Neighbor(i), StationOf(i));
    }

    private static MacAddress StationOf(int number) => new(0x0200_0B00_0000 + (ulong)number);
}

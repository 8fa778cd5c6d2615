using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>One good frame of each kind, for a host that listens on port 7.</summary>
internal static class FrameKinds
{
    internal static readonly Dictionary<string, Func<byte[]>> All = new()
    {
        ["datagram"] = () => Frames.Udp("hello"u8),
        ["empty datagram"] = () => Frames.Udp([]),
        ["long datagram"] = () => Frames.Udp(new byte[300]),
        ["datagram with options"] = () => Frames.WithOptions(Frames.Udp("hello"u8)),
        ["broadcast datagram"] = () => Frames.Udp("hello"u8, destination: Net.DirectedBroadcast, to: MacAddress.Broadcast),
        ["echo request"] = () => Frames.Echo("hello"u8),
        ["arp request"] = () => Frames.Arp(ArpOperation.Request),
        ["arp reply"] = () => Frames.Arp(ArpOperation.Reply, to: Net.OwnMac),
    };

    /// <summary>Those that end in a socket; the host uses the others up itself.</summary>
    internal static readonly HashSet<string> Delivered =
        ["datagram", "empty datagram", "long datagram", "datagram with options", "broadcast datagram"];
}

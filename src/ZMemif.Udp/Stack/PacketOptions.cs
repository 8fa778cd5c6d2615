using System.Runtime.InteropServices;

namespace ZMemif.Udp.Stack;

/// <summary>What the sender of a packet may choose of its IPv4 header (RFC 791 §3.1, RFC 1122 §3.4), and of who gets it.</summary>
/// <param name="TimeToLive">How many routers it may pass.</param>
/// <param name="TypeOfService">The differentiated services field (RFC 2474).</param>
/// <param name="Discovery">Whether it may be cut on its way.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PacketOptions(byte TimeToLive, byte TypeOfService, PathMtuDiscovery Discovery)
{
    /// <summary>As on Linux, for UDP.</summary>
    internal static PacketOptions Default => new(64, 0, PathMtuDiscovery.Want);

    /// <summary>Only stations on the link are reached, no router is asked (SO_DONTROUTE).</summary>
    internal bool StaysOnLink { get; init; }

    /// <summary>In place of <see cref="TimeToLive"/> when it goes to a group (RFC 1112 §6.1); with 0 it stays in this host.</summary>
    internal byte MulticastTimeToLive { get; init; } = 1;

    /// <summary>Whether members in this host get what is sent to a group (RFC 1112 §6.1).</summary>
    internal bool MulticastLoopback { get; init; } = true;
}

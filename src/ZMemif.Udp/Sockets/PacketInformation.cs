using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Sockets;

/// <summary>Makes what the framework has no public constructor for. A test says whether it still has this one.</summary>
internal static class PacketInformation
{
    /// <summary>A datagram's destination, and the interface on which it came.</summary>
    internal static IPPacketInformation Create(Ipv4Address destination, int interfaceIndex) => New(destination.ToIPAddress(), interfaceIndex);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern IPPacketInformation New(IPAddress address, int networkInterface);
}

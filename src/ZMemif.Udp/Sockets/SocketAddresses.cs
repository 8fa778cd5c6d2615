using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Sockets;

/// <summary>IPv4 endpoints as Linux lays them out: struct sockaddr_in, ip(7).</summary>
internal static class SocketAddresses
{
    /// <summary>In bytes.</summary>
    internal const int Length = 16;

    private const int AddressOffset = 4;

    /// <summary>Writes an endpoint; the object is used again, whatever it held.</summary>
    internal static void Write(SocketAddress destination, UdpPeer peer)
    {
        destination.Size = Length;
        Span<byte> bytes = destination.Buffer.Span[..Length];
        bytes.Clear();
        bytes[0] = (byte)AddressFamily.InterNetwork; // AF_INET has the same number
        bytes[2] = (byte)(peer.Port >> 8);
        bytes[3] = (byte)peer.Port;
        peer.Address.Write(bytes[AddressOffset..]);
    }

    /// <summary>An endpoint in an object of its own.</summary>
    internal static SocketAddress Make(UdpPeer peer)
    {
        var made = new SocketAddress(AddressFamily.InterNetwork, Length);
        Write(made, peer);
        return made;
    }

    /// <summary>Reads an endpoint.</summary>
    internal static SocketError TryRead(SocketAddress source, out UdpPeer peer)
    {
        peer = default;
        if (source.Family != AddressFamily.InterNetwork)
            return SocketError.AddressFamilyNotSupported;
        if (source.Size < Length)
            return SocketError.InvalidArgument;
        ReadOnlySpan<byte> bytes = source.Buffer.Span;
        peer = new UdpPeer(Ipv4Address.Read(bytes[AddressOffset..]), (ushort)((bytes[2] << 8) | bytes[3]));
        return SocketError.Success;
    }
}

using System.Runtime.InteropServices;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// A datagram that waits to be read. Its buffer is rented: whoever takes the datagram out of the inbox returns it, by
/// <see cref="DatagramInbox.Return"/>, exactly once. The default is no datagram, but the end of them.
/// </summary>
/// <param name="Buffer">Rented; the payload is its first <paramref name="Length"/> bytes.</param>
/// <param name="Length">Bytes of payload.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="SourcePort">From which port.</param>
/// <param name="Destination">To which address.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QueuedDatagram(
    byte[] Buffer, int Length, Ipv4Address Source, ushort SourcePort, Ipv4Address Destination)
{
    internal ReadOnlySpan<byte> Payload => Buffer.AsSpan(0, Length);

    /// <summary>Who sent it.</summary>
    internal UdpPeer Sender => new(Source, SourcePort);
}

using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// A datagram that waits to be read. Its buffer is rented: whoever takes the datagram out of the receive buffer returns it, exactly
/// once. The default is no datagram, but the end of them.
/// </summary>
/// <param name="Buffer">Rented; the payload is its first <paramref name="Length"/> bytes.</param>
/// <param name="Length">Bytes of payload.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="SourcePort">From which port.</param>
/// <param name="Destination">To which address.</param>
/// <param name="DestinationPort">To which port.</param>
/// <param name="TimeToLive">How many routers it might have passed still.</param>
/// <param name="TypeOfService">Its differentiated services field.</param>
/// <param name="InterfaceIndex">On which interface it came; 0 if nobody wanted to know it then.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QueuedDatagram(
    byte[] Buffer,
    int Length,
    Ipv4Address Source,
    ushort SourcePort,
    Ipv4Address Destination,
    ushort DestinationPort,
    byte TimeToLive,
    byte TypeOfService,
    int InterfaceIndex)
{
    /// <param name="buffer">Holds the payload.</param>
    /// <param name="length">Bytes of payload.</param>
    /// <param name="datagram">The headers.</param>
    /// <param name="interfaceIndex">On which interface it came.</param>
    internal QueuedDatagram(byte[] buffer, int length, in ReceivedDatagram datagram, int interfaceIndex)
        : this(
            buffer,
            length,
            datagram.Source,
            datagram.SourcePort,
            datagram.Destination,
            datagram.DestinationPort,
            datagram.TimeToLive,
            datagram.TypeOfService,
            interfaceIndex)
    {
    }

    internal ReadOnlySpan<byte> Payload => Buffer.AsSpan(0, Length);

    /// <summary>Who sent it.</summary>
    internal UdpPeer Sender => new(Source, SourcePort);
}

using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Sends the frames that have waited for their neighbors: by the queue of their flow, so that what comes later stays behind them, and
/// cut if they are longer than their way takes (RFC 1191).
/// </summary>
internal sealed class ParkedOutput(LinkOutput output, PathMtuCache paths, InterfaceCounters counters)
{
    /// <summary>Whether this host says it on its own account, to whoever made it say so: that is ICMP. Sockets send nothing but UDP.</summary>
    internal static bool IsAnswer(byte[] frame) => Parse(frame).Protocol == IpProtocol.Icmp;

    /// <summary>Sends a frame, or counts it.</summary>
    /// <param name="station">The neighbor's station.</param>
    /// <param name="frame">An Ethernet frame with a whole IPv4 packet of this host.</param>
    internal void Send(MacAddress station, byte[] frame)
    {
        if (!TrySend(station, frame))
            counters.Drop(MemifDropReason.ParkedNotSent);
    }

    /// <returns>False when there is no room.</returns>
    internal bool TrySend(MacAddress station, byte[] frame)
    {
        station.Write(frame);
        Ipv4Packet packet = Parse(frame);
        ReadOnlySpan<byte> bytes = frame.AsSpan(EthernetFrame.HeaderLength);
        TransmitQueue queue = output.For(FlowHashOf(packet, bytes[packet.HeaderLength..]));
        int mtu = paths.For(packet.Destination).Bytes;
        return bytes.Length <= mtu ? queue.TrySend(frame) : output.Fragmenter.TrySend(queue, station, packet, bytes[packet.HeaderLength..], mtu);
    }

    private static Ipv4Packet Parse(byte[] frame)
    {
        ReadOnlySpan<byte> bytes = frame.AsSpan(EthernetFrame.HeaderLength);
        return Ipv4Packet.TryParse(bytes, bytes.Length, out Ipv4Packet packet) == Ipv4Error.None
            ? packet
            : throw new ArgumentException("This is not a packet of this host.", nameof(frame));
    }

    // The same as when it was sent: see UdpFlow.
    private static uint FlowHashOf(Ipv4Packet packet, ReadOnlySpan<byte> payload) =>
        packet.Protocol == IpProtocol.Udp && UdpPacket.TryParse(payload, payload.Length, out UdpPacket udp) == UdpError.None
            ? new UdpFlow(packet.Source, udp.SourcePort, packet.Destination, udp.DestinationPort).Hash
            : 0;
}

using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <content>Datagrams that leave together: with one lock, one store of the ring's index, and at most one wake-up of the peer.</content>
internal sealed partial class UdpProtocol
{
    /// <summary>
    /// Sends the first of several datagrams, as far as nothing is to be considered: to stations that are known, on one queue, each in
    /// one packet, from an array. What follows has to be sent by itself.
    /// </summary>
    /// <param name="source">Own address; any lets the route choose.</param>
    /// <param name="sourcePort">Own port.</param>
    /// <param name="peer">Where those go that do not say.</param>
    /// <param name="options">What the sender has chosen.</param>
    /// <param name="datagrams">The datagrams.</param>
    /// <param name="maxLength">The longest one that is allowed.</param>
    /// <returns>How many are on the ring.</returns>
    internal int SendRun(
        Ipv4Address source, ushort sourcePort, UdpPeer? peer, PacketOptions options, ReadOnlySpan<MemifDatagram> datagrams, int maxLength)
    {
        TransmitQueue? queue = null;
        foreach (ref readonly MemifDatagram datagram in datagrams)
        {
            UdpPeer to = datagram.RemoteEndPoint == default ? peer.GetValueOrDefault() : datagram.RemoteEndPoint.Peer;

            // Memory that is no array belongs to code of the user's, which must not run under the lock.
            if (!MemoryMarshal.TryGetArray<byte>(datagram.Buffer, out ArraySegment<byte> buffer) || (uint)datagram.Length > (uint)Math.Min(buffer.Count, maxLength))
                break;
            if (to.Port == 0 || !TryAddToRun(new UdpFlow(source, sourcePort, to.Address, to.Port), options, buffer.AsSpan(0, datagram.Length), ref queue))
                break;
        }

        int sent = queue?.CommitBurst() ?? 0;
        counters.DatagramSent(sent);
        return sent;
    }

    private bool TryAddToRun(UdpFlow flow, PacketOptions options, ReadOnlySpan<byte> payload, ref TransmitQueue? queue)
    {
        Route route = routes.Lookup(flow.Destination, flow.Source);
        if (route.Kind != RouteKind.Unicast || CanSend(route, flow.Source, flow.Destination, options, payload.Length) != SendStatus.Sent)
            return false;
        if (flow.Source.IsAny)
            flow = flow with { Source = route.Source };
        var header = new OutgoingHeader(route, IpProtocol.Udp, flow.Source, flow.Destination, options, flow.Hash);
        if (!ipv4.TryAddToRun(header, UdpPacket.HeaderLength + payload.Length, ref queue, out Span<byte> packet))
            return false;
        ushort checksum = CopyAndComputeChecksum(flow, payload, packet[UdpPacket.HeaderLength..]);
        UdpPacket.WriteHeader(packet, flow.SourcePort, flow.DestinationPort, payload.Length, checksum);
        return true;
    }
}

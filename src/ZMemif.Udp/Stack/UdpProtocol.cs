using System.Buffers;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>UDP (RFC 768, RFC 1122 §4.1): finds the socket for what comes in, and puts the header on what goes out.</summary>
internal sealed class UdpProtocol(
    RouteTable routes, PortTable ports, Ipv4Protocol ipv4, IcmpErrors errors, bool hasLink, InterfaceCounters counters)
{
    /// <summary>The longest payload that fits an IPv4 packet: 65,535 less both headers.</summary>
    internal const int MaxPayload = ushort.MaxValue - Ipv4Packet.MinHeaderLength - UdpPacket.HeaderLength;

    /// <summary>Takes one datagram from the link.</summary>
    /// <param name="ip">The checked IPv4 header.</param>
    /// <param name="header">A private copy of the datagram's first bytes.</param>
    /// <param name="ipPayload">The whole IP payload; volatile, so the UDP header in it is not looked at again.</param>
    /// <param name="mayComplain">It came for this host alone, so that its sender may be told when there is nobody at its port.</param>
    /// <param name="direct">The call for which it was taken off the link, if any.</param>
    internal void Handle(scoped Ipv4Packet ip, scoped ReadOnlySpan<byte> header, scoped ReadOnlySpan<byte> ipPayload, bool mayComplain, ref DirectReceive direct)
    {
        if (UdpPacket.TryParse(header, ip.PayloadLength, out UdpPacket udp) != UdpError.None)
        {
            counters.Drop(MemifDropReason.BadUdpLength);
            return;
        }

        var datagram = new ReceivedDatagram
        {
            Source = ip.Source,
            Destination = ip.Destination,
            SourcePort = udp.SourcePort,
            DestinationPort = udp.DestinationPort,
            Header = udp,
            IsFromLink = true,
        };
        IDatagramSink? sink = FindSink(datagram);
        ReadOnlySpan<byte> payload = ipPayload.Slice(UdpPacket.HeaderLength, udp.PayloadLength);
        Deliver(sink, datagram, payload, ref direct);
        if (sink is null && mayComplain && errors.MayComplain(ip.Source))
            Complain(ip, header, datagram, payload);
    }

    /// <summary>Whether a datagram of this length to this destination could be sent now, from any address and a full ring aside.</summary>
    internal SendStatus CanSend(Ipv4Address destination, PacketOptions options, int payloadLength) =>
        CanSend(routes.Lookup(destination), Ipv4Address.Any, destination, options, payloadLength);

    /// <param name="flow">From where to where.</param>
    /// <param name="options">What the sender has chosen.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="progress">
    /// How far the datagram has got, if it goes out in fragments. If it stays partial in the end, <see cref="Abandon"/> has to be called.
    /// </param>
    internal SendStatus Send(UdpFlow flow, PacketOptions options, ReadOnlySpan<byte> payload, ref SendProgress progress)
    {
        Route route = routes.Lookup(flow.Destination, flow.Source);
        SendStatus status = CanSend(route, flow.Source, flow.Destination, options, payload.Length);
        if (status != SendStatus.Sent)
            return status;

        if (flow.Source.IsAny)
            flow = flow with { Source = route.Source };
        status = route.Kind == RouteKind.Local ? Loop(flow, payload) : SendOut(route, flow, options, payload, ref progress);
        if (status == SendStatus.Sent)
            counters.DatagramSent();
        return status;
    }

    /// <summary>The rest of a datagram that went out in part will not be sent.</summary>
    internal void Abandon(SendProgress progress)
    {
        counters.DatagramSent();
        ipv4.Abandon(progress);
    }

    private SendStatus CanSend(Route route, Ipv4Address source, Ipv4Address destination, PacketOptions options, int payloadLength)
    {
        if (payloadLength > MaxPayload)
            return SendStatus.TooLong;
        if (route.Kind == RouteKind.None)
            return SendStatus.NoRoute;
        if (route.Kind == RouteKind.Local)
            return SendStatus.Sent;
        if (source.IsLoopback)
            return SendStatus.BadSource;
        var header = new OutgoingHeader(route, IpProtocol.Udp, source, destination, options, FlowHash: 0);
        return ipv4.CanSend(header, UdpPacket.HeaderLength + payloadLength);
    }

    private SendStatus Loop(UdpFlow flow, ReadOnlySpan<byte> payload)
    {
        var datagram = new ReceivedDatagram
        {
            Source = flow.Source,
            Destination = flow.Destination.IsAny ? Ipv4Address.Loopback : flow.Destination,
            SourcePort = flow.SourcePort,
            DestinationPort = flow.DestinationPort,
        };
        IDatagramSink? sink = FindSink(datagram);
        if (sink is { HoldsBack: true })
            return SendStatus.RingFull;
        counters.DatagramLooped();
        DirectReceive nobody = default;
        Deliver(sink, datagram, payload, ref nobody);
        if (sink is null && !datagram.Destination.IsMulticast && !datagram.Destination.IsBroadcast)
            FailSender(datagram);
        return SendStatus.Sent;
    }

    private SendStatus SendOut(Route route, UdpFlow flow, PacketOptions options, ReadOnlySpan<byte> payload, ref SendProgress progress)
    {
        if (!hasLink)
        {
            counters.Drop(MemifDropReason.NoLink);
            return SendStatus.Sent;
        }

        var header = new OutgoingHeader(route, IpProtocol.Udp, flow.Source, flow.Destination, options, flow.Hash);
        if (progress.IsPartial || !ipv4.Fits(header, UdpPacket.HeaderLength + payload.Length))
            return SendInFragments(header, flow, payload, ref progress);
        SendStatus status = ipv4.TryBegin(header, UdpPacket.HeaderLength + payload.Length, out OutgoingPacket packet);
        if (status != SendStatus.Sent)
            return status;
        ulong sum = InternetChecksum.CopyAndSum(payload, packet.Payload[UdpPacket.HeaderLength..]);
        ushort checksum = UdpPacket.ComputeChecksum(
            flow.Source, flow.Destination, flow.SourcePort, flow.DestinationPort, payload.Length, sum);
        UdpPacket.WriteHeader(packet.Payload, flow.SourcePort, flow.DestinationPort, payload.Length, checksum);
        return ipv4.Commit(packet);
    }

    // The first fragment has the checksum of all of them, so it is summed over the caller's memory before anything is written.
    private SendStatus SendInFragments(in OutgoingHeader header, UdpFlow flow, ReadOnlySpan<byte> payload, ref SendProgress progress)
    {
        ushort checksum = UdpPacket.ComputeChecksum(
            flow.Source, flow.Destination, flow.SourcePort, flow.DestinationPort, payload.Length, InternetChecksum.Sum(payload));
        Span<byte> head = stackalloc byte[UdpPacket.HeaderLength];
        UdpPacket.WriteHeader(head, flow.SourcePort, flow.DestinationPort, payload.Length, checksum);
        return ipv4.SendInFragments(header, head, payload, ref progress);
    }

    // Of a damaged datagram one does not complain: who knows who sent it.
    private void Complain(Ipv4Packet ip, ReadOnlySpan<byte> header, in ReceivedDatagram datagram, ReadOnlySpan<byte> payload)
    {
        int length = UdpPacket.HeaderLength + payload.Length;
        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        header[..UdpPacket.HeaderLength].CopyTo(copy);
        ulong sum = InternetChecksum.CopyAndSum(payload, copy.AsSpan(UdpPacket.HeaderLength));
        if (datagram.Verify(sum))
            errors.SendPortUnreachable(ip, copy.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(copy);
    }

    /// <summary>Inside the host nobody has to write an ICMP message to tell a sender that nobody was there.</summary>
    private void FailSender(in ReceivedDatagram datagram)
    {
        IDatagramSink? sender = ports.Find(datagram.Source, datagram.SourcePort, datagram.Destination, datagram.DestinationPort);
        if (sender is { Peer: not null })
            sender.Fail(IcmpError.PortUnreachable);
    }

    private IDatagramSink? FindSink(in ReceivedDatagram datagram) =>
        ports.Find(datagram.Destination, datagram.DestinationPort, datagram.Source, datagram.SourcePort);

    private void Deliver(IDatagramSink? sink, scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload, ref DirectReceive direct)
    {
        MemifDropReason? death = sink is null ? MemifDropReason.NoSocket : sink.Deliver(datagram, payload, ref direct);
        if (death is { } reason)
            counters.Drop(reason);
        else
            counters.DatagramDelivered();
    }
}

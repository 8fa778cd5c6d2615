using System.Buffers;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>UDP (RFC 768, RFC 1122 §4.1): finds the socket for what comes in, and puts the header on what goes out.</summary>
internal sealed partial class UdpProtocol(
    StackIdentity identity, RouteTable routes, PortTable ports, GroupTable groups, Ipv4Protocol ipv4, IcmpErrors errors, bool hasLink, InterfaceCounters counters)
{
    /// <summary>The longest payload that fits an IPv4 packet: 65,535 less both headers.</summary>
    internal const int MaxPayload = ushort.MaxValue - Ipv4Packet.MinHeaderLength - UdpPacket.HeaderLength;

    // RFC 768: the sender did not compute one.
    private const ushort NoChecksum = 0;

    private readonly UdpDelivery _delivery = new(identity, ports, groups, counters);

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
            TimeToLive = ip.TimeToLive,
            TypeOfService = ip.TypeOfService,
            Header = udp,
            IsVerified = identity.OffloadsChecksums,
        };
        ReadOnlySpan<byte> payload = ipPayload.Slice(UdpPacket.HeaderLength, udp.PayloadLength);
        bool hasSocket = _delivery.Deliver(datagram, payload, ref direct);
        if (!hasSocket && mayComplain && errors.MayComplain(ip.Source))
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
        status = route.Kind switch
        {
            RouteKind.Local => Loop(flow, payload),
            RouteKind.Unicast => SendOut(route, flow, options, payload, ref progress),
            _ => SendToMany(route, flow, options, payload, ref progress),
        };
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
        bool isRouted = route.Kind == RouteKind.Unicast && route.NextHop != destination;
        if (route.Kind == RouteKind.None || (isRouted && options.StaysOnLink))
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
        ReceivedDatagram datagram = Looped(flow);
        if (_delivery.HoldsBack(datagram))
            return SendStatus.RingFull;
        counters.DatagramLooped();
        DirectReceive nobody = default;
        if (!_delivery.Deliver(datagram, payload, ref nobody) && !_delivery.IsForMany(datagram.Destination))
            FailSender(datagram);
        return SendStatus.Sent;
    }

    // Sockets of this host hear a broadcast, and a group unless the sender does not want that, without the link's help.
    private SendStatus SendToMany(Route route, UdpFlow flow, PacketOptions options, ReadOnlySpan<byte> payload, ref SendProgress progress)
    {
        bool isToGroup = route.Kind == RouteKind.Multicast;
        bool isHeard = !isToGroup || (options.MulticastLoopback && groups.Accepts(flow.Destination, flow.Source));
        if (isToGroup && options.MulticastTimeToLive == 0)
            return StayInside(flow, isHeard, payload);
        ReceivedDatagram datagram = Looped(flow);
        if (isHeard && _delivery.HoldsBack(datagram))
            return SendStatus.RingFull;
        if (isToGroup)
            options = options with { TimeToLive = options.MulticastTimeToLive };
        SendStatus status = SendOut(route, flow, options, payload, ref progress);
        if (status == SendStatus.Sent && isHeard)
            _delivery.DeliverCopies(datagram, payload);
        return status;
    }

    private SendStatus StayInside(UdpFlow flow, bool isHeard, ReadOnlySpan<byte> payload)
    {
        if (isHeard)
            return Loop(flow, payload);
        counters.DatagramLooped();
        counters.Drop(MemifDropReason.NoSocket);
        return SendStatus.Sent;
    }

    private static ReceivedDatagram Looped(UdpFlow flow) => new()
    {
        IsVerified = true,
        Source = flow.Source,
        Destination = flow.Destination.IsAny ? Ipv4Address.Loopback : flow.Destination,
        SourcePort = flow.SourcePort,
        DestinationPort = flow.DestinationPort,
    };

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
        ushort checksum = CopyAndComputeChecksum(flow, payload, packet.Payload[UdpPacket.HeaderLength..]);
        UdpPacket.WriteHeader(packet.Payload, flow.SourcePort, flow.DestinationPort, payload.Length, checksum);
        return ipv4.Commit(packet);
    }

    // The first fragment has the checksum of all of them, so it is summed over the caller's memory before anything is written.
    private SendStatus SendInFragments(in OutgoingHeader header, UdpFlow flow, ReadOnlySpan<byte> payload, ref SendProgress progress)
    {
        ushort checksum = identity.OffloadsChecksums ? NoChecksum : ComputeChecksum(flow, payload.Length, InternetChecksum.Sum(payload));
        Span<byte> head = stackalloc byte[UdpPacket.HeaderLength];
        UdpPacket.WriteHeader(head, flow.SourcePort, flow.DestinationPort, payload.Length, checksum);
        return ipv4.SendInFragments(header, head, payload, ref progress);
    }

    private ushort CopyAndComputeChecksum(UdpFlow flow, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        if (!identity.OffloadsChecksums)
            return ComputeChecksum(flow, payload.Length, InternetChecksum.CopyAndSum(payload, destination));
        payload.CopyTo(destination);
        return NoChecksum;
    }

    private static ushort ComputeChecksum(UdpFlow flow, int length, ulong sum) =>
        UdpPacket.ComputeChecksum(flow.Source, flow.Destination, flow.SourcePort, flow.DestinationPort, length, sum);

    // Of a damaged datagram one does not complain: who knows who sent it.
    private void Complain(Ipv4Packet ip, ReadOnlySpan<byte> header, in ReceivedDatagram datagram, ReadOnlySpan<byte> payload)
    {
        int length = UdpPacket.HeaderLength + payload.Length;
        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        header[..UdpPacket.HeaderLength].CopyTo(copy);
        if (datagram.TryCopy(payload, copy.AsSpan(UdpPacket.HeaderLength)))
            errors.SendPortUnreachable(ip, copy.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(copy);
    }

    /// <summary>Inside the host nobody has to write an ICMP message to tell a sender that nobody was there.</summary>
    private void FailSender(in ReceivedDatagram datagram) =>
        ports.Find(datagram.Source, datagram.SourcePort, datagram.Destination, datagram.DestinationPort)?.Fail(IcmpError.PortUnreachable);
}

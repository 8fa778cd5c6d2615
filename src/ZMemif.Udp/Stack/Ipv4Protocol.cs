using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// IPv4 (RFC 791, RFC 1122 §3, RFC 6864): checks what comes in; puts headers on what goes out, finds the station it goes to,
/// and has it cut where it is longer than its way takes (RFC 1191).
/// </summary>
internal sealed class Ipv4Protocol(
    StackIdentity identity, LinkOutput output, NeighborCache neighbors, ParkedOutput parked, GroupTable groups, PathMtuCache paths, InterfaceCounters counters)
{
    private readonly int _headersLength = output.Header.Length + Ipv4Packet.MinHeaderLength;

    /// <summary>Checks a packet that came over the link; counts it when it dies.</summary>
    /// <param name="header">A private copy of the first bytes.</param>
    /// <param name="available">Bytes of the packet.</param>
    /// <param name="packet">The parsed header.</param>
    internal bool TryAccept(ReadOnlySpan<byte> header, int available, out Ipv4Packet packet)
    {
        MemifDropReason? death = Judge(Ipv4Packet.TryParse(header, available, out packet), packet);
        if (death is null)
            return true;
        counters.Drop(death.Value);
        return false;
    }

    /// <summary>Whether a packet with a payload of this length goes out as one.</summary>
    internal bool Fits(in OutgoingHeader header, int payloadLength) =>
        Ipv4Packet.MinHeaderLength + payloadLength <= PathOf(header).Bytes;

    /// <summary>Whether a packet with a payload of this length could be begun now, a full ring aside.</summary>
    internal SendStatus CanSend(in OutgoingHeader header, int payloadLength)
    {
        if (header.Options.Discovery == PathMtuDiscovery.Do && !Fits(header, payloadLength))
            return SendStatus.TooLong;
        return output.IsUp ? SendStatus.Sent : SendStatus.LinkDown;
    }

    /// <summary>Begins a packet of <paramref name="payloadLength"/> bytes behind the IPv4 header, which fits its way.</summary>
    internal SendStatus TryBegin(scoped in OutgoingHeader header, int payloadLength, out OutgoingPacket packet)
    {
        packet = default;
        SendStatus status = CanSend(header, payloadLength);
        if (status != SendStatus.Sent)
            return status;
        if (StationFor(header.Route) is not { } station)
        {
            byte[] waiting = NewWaiting(header, payloadLength);
            packet = new OutgoingPacket { Payload = waiting.AsSpan(_headersLength), Waiting = waiting, NextHop = header.Route.NextHop };
            return SendStatus.Sent;
        }

        TransmitQueue queue = output.For(header.FlowHash);
        if (!queue.TryReserve(_headersLength + payloadLength, out Span<byte> frame))
            return WhyNot(queue);
        WriteHeaders(frame, station, header);
        packet = new OutgoingPacket { Payload = frame[_headersLength..], Queue = queue };
        return SendStatus.Sent;
    }

    /// <summary>
    /// Reserves a packet behind others that leave with it by <see cref="TransmitQueue.CommitBurst"/>, if its station is known, it fits
    /// its way, and its queue is theirs.
    /// </summary>
    /// <param name="header">What is said of it.</param>
    /// <param name="payloadLength">Bytes behind the IPv4 header.</param>
    /// <param name="queue">The queue of the packets before, whose lock is held; set by the first.</param>
    /// <param name="payload">To be written at once.</param>
    internal bool TryAddToRun(scoped in OutgoingHeader header, int payloadLength, ref TransmitQueue? queue, out Span<byte> payload)
    {
        payload = default;

        // With the queue's lock held no neighbor may be asked for: that would send in the midst of the run, and take locks in another order.
        MacAddress? known = queue is null ? StationFor(header.Route) : StationInUse(header.Route);
        if (!Fits(header, payloadLength) || known is not { } station)
            return false;
        TransmitQueue own = output.For(header.FlowHash);
        int length = _headersLength + payloadLength;
        Span<byte> frame;
        if (queue is not null && queue != own)
            return false;
        if (!(queue is null ? own.TryReserve(length, out frame) : own.TryReserveNext(length, out frame)))
            return false;
        queue = own;
        WriteHeaders(frame, station, header);
        payload = frame[_headersLength..];
        return true;
    }

    internal SendStatus Commit(OutgoingPacket packet)
    {
        if (packet.Queue is { } queue)
            return queue.Commit() ? SendStatus.Sent : SendStatus.RingFull;
        if (neighbors.Park(packet.NextHop, packet.Waiting!) is { } station)
            return parked.TrySend(station, packet.Waiting!) ? SendStatus.Sent : SendStatus.RingFull;
        return SendStatus.Sent;
    }

    internal static void Discard(OutgoingPacket packet) => packet.Queue?.Discard();

    /// <summary>
    /// Sends a packet that does not fit its way. While its neighbor is not known it waits as a whole, so that none of its
    /// fragments is lost alone.
    /// </summary>
    /// <param name="header">What is said of it.</param>
    /// <param name="head">The first part of the payload: the 8 bytes of a transport header.</param>
    /// <param name="body">The rest of the payload.</param>
    /// <param name="progress">How far it has got. If it stays partial in the end, <see cref="Abandon"/> has to be called.</param>
    internal SendStatus SendInFragments(in OutgoingHeader header, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, ref SendProgress progress)
    {
        SendStatus status = CanSend(header, head.Length + body.Length);
        if (status != SendStatus.Sent)
            return status;
        if (StationFor(header.Route) is not { } station)
        {
            // It was known when the first of the fragments went.
            if (progress.IsPartial)
                return SendStatus.LinkDown;
            byte[] waiting = NewWaiting(header, head.Length + body.Length);
            head.CopyTo(waiting.AsSpan(_headersLength));
            body.CopyTo(waiting.AsSpan(_headersLength + head.Length));
            if (neighbors.Park(header.Route.NextHop, waiting) is not { } known)
                return SendStatus.Sent;
            station = known;
        }

        TransmitQueue queue = output.For(header.FlowHash);
        Ipv4HeaderFields fields = FieldsOf(header, Ipv4Packet.MinHeaderLength);
        status = output.Fragmenter.Send(queue, station, fields, head, body, PathOf(header).Bytes, ref progress);
        return status == SendStatus.RingFull ? WhyNot(queue) : status;
    }

    /// <summary>The rest of a packet that went out in part will not be sent.</summary>
    internal void Abandon(SendProgress progress) => output.Fragmenter.Abandon(progress);

    private SendStatus WhyNot(TransmitQueue queue) =>
        !output.IsUp ? SendStatus.LinkDown : queue.IsStalled ? SendStatus.Stalled : SendStatus.RingFull;

    private MemifDropReason? Judge(Ipv4Error error, Ipv4Packet packet)
    {
        if (error != Ipv4Error.None)
            return error is Ipv4Error.TooShort or Ipv4Error.Truncated ? MemifDropReason.Truncated : MemifDropReason.BadIpHeader;
        if (packet.Source.IsAny ? !MayBeNobody(packet) : IsImpossibleSource(packet.Source))
            return MemifDropReason.BadSource;
        if (!IsForUs(packet))
            return MemifDropReason.NotForUs;
        return packet.Options.IsEmpty ? null : JudgeOptions(packet.Options);
    }

    // RFC 7126 §4.3 and §4.4: a source route lets its sender pass for a neighbor of the last router.
    private static MemifDropReason? JudgeOptions(ReadOnlySpan<byte> options) => Ipv4Options.Check(options) switch
    {
        Ipv4OptionsError.Malformed => MemifDropReason.BadIpHeader,
        Ipv4OptionsError.SourceRoute => MemifDropReason.SourceRouted,
        _ => null,
    };

    // RFC 1122 §3.2.1.3: these never are source addresses on a link; our own would be a forgery (the "land" packet). Addresses of
    // 240/4, which that section forbids too, are in use since, and taken as Linux takes them.
    private bool IsImpossibleSource(Ipv4Address source) =>
        source == identity.Address || source.IsLoopback || source.IsMulticast || identity.IsBroadcast(source);

    // RFC 1122 §3.2.1.3: "this host on this network", of one that has no address yet, as with DHCP; and of switches that ask for
    // members (RFC 4541 §2.1.1). What has to stay on the link may be from nobody, as on Linux.
    private static bool MayBeNobody(Ipv4Packet packet) =>
        packet.Destination.IsBroadcast || packet.Destination.IsLocalMulticast || packet.Protocol == IpProtocol.Igmp;

    // Routers and other members are no sources of what is sent to a group, so the filter is not for them.
    private bool IsForUs(Ipv4Packet packet)
    {
        if (!packet.Destination.IsMulticast)
            return packet.Destination == identity.Address || identity.IsBroadcast(packet.Destination);
        return packet.Protocol == IpProtocol.Igmp ? groups.IsJoined(packet.Destination) : groups.Accepts(packet.Destination, packet.Source);
    }

    private MacAddress? StationFor(Route route) => route.Kind switch
    {
        _ when !identity.HasStations => MacAddress.Zero,
        RouteKind.Broadcast => MacAddress.Broadcast,
        RouteKind.Multicast => MacAddress.ForMulticast(route.NextHop),
        _ => neighbors.Find(route.NextHop),
    };

    private MacAddress? StationInUse(Route route) => !identity.HasStations ? MacAddress.Zero
        : route.Kind == RouteKind.Unicast ? neighbors.FindInUse(route.NextHop) : null;

    private PathMtu PathOf(in OutgoingHeader header) =>
        header.Route.Kind == RouteKind.Unicast ? paths.For(header.Destination) : new PathMtu(identity.Mtu, IsFloor: false);

    private byte[] NewWaiting(in OutgoingHeader header, int payloadLength)
    {
        byte[] waiting = new byte[_headersLength + payloadLength];
        WriteHeaders(waiting, MacAddress.Zero, header);
        return waiting;
    }

    private void WriteHeaders(Span<byte> frame, MacAddress station, in OutgoingHeader header)
    {
        int length = frame.Length - output.Header.Length;
        PathMtu path = PathOf(header);
        bool mustNotBeCut = length <= path.Bytes && header.Options.Discovery switch
        {
            PathMtuDiscovery.Do => true,
            PathMtuDiscovery.Want => !path.IsFloor,
            _ => false,
        };

        // RFC 6864 §4.1: what nobody cuts needs no identification.
        ushort identification = mustNotBeCut
            ? (ushort)0
            : output.Fragmenter.Identifications.Next(header.Source, header.Destination, header.Protocol);
        output.Header.Write(frame, station, EtherType.IPv4);
        Ipv4Packet.WriteHeader(
            frame[output.Header.Length..],
            FieldsOf(header, length) with { Identification = identification, DontFragment = mustNotBeCut });
    }

    private static Ipv4HeaderFields FieldsOf(in OutgoingHeader header, int totalLength) => new()
    {
        TotalLength = (ushort)totalLength,
        TimeToLive = header.Options.TimeToLive,
        TypeOfService = header.Options.TypeOfService,
        Protocol = header.Protocol,
        Source = header.Source,
        Destination = header.Destination,
    };
}

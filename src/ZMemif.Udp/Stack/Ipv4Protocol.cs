using System.Security.Cryptography;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// IPv4 (RFC 791, RFC 1122 §3): checks what comes in and hands it up; puts headers on what goes out and finds the
/// station it goes to. Fragments are dropped on receipt, and nothing is fragmented on sending, until there is a reassembler.
/// </summary>
internal sealed class Ipv4Protocol(
    StackIdentity identity, LinkOutput output, NeighborCache neighbors, InterfaceCounters counters)
{
    private const byte DefaultTimeToLive = 64;

    private int _identification = RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);

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

    /// <summary>Whether a packet with a payload of this length could be begun now, a full ring aside.</summary>
    internal SendStatus CanSend(int payloadLength)
    {
        if (Ipv4Packet.MinHeaderLength + payloadLength > identity.Mtu)
            return SendStatus.TooLong;
        return output.IsUp ? SendStatus.Sent : SendStatus.LinkDown;
    }

    /// <summary>Begins a packet of <paramref name="payloadLength"/> bytes behind the IPv4 header.</summary>
    internal SendStatus TryBegin(Route route, IpProtocol protocol, Ipv4Address source, Ipv4Address destination, int payloadLength, uint flowHash, out OutgoingPacket packet)
    {
        packet = default;
        SendStatus status = CanSend(payloadLength);
        if (status != SendStatus.Sent)
            return status;

        int length = EthernetFrame.HeaderLength + Ipv4Packet.MinHeaderLength + payloadLength;
        if (StationFor(route) is not { } station)
        {
            byte[] waiting = new byte[length];
            WriteHeaders(waiting, MacAddress.Zero, protocol, source, destination);
            packet = new OutgoingPacket { Payload = PayloadOf(waiting), Waiting = waiting, NextHop = route.NextHop };
            return SendStatus.Sent;
        }

        TransmitQueue queue = output.For(flowHash);
        if (!queue.TryReserve(length, out Span<byte> frame))
            return !output.IsUp ? SendStatus.LinkDown : queue.IsStalled ? SendStatus.Stalled : SendStatus.RingFull;
        WriteHeaders(frame, station, protocol, source, destination);
        packet = new OutgoingPacket { Payload = PayloadOf(frame), Queue = queue };
        return SendStatus.Sent;
    }

    internal SendStatus Commit(OutgoingPacket packet)
    {
        if (packet.Queue is { } queue)
            return queue.Commit() ? SendStatus.Sent : SendStatus.RingFull;
        if (neighbors.Park(packet.NextHop, packet.Waiting!) is { } station)
            return SendAfterAll(packet.Waiting!, station);
        return SendStatus.Sent;
    }

    internal static void Discard(OutgoingPacket packet) => packet.Queue?.Discard();

    private SendStatus SendAfterAll(byte[] frame, MacAddress station)
    {
        station.Write(frame);
        return output.For(0).TrySend(frame) ? SendStatus.Sent : SendStatus.RingFull;
    }

    private MemifDropReason? Judge(Ipv4Error error, Ipv4Packet packet)
    {
        if (error != Ipv4Error.None)
            return error is Ipv4Error.TooShort or Ipv4Error.Truncated ? MemifDropReason.Truncated : MemifDropReason.BadIpHeader;
        if (IsImpossibleSource(packet.Source))
            return MemifDropReason.BadSource;
        if (packet.Destination != identity.Address && !identity.IsBroadcast(packet.Destination))
            return MemifDropReason.NotForUs;
        return packet.IsFragment ? MemifDropReason.Fragment : null;
    }

    // RFC 1122 §3.2.1.3: these never are source addresses on a link; our own would be a forgery (the "land" packet).
    private bool IsImpossibleSource(Ipv4Address source) =>
        source == identity.Address || source.IsLoopback || source.IsMulticast || source.IsReserved || identity.IsBroadcast(source) || source.IsAny;

    private MacAddress? StationFor(Route route) => route.Kind switch
    {
        RouteKind.Broadcast => MacAddress.Broadcast,
        RouteKind.Multicast => MacAddress.ForMulticast(route.NextHop),
        _ => neighbors.Find(route.NextHop),
    };

    private void WriteHeaders(Span<byte> frame, MacAddress station, IpProtocol protocol, Ipv4Address source, Ipv4Address destination)
    {
        EthernetFrame.WriteHeader(frame, station, identity.Mac, EtherType.IPv4);
        Ipv4Packet.WriteHeader(frame[EthernetFrame.HeaderLength..], new Ipv4HeaderFields
        {
            TotalLength = (ushort)(frame.Length - EthernetFrame.HeaderLength),
            Identification = (ushort)Interlocked.Increment(ref _identification),
            DontFragment = true,
            TimeToLive = DefaultTimeToLive,
            Protocol = protocol,
            Source = source,
            Destination = destination,
        });
    }

    private static Span<byte> PayloadOf(Span<byte> frame) => frame[(EthernetFrame.HeaderLength + Ipv4Packet.MinHeaderLength)..];
}

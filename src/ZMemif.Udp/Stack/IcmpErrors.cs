using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Tells senders what became of their packets (RFC 792, RFC 1122 §3.2.2, RFC 1812 §4.3.2). Whoever calls makes sure that the
/// packet came for this host alone: never does one complain of a broadcast, nor of an ICMP message.
/// </summary>
internal sealed class IcmpErrors(StackIdentity identity, RouteTable routes, Ipv4Protocol ipv4, IcmpRateLimiter limiter, InterfaceCounters counters)
{
    /// <summary>As much of the packet is quoted as keeps the message within 576 bytes (RFC 1812 §4.3.2.3).</summary>
    internal const int MaxQuote = 576 - Ipv4Packet.MinHeaderLength - IcmpPacket.HeaderLength;

    // RFC 1812 §4.3.2.5: internetwork control. And as it may be cut, nobody has to be told when it is too long.
    private static readonly PacketOptions s_options = new(64, 0xC0, PathMtuDiscovery.Dont);

    /// <summary>Whether it is not too soon to complain again; if it is, that is counted.</summary>
    internal bool MayComplain(Ipv4Address to)
    {
        if (limiter.MaySendError(to))
            return true;
        counters.MessageMade();
        counters.Drop(MemifDropReason.AnswerLimited);
        return false;
    }

    /// <summary>There is nobody at that port.</summary>
    internal void SendPortUnreachable(Ipv4Packet packet, ReadOnlySpan<byte> payload) => Send(packet, payload, IcmpError.PortUnreachable);

    /// <summary>There is nobody for what the packet carries.</summary>
    internal void ComplainOfProtocol(Ipv4Packet packet, ReadOnlySpan<byte> payload)
    {
        if (MayComplain(packet.Source))
            Send(packet, payload, new IcmpError(IcmpType.DestinationUnreachable, (byte)IcmpUnreachableCode.Protocol));
    }

    /// <summary>The rest of a packet has not come in time.</summary>
    internal void ComplainOfGap(ReassemblyEntry entry)
    {
        ReadOnlySpan<byte> bytes = entry.Packet;
        bool isForUsAlone = !identity.IsShared && entry.Key.Destination == identity.Address;
        if (isForUsAlone && Ipv4Packet.TryParse(bytes, bytes.Length, out Ipv4Packet first) == Ipv4Error.None && MayComplain(first.Source))
            Send(first, bytes[first.HeaderLength..], new IcmpError(IcmpType.TimeExceeded, IcmpPacket.ReassemblyTimeExceeded));
    }

    private void Send(Ipv4Packet about, ReadOnlySpan<byte> payload, IcmpError error)
    {
        counters.MessageMade();
        if (!TrySend(about, payload[..Math.Min(payload.Length, MaxQuote - about.HeaderLength)], error))
            counters.Drop(MemifDropReason.AnswerNotSent);
    }

    private bool TrySend(Ipv4Packet about, ReadOnlySpan<byte> payload, IcmpError error)
    {
        int length = IcmpPacket.HeaderLength + about.HeaderLength + payload.Length;
        Route route = routes.Lookup(about.Source);
        var header = new OutgoingHeader(route, IpProtocol.Icmp, identity.Address, about.Source, s_options, FlowHash: 0);
        if (route.Kind != RouteKind.Unicast || !ipv4.Fits(header, length) || ipv4.TryBegin(header, length, out OutgoingPacket message) != SendStatus.Sent)
            return false;
        Span<byte> quote = message.Payload[IcmpPacket.HeaderLength..];
        ulong sum = InternetChecksum.CopyAndSum(about.Header, quote);
        sum = InternetChecksum.Add(sum, InternetChecksum.CopyAndSum(payload, quote[about.HeaderLength..]));
        IcmpPacket.WriteError(message.Payload, error.Type, error.Code, sum);
        return ipv4.Commit(message) == SendStatus.Sent;
    }
}

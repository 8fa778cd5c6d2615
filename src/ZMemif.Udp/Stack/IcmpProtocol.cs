using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>ICMP (RFC 792, RFC 1122 §3.2.2.6): answers echo requests to the own address.</summary>
internal sealed class IcmpProtocol(StackIdentity identity, RouteTable routes, Ipv4Protocol ipv4, InterfaceCounters counters)
{
    /// <summary>Takes one message.</summary>
    /// <param name="ip">The checked IPv4 header.</param>
    /// <param name="header">A private copy of the message's first bytes.</param>
    /// <param name="payload">What follows the 8 header bytes; volatile, so every byte is read once.</param>
    internal void Handle(Ipv4Packet ip, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        bool isEcho = IcmpPacket.TryParse(header, ip.PayloadLength, out IcmpPacket packet)
            && packet.Type == IcmpType.EchoRequest
            && ip.Destination == identity.Address;
        if (!isEcho)
            counters.Drop(MemifDropReason.BadIcmp);
        else
            Answer(ip, packet, payload);
    }

    private void Answer(Ipv4Packet ip, IcmpPacket request, ReadOnlySpan<byte> payload)
    {
        int length = IcmpPacket.HeaderLength + payload.Length;
        Route route = routes.Lookup(ip.Source);
        var header = new OutgoingHeader(route, IpProtocol.Icmp, identity.Address, ip.Source, PacketOptions.Default, FlowHash: 0);
        OutgoingPacket reply = default;
        bool canAnswer = route.Kind == RouteKind.Unicast
            && ipv4.Fits(header, length)
            && ipv4.TryBegin(header, length, out reply) == SendStatus.Sent;
        if (!canAnswer)
        {
            Count(isSent: false);
            return;
        }

        ulong sum = InternetChecksum.CopyAndSum(payload, reply.Payload[IcmpPacket.HeaderLength..]);
        if (!request.VerifyChecksum(sum))
        {
            Ipv4Protocol.Discard(reply);
            counters.Drop(MemifDropReason.BadIcmp);
            return;
        }

        IcmpPacket.WriteEchoReply(reply.Payload, request.Identifier, request.SequenceNumber, sum);
        Count(ipv4.Commit(reply) == SendStatus.Sent);
    }

    // The request is used up in any case; that the answer could not be sent is another death, on the way out.
    private void Count(bool isSent)
    {
        counters.FrameConsumed();
        counters.MessageMade();
        if (!isSent)
            counters.Drop(MemifDropReason.AnswerNotSent);
    }
}

using System.Buffers;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// ICMP (RFC 792, RFC 1122 §3.2.2): answers echo requests to the own address, and takes errors to the sockets whose datagrams
/// they are about.
/// </summary>
internal sealed class IcmpProtocol(
    StackIdentity identity, RouteTable routes, PortTable ports, Ipv4Protocol ipv4, PathMtuCache paths, IcmpRateLimiter limiter, InterfaceCounters counters)
{
    /// <summary>Takes one message.</summary>
    /// <param name="ip">The checked IPv4 header.</param>
    /// <param name="header">A private copy of the message's first bytes.</param>
    /// <param name="payload">What follows the 8 header bytes; volatile, so every byte is read once.</param>
    internal void Handle(Ipv4Packet ip, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        if (!IcmpPacket.TryParse(header, ip.PayloadLength, out IcmpPacket message))
        {
            counters.Drop(MemifDropReason.BadIcmp);
            return;
        }

        byte[] copy = ArrayPool<byte>.Shared.Rent(payload.Length);
        ulong sum = InternetChecksum.CopyAndSum(payload, copy);
        if (message.VerifyChecksum(sum))
            Handle(ip, message, copy.AsSpan(0, payload.Length), sum);
        else
            counters.Drop(MemifDropReason.BadIcmp);
        ArrayPool<byte>.Shared.Return(copy);
    }

    private void Handle(Ipv4Packet ip, IcmpPacket message, ReadOnlySpan<byte> payload, ulong payloadSum)
    {
        if (ip.Destination != identity.Address)
        {
            // RFC 1122 §3.2.2.6: it may be left unanswered, and amplifies nothing then.
            counters.Drop(MemifDropReason.IcmpToBroadcast);
            return;
        }

        switch (message.Type)
        {
            case IcmpType.EchoRequest when identity.IsShared:
                counters.Drop(MemifDropReason.SharedAddress);
                break;
            case IcmpType.EchoRequest:
                counters.FrameConsumed();
                Answer(ip, message, payload, payloadSum);
                break;
            case IcmpType.DestinationUnreachable or IcmpType.TimeExceeded or IcmpType.ParameterProblem:
                HandleError(message, payload);
                break;
            default:
                counters.Drop(ReasonFor(message.Type));
                break;
        }
    }

    private static MemifDropReason ReasonFor(IcmpType type) => type switch
    {
        IcmpType.EchoReply => MemifDropReason.IcmpEchoReply,
        IcmpType.SourceQuench => MemifDropReason.IcmpSourceQuench,
        IcmpType.Redirect => MemifDropReason.IcmpRedirect,
        _ => MemifDropReason.IcmpUnknownType,
    };

    // The request is used up in any case; that the answer could not be sent is another death, on the way out.
    private void Answer(Ipv4Packet ip, IcmpPacket request, ReadOnlySpan<byte> payload, ulong payloadSum)
    {
        counters.MessageMade();
        if (!limiter.MayAnswerEcho())
        {
            counters.Drop(MemifDropReason.AnswerLimited);
            return;
        }

        Span<byte> head = stackalloc byte[IcmpPacket.HeaderLength];
        IcmpPacket.WriteEchoReply(head, request.Identifier, request.SequenceNumber, payloadSum);
        Route route = routes.Lookup(ip.Source);
        var options = new PacketOptions(64, ip.TypeOfService, PathMtuDiscovery.Dont);
        var header = new OutgoingHeader(route, IpProtocol.Icmp, identity.Address, ip.Source, options, FlowHash: 0);
        if (route.Kind != RouteKind.Unicast)
            counters.Drop(MemifDropReason.AnswerNotSent);
        else if (ipv4.Fits(header, head.Length + payload.Length))
            SendWhole(header, head, payload);
        else
            SendInFragments(header, head, payload);
    }

    private void SendWhole(in OutgoingHeader header, ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload)
    {
        bool isSent = false;
        if (ipv4.TryBegin(header, head.Length + payload.Length, out OutgoingPacket reply) == SendStatus.Sent)
        {
            head.CopyTo(reply.Payload);
            payload.CopyTo(reply.Payload[head.Length..]);
            isSent = ipv4.Commit(reply) == SendStatus.Sent;
        }

        if (!isSent)
            counters.Drop(MemifDropReason.AnswerNotSent);
    }

    private void SendInFragments(in OutgoingHeader header, ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload)
    {
        SendProgress progress = default;
        if (ipv4.SendInFragments(header, head, payload, ref progress) == SendStatus.Sent)
            return;
        if (progress.IsPartial)
            ipv4.Abandon(progress);
        else
            counters.Drop(MemifDropReason.AnswerNotSent);
    }

    /// <summary>
    /// Finds the socket whose datagram is quoted, and tells it. That the path is narrow is learnt for all.
    /// </summary>
    private void HandleError(IcmpPacket message, ReadOnlySpan<byte> quote)
    {
        if (!QuotedDatagram.TryParse(quote, out QuotedDatagram datagram))
        {
            counters.Drop(MemifDropReason.BadIcmp);
            return;
        }

        bool isOurs = datagram.Source == identity.Address && datagram.Protocol == IpProtocol.Udp;
        IDatagramSink? sink = isOurs ? ports.Find(datagram.Source, datagram.SourcePort, datagram.Destination, datagram.DestinationPort) : null;
        if (sink is null)
        {
            counters.Drop(MemifDropReason.IcmpUnmatched);
            return;
        }

        var error = new IcmpError(message.Type, message.Code);
        if (error.IsFragmentationNeeded)
            paths.Lower(datagram.Destination, message.NextHopMtu, datagram.TotalLength);
        sink.Fail(error);
        counters.FrameConsumed();
    }
}

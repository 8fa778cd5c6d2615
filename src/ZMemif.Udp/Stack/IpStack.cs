using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Link;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// One IPv4 host on one link: wires the protocols together, takes frames in, and keeps their deadlines. Any number of
/// threads may be inside, one per receive queue and the senders.
/// </summary>
internal sealed class IpStack
{
    /// <summary>The headers that are copied out of volatile memory before anybody looks at them.</summary>
    private const int MaxHeaders = EthernetFrame.HeaderLength + Ipv4Packet.MaxHeaderLength + UdpPacket.HeaderLength;

    // While a peer stands still, somebody has to notice that it moves again.
    private static readonly TimeSpan s_stallLook = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _time;
    private readonly LinkOutput _output;
    private readonly ArpProtocol _arp;
    private readonly Ipv4Protocol _ipv4;
    private readonly IcmpProtocol _icmp;

    /// <param name="identity">Who this host is.</param>
    /// <param name="link">What carries its frames.</param>
    /// <param name="ports">Its sockets.</param>
    /// <param name="counters">What happens to it.</param>
    /// <param name="time">The clock of all deadlines.</param>
    /// <param name="stall">How long a full transmit queue may stand still before its peer counts as stalled.</param>
    /// <param name="stallChanged">Called when <see cref="IsStalled"/> may have changed, from any thread; it must not block.</param>
    /// <param name="scheduled">Called when a deadline came up that <see cref="Tick"/> must keep, from any thread.</param>
    internal IpStack(StackIdentity identity, ILink link, PortTable ports, InterfaceCounters counters, TimeProvider time, TimeSpan stall, Action stallChanged, Action scheduled)
    {
        _time = time;
        Identity = identity;
        Counters = counters;
        Ports = ports;
        _output = new LinkOutput(link, identity, stall, stallChanged, counters);
        var routes = new RouteTable(identity);
        _arp = new ArpProtocol(identity, _output, counters, time, scheduled);
        _ipv4 = new Ipv4Protocol(identity, _output, _arp.Neighbors, counters);
        _icmp = new IcmpProtocol(identity, routes, _ipv4, counters);
        Routes = routes;
        Udp = new UdpProtocol(routes, ports, _ipv4, _output.HasQueues, counters);
    }

    internal StackIdentity Identity { get; }

    internal InterfaceCounters Counters { get; }

    internal PortTable Ports { get; }

    internal RouteTable Routes { get; }

    internal ArpProtocol Arp => _arp;

    internal UdpProtocol Udp { get; }

    /// <summary>Whether the peer stands still: it has taken nothing off a full ring for long.</summary>
    internal bool IsStalled => _output.IsStalled;

    /// <summary>Whether a send would not have to wait for room on the link.</summary>
    internal bool IsWritable => _output.IsWritable;

    /// <summary>When <see cref="Tick"/> may have something to do, as a timestamp of the clock; null for never.</summary>
    internal long? NextDeadline
    {
        get
        {
            long? next = _arp.NextDeadline;
            if (!IsStalled)
                return next;
            long look = _time.GetTimestamp() + (long)(s_stallLook.TotalSeconds * _time.TimestampFrequency);
            return next < look ? next : look;
        }
    }

    internal void Tick()
    {
        _arp.Tick();
        _output.Tick();
    }

    /// <summary>The link came up, perhaps with another peer: what was known of neighbors is void, and they learn of us.</summary>
    internal void LinkUp()
    {
        _output.Reset();
        _arp.Neighbors.Clear();
        _arp.Announce();
    }

    /// <summary>Takes one frame; its memory is volatile and every byte of it is read once.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="direct">The call for which it is taken off the link, if any.</param>
    internal void Handle(scoped ReadOnlySpan<byte> frame, ref DirectReceive direct)
    {
        Counters.FrameReceived();
        Span<byte> copy = stackalloc byte[MaxHeaders];
        copy = copy[..Math.Min(MaxHeaders, frame.Length)];
        frame[..copy.Length].CopyTo(copy);

        if (!EthernetFrame.TryParse(copy, out EthernetFrame ethernet))
            Counters.Drop(MemifDropReason.Truncated);
        else if (ethernet.Destination != Identity.Mac && !ethernet.Destination.IsMulticast)
            Counters.Drop(MemifDropReason.OtherStation);
        else if (ethernet.Type == EtherType.IPv4)
            HandleIpv4(copy[EthernetFrame.HeaderLength..], frame[EthernetFrame.HeaderLength..], ref direct);
        else if (ethernet.Type == EtherType.Arp)
            _arp.Handle(copy[EthernetFrame.HeaderLength..]);
        else
            Counters.Drop(MemifDropReason.UnknownEtherType);
    }

    private void HandleIpv4(scoped ReadOnlySpan<byte> copy, scoped ReadOnlySpan<byte> frame, ref DirectReceive direct)
    {
        if (!_ipv4.TryAccept(copy, frame.Length, out Ipv4Packet packet))
            return;
        ReadOnlySpan<byte> header = copy[packet.HeaderLength..];
        ReadOnlySpan<byte> payload = frame[packet.HeaderLength..packet.TotalLength];
        switch (packet.Protocol)
        {
            case IpProtocol.Udp:
                Udp.Handle(packet, header, payload, ref direct);
                break;
            case IpProtocol.Icmp:
                _icmp.Handle(packet, header, payload.Length > IcmpPacket.HeaderLength ? payload[IcmpPacket.HeaderLength..] : default);
                break;
            default:
                Counters.Drop(MemifDropReason.UnknownProtocol);
                break;
        }
    }
}

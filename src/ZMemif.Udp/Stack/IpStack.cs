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
    private const int MaxHeaders = EthernetFrame.MaxHeaderLength + Ipv4Packet.MaxHeaderLength + UdpPacket.HeaderLength;

    // While a peer stands still, somebody has to notice that it moves again.
    private static readonly TimeSpan s_stallLook = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _time;
    private readonly LinkOutput _output;
    private readonly ArpProtocol _arp;
    private readonly Ipv4Protocol _ipv4;
    private readonly IcmpProtocol _icmp;
    private readonly IcmpErrors _errors;
    private readonly IgmpProtocol _igmp;
    private readonly Reassembler _reassembler;
    private readonly PathMtuCache _paths;

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
        var routes = new RouteTable(identity, identity.Routes);
        _paths = new PathMtuCache(identity.Mtu, time);
        _reassembler = new Reassembler(counters, time, scheduled);
        var parked = new ParkedOutput(_output, _paths, counters);
        _arp = new ArpProtocol(identity, _output, parked, counters, time, scheduled);
        _igmp = new IgmpProtocol(identity, time, counters, new IgmpOutput(identity, _output), Random.Shared.NextDouble, scheduled);
        _ipv4 = new Ipv4Protocol(identity, _output, _arp.Neighbors, parked, Groups, _paths, counters);
        var limiter = new IcmpRateLimiter(time);
        _icmp = new IcmpProtocol(identity, routes, ports, _ipv4, _paths, limiter, counters);
        _errors = new IcmpErrors(identity, routes, _ipv4, limiter, counters);
        _reassembler.TimedOut = _errors.ComplainOfGap;
        Routes = routes;
        Udp = new UdpProtocol(identity, routes, ports, Groups, _ipv4, _errors, _output.HasQueues, counters);
    }

    internal StackIdentity Identity { get; }

    internal InterfaceCounters Counters { get; }

    internal PortTable Ports { get; }

    internal RouteTable Routes { get; }

    internal ArpProtocol Arp => _arp;

    /// <summary>Who listens to which group.</summary>
    internal GroupTable Groups => _igmp.Groups;

    internal Reassembler Reassembler => _reassembler;

    internal PathMtuCache Paths => _paths;

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
            long? next = Earlier(Earlier(_arp.NextDeadline, _igmp.NextDeadline), _reassembler.NextDeadline);
            return IsStalled ? Earlier(next, _time.GetTimestamp() + (long)(s_stallLook.TotalSeconds * _time.TimestampFrequency)) : next;
        }
    }

    internal void Tick()
    {
        _arp.Tick();
        _igmp.Tick();
        _reassembler.Tick();
        _output.Tick();
    }

    /// <summary>
    /// The link came up, perhaps with another peer: what was known of neighbors is void, and they learn of us and of our groups.
    /// </summary>
    internal void LinkUp()
    {
        _output.Reset();
        _arp.Neighbors.Clear();
        if (Identity.HasStations)
            _arp.Announce();
        _igmp.LinkUp();
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

        if (!Identity.HasStations)
            HandleIpv4(copy, frame, Identity.Mac, ref direct);
        else if (!EthernetFrame.TryParse(copy, out EthernetFrame ethernet))
            Counters.Drop(MemifDropReason.Truncated);
        else if (ethernet.Destination != Identity.Mac && !ethernet.Destination.IsMulticast)
            Counters.Drop(MemifDropReason.OtherStation);
        else if (ethernet.Type == EtherType.IPv4)
            HandleIpv4(copy[ethernet.Length..], frame[ethernet.Length..], ethernet.Destination, ref direct);
        else if (ethernet.Type == EtherType.Arp)
            _arp.Handle(copy[ethernet.Length..]);
        else
            Counters.Drop(MemifDropReason.UnknownEtherType);
    }

    private void HandleIpv4(scoped ReadOnlySpan<byte> copy, scoped ReadOnlySpan<byte> frame, MacAddress station, ref DirectReceive direct)
    {
        if (!_ipv4.TryAccept(copy, frame.Length, out Ipv4Packet packet))
            return;
        ReadOnlySpan<byte> payload = frame[packet.HeaderLength..packet.TotalLength];
        bool isForUsAlone = station == Identity.Mac && packet.Destination == Identity.Address;
        bool mayComplain = isForUsAlone && !Identity.IsShared;
        if (packet.IsFragment)
            HandleFragment(packet, payload, mayComplain, ref direct);
        else
            HandleWhole(packet, copy[packet.HeaderLength..], payload, mayComplain, ref direct);
    }

    private void HandleFragment(scoped Ipv4Packet fragment, scoped ReadOnlySpan<byte> payload, bool mayComplain, ref DirectReceive direct)
    {
        if (_reassembler.Add(fragment, payload) is not { } complete)
            return;
        ReadOnlySpan<byte> bytes = complete.Packet;
        if (_ipv4.TryAccept(bytes, bytes.Length, out Ipv4Packet packet))
            HandleWhole(packet, bytes[packet.HeaderLength..], bytes[packet.HeaderLength..], mayComplain, ref direct);
        complete.Release();
    }

    private void HandleWhole(scoped Ipv4Packet packet, scoped ReadOnlySpan<byte> header, scoped ReadOnlySpan<byte> payload, bool mayComplain, ref DirectReceive direct)
    {
        switch (packet.Protocol)
        {
            case IpProtocol.Udp:
                Udp.Handle(packet, header, payload, mayComplain, ref direct);
                break;
            case IpProtocol.Icmp:
                _icmp.Handle(packet, header, payload.Length > IcmpPacket.HeaderLength ? payload[IcmpPacket.HeaderLength..] : default);
                break;
            case IpProtocol.Igmp:
                _igmp.Handle(packet, payload);
                break;
            default:
                Counters.Drop(MemifDropReason.UnknownProtocol);
                if (mayComplain)
                    _errors.ComplainOfProtocol(packet, payload);
                break;
        }
    }

    private static long? Earlier(long? first, long? second) => first < second || second is null ? first : second;
}

using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Scapy;

/// <summary>The host that <c>make_cases.py</c> describes, which tells in its words what happens.</summary>
internal sealed class ScapyHost
{
    private const byte IgmpReportV1 = 0x12;
    private const byte IgmpReportV2 = 0x16;
    private const byte IgmpReportV3 = 0x22;

    // Longer than any of the queries allows; shorter than fragments are kept.
    private const double AnswerSeconds = 13;

    private static readonly MemifDropReason[] s_reasons = Enum.GetValues<MemifDropReason>();

    private readonly TestHost _host = new();
    private readonly UdpEndpoint _connected;
    private readonly UdpEndpoint[] _sockets;

    internal ScapyHost()
    {
        UdpEndpoint open = _host.Listen();
        _connected = _host.Listen(8);
        _sockets = [open, _connected];
        Assert.Equal(SocketError.Success, _connected.Connect(new UdpPeer(Net.Neighbor, 5000)));
        Assert.Equal(SocketError.Success, open.Groups.Join(Net.Group));
        Assert.Equal(SocketError.Success, open.Groups.JoinSource(Ipv4Address.Parse("239.1.2.4"), Net.Neighbor));
        _host.PassSeconds(3); // until the joins are reported for the second time
        _host.IntroduceNeighbor();
        _host.Introduce(Net.Gateway, Net.GatewayMac);
        _host.Sent.Clear();
    }

    /// <summary>Takes a step, and tells what happened, in no special order.</summary>
    internal List<string> Take(ScapyStep step)
    {
        var (consumed, waiting) = (_host.Counters.FramesConsumed, Waiting);
        long[] drops = [.. s_reasons.Select(_host.Counters.Drops)];
        if (step.Frame is { } frame)
            _host.Receive(frame);
        if (step.IsIgmp)
            _host.PassSeconds(AnswerSeconds);
        _host.PassSeconds(step.Seconds);
        Assert.Equal(_host.Counters.FramesReceived, _host.FramesSettled);

        List<string> outcome = [.. Happened(consumed, waiting), .. s_reasons.SelectMany((reason, i) => Enumerable.Repeat($"dropped {reason}", (int)(_host.Counters.Drops(reason) - drops[i])))];
        outcome.AddRange(_sockets.SelectMany(Delivered));

        // A query may be answered by several reports; anything else that is sent counts each.
        IEnumerable<string> sent = _host.Sent.Select(Describe);
        outcome.AddRange(step.IsIgmp ? sent.Distinct() : sent);
        if (_connected.Inbox.TakeFailure() is var error and not SocketError.Success)
            outcome.Add($"error {error}");
        _host.Sent.Clear();
        return outcome;
    }

    internal void AssertBalances() => _host.AssertBalances();

    private long Waiting => _host.Counters.FragmentsAbsorbed + _host.Stack.Reassembler.Count;

    private IEnumerable<string> Happened(long consumed, long waiting)
    {
        if (_host.Counters.FramesConsumed > consumed)
            yield return "consumed";
        if (Waiting > waiting)
            yield return "kept";
    }

    // Every payload begins the same.
    private static IEnumerable<string> Delivered(UdpEndpoint socket)
    {
        while (socket.Inbox.TryTake(out QueuedDatagram datagram))
        {
            Assert.Equal(Enumerable.Range(0, datagram.Length).Select(i => (byte)((i * 7) + 1)), datagram.Payload.ToArray());
            yield return $"delivered {datagram.Length}";
            DatagramInbox.Return(datagram);
        }
    }

    private static string Describe(byte[] sent)
    {
        var ethernet = new Oracle.EthernetPacket(new(sent));
        if (ethernet.Extract<Oracle.ArpPacket>() is { } arp)
            return Describe(arp);
        Oracle.IPv4Packet ip = ethernet.Extract<Oracle.IPv4Packet>();
        Assert.True(ip.ValidIPChecksum);
        byte[] message = sent[(Frames.IpStart + (ip.HeaderLength * 4))..];
        Assert.True(InternetChecksum.IsValid(InternetChecksum.Sum(message)));
        return ip.Protocol == Oracle.ProtocolType.Igmp ? DescribeIgmp(message[0]) : $"answered {DescribeIcmp(message[0], message[1])}";
    }

    private static string Describe(Oracle.ArpPacket arp) => arp.Operation switch
    {
        Oracle.ArpOperation.Response => "answered arp-reply",
        _ when arp.SenderProtocolAddress.Equals(arp.TargetProtocolAddress) => "answered announcement",
        _ => $"asks for {arp.TargetProtocolAddress}",
    };

    private static string DescribeIgmp(byte type) => type switch
    {
        IgmpReportV1 => "reports v1",
        IgmpReportV2 => "reports v2",
        IgmpReportV3 => "reports v3",
        _ => $"sends IGMP {type}",
    };

    private static string DescribeIcmp(byte type, byte code) => (type, code) switch
    {
        (0, 0) => "echo-reply",
        (3, 2) => "protocol-unreachable",
        (3, 3) => "port-unreachable",
        (11, 1) => "time-exceeded",
        _ => $"ICMP {type}/{code}",
    };
}

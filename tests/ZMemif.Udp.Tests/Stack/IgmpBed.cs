using System.Buffers.Binary;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Link;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>IGMP on a link that keeps what is sent, with a manual clock and delays of half of what is allowed.</summary>
internal sealed class IgmpBed
{
    internal IgmpBed(int mtu = 1500)
    {
        var identity = new StackIdentity(new Ipv4Prefix(Net.Own, 24), null, Net.OwnMac, mtu);
        var output = new LinkOutput(Link, identity, TestHost.Stall, () => { }, Counters);
        Igmp = new IgmpProtocol(identity, Time, Counters, new IgmpOutput(identity, output), () => 0.5, () => Scheduled++);
    }

    internal InterruptedTime Time { get; } = new();

    /// <summary>How often it asked to be ticked.</summary>
    internal int Scheduled { get; private set; }

    internal TestLink Link { get; } = new();

    internal InterfaceCounters Counters { get; } = new();

    internal IgmpProtocol Igmp { get; }

    internal GroupTable Groups => Igmp.Groups;

    internal IReadOnlyList<byte[]> Frames => Link.Sent;

    /// <summary>What was sent since the last call, in words: destination, then type or records.</summary>
    internal string[] Said()
    {
        string[] said = [.. Link.Sent.Select(Describe)];
        Link.Sent.Clear();
        return said;
    }

    internal void Join(TestSink socket, Ipv4Address group) => Groups.Set(socket, group, GroupFilter.All);

    /// <summary>Joins a group, and waits until that is no news any more.</summary>
    internal void JoinAndSettle(TestSink socket, Ipv4Address group)
    {
        Join(socket, group);
        Settle();
    }

    internal void Include(TestSink socket, Ipv4Address group, params IEnumerable<Ipv4Address> sources) =>
        Groups.Set(socket, group, new GroupFilter(IsExclude: false, [.. sources]));

    internal void Exclude(TestSink socket, Ipv4Address group, params IEnumerable<Ipv4Address> sources) =>
        Groups.Set(socket, group, new GroupFilter(IsExclude: true, [.. sources]));

    /// <summary>What was said at once; repetitions are waited for and not told.</summary>
    internal string[] Settle()
    {
        string[] said = Said();
        for (int i = 0; i < 10; i++)
            Pass(1);
        Said();
        return said;
    }

    internal void Pass(double seconds)
    {
        Time.Advance(TimeSpan.FromSeconds(seconds));
        Igmp.Tick();
    }

    /// <summary>A query of version 3.</summary>
    internal void Query(double seconds, Ipv4Address group = default, Ipv4Address[]? sources = null, Ipv4Address? to = null, byte robustness = 2, byte? code = null, byte timeToLive = 1)
    {
        sources ??= [];
        byte[] message = new byte[12 + (4 * sources.Length)];
        message[1] = code ?? (byte)(seconds * 10);
        message[8] = robustness;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), (ushort)sources.Length);
        for (int i = 0; i < sources.Length; i++)
            sources[i].Write(message.AsSpan(12 + (4 * i)));
        Send(message, IgmpType.MembershipQuery, group, to, timeToLive);
    }

    /// <summary>A message of version 1 or 2; a query of version 1 has no time.</summary>
    internal void Old(IgmpType type, double seconds = 0, Ipv4Address group = default, Ipv4Address? to = null)
    {
        byte[] message = new byte[8];
        message[1] = (byte)(seconds * 10);
        Send(message, type, group, to);
    }

    internal void Receive(byte[] message, Ipv4Address to, byte timeToLive = 1)
    {
        byte[] frame = Stack.Frames.Igmp(message, to, timeToLive: timeToLive);
        ReadOnlySpan<byte> packet = frame.AsSpan(Stack.Frames.IpStart);
        Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse(packet, packet.Length, out Ipv4Packet ip));
        Igmp.Handle(ip, message);
    }

    private void Send(byte[] message, IgmpType type, Ipv4Address group, Ipv4Address? to, byte timeToLive = 1)
    {
        message[0] = (byte)type;
        group.Write(message.AsSpan(4));
        IgmpWriter.Finish(message);
        Receive(message, to ?? (group.IsAny ? GroupTable.AllSystems : group), timeToLive);
    }

    private static string Describe(byte[] frame)
    {
        ReadOnlySpan<byte> packet = frame.AsSpan(Stack.Frames.IpStart);
        Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse(packet, packet.Length, out Ipv4Packet ip));
        ReadOnlySpan<byte> message = packet[ip.HeaderLength..];
        Assert.True(InternetChecksum.IsValid(InternetChecksum.Sum(message)));
        var type = (IgmpType)message[0];
        return $"{ip.Destination}: " + (type == IgmpType.ReportV3 ? Records(message) : $"{type} {Ipv4Address.Read(message[4..])}");
    }

    private static string Records(ReadOnlySpan<byte> report)
    {
        var records = new List<string>();
        int at = IgmpWriter.ReportHeaderLength;
        for (int i = BinaryPrimitives.ReadUInt16BigEndian(report[6..]); i > 0; i--)
        {
            var sources = new List<string>();
            int count = BinaryPrimitives.ReadUInt16BigEndian(report[(at + 2)..]);
            for (int source = 0; source < count; source++)
                sources.Add(Ipv4Address.Read(report[(at + 8 + (4 * source))..]).ToString());
            records.Add($"{(IgmpRecordType)report[at]} {Ipv4Address.Read(report[(at + 4)..])} [{string.Join(' ', sources)}]");
            at += 8 + (4 * count);
        }

        Assert.Equal(report.Length, at);
        return string.Join(", ", records);
    }
}

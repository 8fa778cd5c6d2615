using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Sockets;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Datagrams to groups and to everybody: who gets them, how often they count, and what is sent to the link.</summary>
public sealed class MulticastTests : IDisposable
{
    private static readonly MacAddress s_groupMac = MacAddress.ForMulticast(Net.Group);
    private static readonly Ipv4Address s_anotherGroup = Ipv4Address.Parse("239.1.2.4");

    private readonly TestHost _host = new();

    public void Dispose() => _host.AssertBalances();

    [Fact]
    public void Group_ThatNobodyJoined_IsNotForUs()
    {
        _host.Listen();

        _host.AssertDrops(MemifDropReason.NotForUs, ToGroup());
    }

    [Fact]
    public void Group_JoinedByOne_ReachesEverySocketOfThePortThatMayHaveIt()
    {
        UdpEndpoint member = Share();
        UdpEndpoint boundToGroup = Share(Net.Group);
        UdpEndpoint noMember = Share();
        UdpEndpoint boundToAddress = Share(Net.Own);
        UdpEndpoint boundToAnotherGroup = Share(s_anotherGroup);
        UdpEndpoint onAnotherPort = _host.Listen(8);
        member.Groups.Join(Net.Group);

        _host.Receive(ToGroup());

        Assert.Equal((1, 1, 1), (Count(member), Count(boundToGroup), Count(noMember)));
        Assert.Equal((0, 0, 0), (Count(boundToAddress), Count(boundToAnotherGroup), Count(onAnotherPort)));
        Assert.Equal((1, 2, 3), (_host.Counters.FramesReceived, _host.Counters.DatagramsCopied, _host.Counters.DatagramsDelivered));
    }

    [Fact]
    public void Group_LeftByTheLast_IsNotForUsAnyMore()
    {
        UdpEndpoint one = Share();
        UdpEndpoint other = Share();
        one.Groups.Join(Net.Group);
        other.Groups.Join(Net.Group);

        one.Groups.Leave(Net.Group);
        _host.Receive(ToGroup());
        Assert.Equal(1, Count(other));

        other.Close();
        _host.AssertDrops(MemifDropReason.NotForUs, ToGroup());
    }

    [Fact]
    public void Group_WithOneReceiveBufferFull_IsDroppedForThatOneOnly()
    {
        UdpEndpoint slow = Share();
        UdpEndpoint fast = Share();
        slow.Groups.Join(Net.Group);
        slow.Inbox.Budget.Limit = 1;

        _host.Receive(ToGroup());
        Assert.Equal(1, Count(fast));
        _host.Receive(ToGroup());

        Assert.Equal((1, 1), (Count(slow), Count(fast)));
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.ReceiveBufferFull));
    }

    [Fact]
    public void Group_WithADamagedDatagram_IsDroppedForEach()
    {
        Share().Groups.Join(Net.Group);
        Share();
        byte[] frame = ToGroup();
        frame[^1] ^= 1;

        _host.Receive(frame);

        Assert.Equal(2, _host.Counters.Drops(MemifDropReason.BadUdpChecksum));
    }

    [Fact]
    public void Group_JoinedFromOneSource_IsHeardFromThatOneOnly()
    {
        UdpEndpoint picky = Share();
        UdpEndpoint all = Share();
        picky.Groups.JoinSource(Net.Group, Net.Neighbor);

        _host.AssertDrops(MemifDropReason.NotForUs, ToGroup(Net.Outside));
        all.Groups.Join(Net.Group);
        _host.Receive(ToGroup(Net.Outside));
        _host.Receive(ToGroup(Net.Neighbor));

        Assert.Equal((1, 2), (Count(picky), Count(all)));
    }

    [Fact]
    public void Group_JoinedWithASourceBlocked_IsNotHeardFromThatOne()
    {
        UdpEndpoint picky = Share();
        picky.Groups.Join(Net.Group);
        picky.Groups.BlockSource(Net.Group, Net.Outside);

        _host.AssertDrops(MemifDropReason.NotForUs, ToGroup(Net.Outside));
        _host.Receive(ToGroup(Net.Neighbor));
        picky.Groups.UnblockSource(Net.Group, Net.Outside);
        _host.Receive(ToGroup(Net.Outside));

        Assert.Equal(2, Count(picky));
    }

    [Fact]
    public void Group_WithoutASocketOnThePort_IsCountedAndNotComplainedOf()
    {
        Share().Groups.Join(Net.Group);
        int said = _host.Sent.Count;

        _host.AssertDrops(MemifDropReason.NoSocket, ToGroup(port: 99));

        Assert.Equal(said, _host.Sent.Count);
    }

    [Fact]
    public void Group_InFragments_IsDelivered()
    {
        UdpEndpoint member = Share();
        member.Groups.Join(Net.Group);

        foreach (byte[] fragment in Fragments.Cut(Frames.Udp(new byte[3000], destination: Net.Group, to: s_groupMac), 1000))
            _host.Receive(fragment);

        Assert.Equal(1, Count(member));
    }

    [Fact]
    public void Socket_ConnectedToAGroup_HearsNoMember()
    {
        UdpEndpoint socket = Share();
        socket.Groups.Join(Net.Group);
        socket.Connect(new UdpPeer(Net.Group, 7));

        _host.AssertDrops(MemifDropReason.NoSocket, ToGroup());
    }

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("192.0.2.255")]
    public void Broadcast_ReachesEverySocketOfThePortButThoseOfOneAddress(string address)
    {
        Ipv4Address everybody = Ipv4Address.Parse(address);
        UdpEndpoint any = Share();
        UdpEndpoint bound = Share(everybody);
        UdpEndpoint boundToAddress = Share(Net.Own);

        _host.Receive(Frames.Udp("hello"u8, destination: everybody, to: MacAddress.Broadcast));

        Assert.Equal((1, 1, 0), (Count(any), Count(bound), Count(boundToAddress)));
    }

    [Fact]
    public void Broadcast_FromAHostWithoutAddress_IsDelivered()
    {
        UdpEndpoint dhcp = _host.Listen(67);

        _host.Receive(Frames.Udp("discover"u8, port: 67, source: Ipv4Address.Any, destination: Ipv4Address.Broadcast, to: MacAddress.Broadcast));
        _host.AssertDrops(MemifDropReason.BadSource, Frames.Udp("x"u8, port: 67, source: Ipv4Address.Any, destination: Net.DirectedBroadcast, to: MacAddress.Broadcast));

        Assert.Equal(1, Count(dhcp));
    }

    [Fact]
    public void SendToGroup_GoesToItsStationsAndToMembersHere()
    {
        UdpEndpoint member = Share();
        UdpEndpoint sender = Share();
        member.Groups.Join(Net.Group);

        Assert.Equal(SocketError.Success, sender.Send(new UdpPeer(Net.Group, 7), "hello"u8, 0));

        Assert.True(EthernetFrame.TryParse(_host.LastSent, out EthernetFrame frame));
        Assert.Equal(s_groupMac, frame.Destination);
        Ipv4Packet packet = SentPacket();
        Assert.Equal((Net.Group, Net.Own, 1), (packet.Destination, packet.Source, packet.TimeToLive));
        Assert.Equal((1, 1), (Count(member), Count(sender)));
        Assert.Equal((1, 2, 0), (_host.Counters.DatagramsSent, _host.Counters.DatagramsCopied, _host.Counters.DatagramsLooped));
    }

    [Fact]
    public void SendToGroup_WithATimeToLiveOfItsOwn_LeavesThatOfOthersAlone()
    {
        _host.IntroduceNeighbor();
        UdpEndpoint sender = _host.Listen();
        sender.Options = sender.Options with { MulticastTimeToLive = 9, TimeToLive = 33 };

        sender.Send(new UdpPeer(Net.Group, 7), "hello"u8, 0);
        Assert.Equal(9, SentPacket().TimeToLive);
        sender.Send(new UdpPeer(Net.Neighbor, 7), "hello"u8, 0);
        Assert.Equal(33, SentPacket().TimeToLive);
    }

    [Fact]
    public void SendToGroup_ThatNobodyHereJoined_IsHeardByNobodyHere()
    {
        UdpEndpoint socket = Share();

        socket.Send(new UdpPeer(Net.Group, 7), "hello"u8, 0);

        Assert.Equal(0, Count(socket));
    }

    [Fact]
    public void SendToGroup_WithoutLoopback_OnlyLeavesTheHost()
    {
        UdpEndpoint member = Share();
        member.Groups.Join(Net.Group);
        int said = _host.Sent.Count;
        UdpEndpoint sender = _host.Listen(8);
        sender.Options = sender.Options with { MulticastLoopback = false };

        sender.Send(new UdpPeer(Net.Group, 7), "hello"u8, 0);

        Assert.Equal((said + 1, 0), (_host.Sent.Count, Count(member)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SendToGroup_WithTimeToLiveZero_StaysInTheHost(bool isHeard)
    {
        UdpEndpoint member = Share();
        member.Groups.Join(Net.Group);
        int said = _host.Sent.Count;
        UdpEndpoint sender = _host.Listen(8);
        sender.Options = sender.Options with { MulticastTimeToLive = 0, MulticastLoopback = isHeard };

        Assert.Equal(SocketError.Success, sender.Send(new UdpPeer(Net.Group, 7), "hello"u8, 0));

        Assert.Equal((said, isHeard ? 1 : 0), (_host.Sent.Count, Count(member)));
    }

    [Fact]
    public void SendToGroup_InFragments_IsHeardOnceByMembersHere()
    {
        UdpEndpoint member = Share();
        member.Groups.Join(Net.Group);
        int said = _host.Sent.Count;

        member.Send(new UdpPeer(Net.Group, 7), new byte[4000], 0);

        Assert.Equal((said + 3, 1), (_host.Sent.Count, Count(member)));
    }

    [Fact]
    public void SendToBroadcast_IsHeardHereAsWell()
    {
        UdpEndpoint socket = Share();

        socket.Send(new UdpPeer(Ipv4Address.Broadcast, 7), "hello"u8, 0);

        Assert.True(EthernetFrame.TryParse(_host.LastSent, out EthernetFrame frame));
        Assert.Equal(MacAddress.Broadcast, frame.Destination);
        Assert.Equal(1, Count(socket));
    }

    [Fact]
    public void SendToLoopbackBroadcast_IsHeardByThoseBoundToItOrToAny()
    {
        var everybody = Ipv4Address.Parse("127.255.255.255");
        UdpEndpoint any = Share();
        UdpEndpoint bound = Share(everybody);
        UdpEndpoint boundToAddress = Share(Ipv4Address.Loopback);

        any.Send(new UdpPeer(everybody, 7), "hello"u8, 0);

        Assert.Equal((1, 1, 0), (Count(any), Count(bound), Count(boundToAddress)));
        Assert.Empty(_host.Sent);
    }

    [Fact]
    public void SendToGroup_WhenAMemberHereHoldsBack_Waits()
    {
        var host = new TestHost();
        host.Hold();
        UdpEndpoint member = host.Listen();
        member.Groups.Join(Net.Group);
        member.Inbox.Budget.Limit = 1;
        UdpEndpoint sender = host.Listen(8);

        Assert.Equal(SocketError.Success, sender.Send(new UdpPeer(Net.Group, 7), "one"u8, 0));
        Assert.Equal(SocketError.WouldBlock, sender.Send(new UdpPeer(Net.Group, 7), "two"u8, 0));
        Assert.Equal(1, Count(member));
        Assert.Equal(SocketError.Success, sender.Send(new UdpPeer(Net.Group, 7), "two"u8, 0));
    }

    [Fact]
    public void Join_IsReportedToTheLinkAndRepeatedWhenItComesUpAgain()
    {
        Share().Groups.Join(Net.Group);
        Assert.Equal(IpProtocol.Igmp, SentPacket().Protocol);
        _host.PassSeconds(1);
        _host.Sent.Clear();

        _host.Stack.LinkUp();

        Assert.Contains(_host.Sent, frame => frame[Frames.IpStart + 9] == (byte)IpProtocol.Igmp);
    }

    [Fact]
    public void Query_FromASwitchWithoutAddress_IsAnsweredInTime()
    {
        Share().Groups.Join(Net.Group);
        _host.PassSeconds(1);
        _host.Sent.Clear();
        byte[] query = [0x11, 10, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0];
        IgmpWriter.Finish(query);

        _host.Receive(Frames.Igmp(query, GroupTable.AllSystems, source: Ipv4Address.Any));
        Assert.NotNull(_host.Stack.NextDeadline);
        _host.PassSeconds(1);

        Assert.Equal((IpProtocol.Igmp, IgmpProtocol.V3Routers), (SentPacket().Protocol, SentPacket().Destination));
    }

    [Fact]
    public void Query_OfASingleGroup_IsForWhoeverJoinedItWhateverItsSources()
    {
        Share().Groups.JoinSource(Net.Group, Net.Outside);
        byte[] query = [0x11, 10, 0, 0, 239, 1, 2, 3, 2, 125, 0, 0];
        IgmpWriter.Finish(query);

        _host.Receive(Frames.Igmp(query, Net.Group));

        Assert.Equal(1, _host.Counters.FramesConsumed);
    }

    private static byte[] ToGroup(Ipv4Address? source = null, ushort port = 7) =>
        Frames.Udp("hello"u8, port: port, source: source, destination: Net.Group, to: s_groupMac);

    /// <summary>A socket that shares port 7.</summary>
    private UdpEndpoint Share(Ipv4Address address = default)
    {
        var socket = new UdpEndpoint(_host.Sockets);
        socket.Settings.ReusesAddress = true;
        Assert.Equal(SocketError.Success, socket.Bind(address, 7));
        return socket;
    }

    /// <summary>How many datagrams the socket had got, which it has no more then.</summary>
    private static int Count(UdpEndpoint socket)
    {
        int count = 0;
        for (; socket.Inbox.TryTake(out QueuedDatagram datagram); count++)
            DatagramInbox.Return(datagram);
        return count;
    }

    private Ipv4Packet SentPacket()
    {
        ReadOnlySpan<byte> bytes = _host.LastSent.AsSpan(Frames.IpStart);
        Assert.Equal(Ipv4Error.None, Ipv4Packet.TryParse(bytes, bytes.Length, out Ipv4Packet packet));
        return packet;
    }
}

using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;
using Oracle = PacketDotNet;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>ARP, seen from the link.</summary>
public sealed class ArpProtocolTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.AssertBalances();

    [Fact]
    public void Request_ForOwnAddress_IsAnsweredToWhoAsked()
    {
        _host.Receive(Frames.Arp(ArpOperation.Request));

        var (ethernet, arp) = Judge(Assert.Single(_host.Sent));
        Assert.Equal((Text(Net.NeighborMac), Text(Net.OwnMac)), (Text(ethernet.DestinationHardwareAddress), Text(ethernet.SourceHardwareAddress)));
        Assert.Equal(Oracle.ArpOperation.Response, arp.Operation);
        Assert.Equal((Text(Net.OwnMac), Net.Own.ToIPAddress()), (Text(arp.SenderHardwareAddress), arp.SenderProtocolAddress));
        Assert.Equal((Text(Net.NeighborMac), Net.Neighbor.ToIPAddress()), (Text(arp.TargetHardwareAddress), arp.TargetProtocolAddress));
        Assert.Equal(1, _host.Counters.FramesConsumed);
    }

    [Fact]
    public void Request_WithThePaddingOfAShortFrame_IsAnswered()
    {
        _host.Receive([.. Frames.Arp(ArpOperation.Request), .. new byte[18]]);

        Assert.Equal(EthernetFrame.HeaderLength + ArpPacket.Length, Assert.Single(_host.Sent).Length);
    }

    [Fact]
    public void Request_ForSomebodyElse_IsNeitherAnsweredNorLearned()
    {
        _host.Receive(Frames.Arp(ArpOperation.Request, target: Net.Gateway));

        Assert.Empty(_host.Sent);
        Assert.False(IsKnown(Net.Neighbor));
    }

    [Fact]
    public void Request_ForOwnAddress_TeachesWhoAsked()
    {
        _host.Receive(Frames.Arp(ArpOperation.Request));

        Assert.True(IsKnown(Net.Neighbor));
    }

    [Fact]
    public void Reply_ForOwnAddressThatNobodyAskedFor_IsNeitherAnsweredNorLearned()
    {
        _host.Receive(Frames.Arp(ArpOperation.Reply));

        Assert.Empty(_host.Sent);
        Assert.False(IsKnown(Net.Neighbor));
    }

    [Fact]
    public void Announcement_OfAKnownNeighbor_MovesItToItsNewStation()
    {
        _host.IntroduceNeighbor();
        _host.PassSeconds(5);

        _host.Receive(Frames.Arp(ArpOperation.Request, target: Net.Neighbor, senderMac: Net.GatewayMac));

        Assert.Empty(_host.Sent);
        _host.Send(Net.Neighbor, [1]);
        Assert.Equal(Net.GatewayMac, MacAddress.Read(_host.LastSent));
    }

    [Fact]
    public void Probe_ForOwnAddress_IsAnsweredButNotLearned()
    {
        _host.Receive(Frames.Arp(ArpOperation.Request, sender: Ipv4Address.Any));

        var (_, arp) = Judge(Assert.Single(_host.Sent));
        Assert.Equal((Oracle.ArpOperation.Response, Net.Own.ToIPAddress()), (arp.Operation, arp.SenderProtocolAddress));
        Assert.Equal(Text(Net.NeighborMac), Text(arp.TargetHardwareAddress));
        Assert.Null(_host.Stack.NextDeadline);
    }

    [Theory]
    [InlineData("198.51.100.7", "an address that is not on the link")]
    [InlineData("192.0.2.255", "the directed broadcast")]
    [InlineData("255.255.255.255", "the limited broadcast")]
    [InlineData("192.0.2.2", "our own address from another station")]
    public void Sender_ThatIsNoNeighbor_IsNotLearned(string sender, string because)
    {
        _host.Receive(Frames.Arp(ArpOperation.Request, sender: Ipv4Address.Parse(sender)));

        Assert.True(_host.Stack.Arp.Neighbors.Count == 0, because);
        Assert.Equal(1, _host.Counters.FramesConsumed);
    }

    [Fact]
    public void Sender_WithOurOwnStation_IsOurEchoAndIgnored()
    {
        _host.Receive(Frames.Arp(ArpOperation.Request, senderMac: Net.OwnMac));
        _host.Receive(Frames.Arp(ArpOperation.Request, sender: Net.Own, senderMac: Net.OwnMac));

        Assert.Equal((0, 2, 0), (_host.Stack.Arp.Neighbors.Count, _host.Counters.FramesConsumed, _host.Counters.AddressConflicts));
        Assert.Empty(_host.Sent);
    }

    [Fact]
    public void Reply_OfTheNeighborWaitedFor_SendsWhatWaited()
    {
        _host.Send(Net.Neighbor, [1]);
        _host.Send(Net.Neighbor, [2]);
        Assert.Equal(EtherType.Arp, TypeOf(Assert.Single(_host.Sent)));

        _host.IntroduceNeighbor();

        Assert.Equal([1, 2], _host.Sent.Skip(1).Select(frame => frame[^1]));
        Assert.All(_host.Sent.Skip(1), frame => Assert.Equal(Net.NeighborMac, MacAddress.Read(frame)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reply_RingFullOrLinkDown_CountsWhatWaited(bool isDown)
    {
        _host.Send(Net.Neighbor, [1]);
        (_host.Link.IsUp, _host.Link.Transmitter.Room) = (!isDown, isDown ? 1 : 0);

        _host.IntroduceNeighbor();

        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.ParkedNotSent));
    }

    [Fact]
    public void Request_FromHere_AsksEverybodyForTheNextHop()
    {
        _host.Send(Net.Outside, [1]);

        var (ethernet, arp) = Judge(Assert.Single(_host.Sent));
        Assert.Equal(Text(MacAddress.Broadcast), Text(ethernet.DestinationHardwareAddress));
        Assert.Equal((Oracle.ArpOperation.Request, Net.Gateway.ToIPAddress()), (arp.Operation, arp.TargetProtocolAddress));
        Assert.Equal((Text(Net.OwnMac), Net.Own.ToIPAddress()), (Text(arp.SenderHardwareAddress), arp.SenderProtocolAddress));
        Assert.Equal(Text(MacAddress.Zero), Text(arp.TargetHardwareAddress));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Request_RingFull_ConsumesItAndCountsTheAnswer(bool atCommit)
    {
        (_host.Link.Transmitter.RefusesCommit, _host.Link.Transmitter.Room) = (atCommit, atCommit ? 1 : 0);

        _host.Receive(Frames.Arp(ArpOperation.Request));

        Assert.Empty(_host.Sent);
        Assert.Equal((1, 1), (_host.Counters.FramesConsumed, _host.Counters.Drops(MemifDropReason.AnswerNotSent)));
    }

    [Fact]
    public void LinkUp_AnnouncesItselfAndForgetsTheNeighbors()
    {
        _host.IntroduceNeighbor();
        _host.Send(Net.Gateway, [1]);
        _host.Sent.Clear();

        _host.Stack.LinkUp();

        var (ethernet, arp) = Judge(Assert.Single(_host.Sent));
        Assert.Equal(Text(MacAddress.Broadcast), Text(ethernet.DestinationHardwareAddress));
        Assert.Equal(
            (Oracle.ArpOperation.Request, Net.Own.ToIPAddress(), Net.Own.ToIPAddress()),
            (arp.Operation, arp.SenderProtocolAddress, arp.TargetProtocolAddress));
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.NeighborUnreachable));
        Assert.Equal(0, _host.Stack.Arp.Neighbors.Count);
    }

    [Fact]
    public void LinkUp_AnnouncesTwiceTwoSecondsApart()
    {
        _host.Stack.LinkUp();
        Assert.Equal(1, _host.Scheduled);
        Assert.Equal(ArpAnnouncer.AnnounceInterval, _host.Time.GetElapsedTime(_host.Time.GetTimestamp(), _host.Stack.NextDeadline!.Value));

        _host.Pass(ArpAnnouncer.AnnounceInterval - TimeSpan.FromMilliseconds(1));
        Assert.Single(_host.Sent);
        _host.Pass(TimeSpan.FromMilliseconds(1));
        _host.PassSeconds(100);

        Assert.Equal(2, _host.Sent.Count);
        Assert.Equal(_host.Sent[0], _host.Sent[1]);
        Assert.Null(_host.Stack.NextDeadline);
    }

    [Fact]
    public void LinkUp_RingWithoutBuffersYet_IsMadeGoodByTheSecondAnnouncement()
    {
        _host.Link.Transmitter.Room = 0;
        _host.Stack.LinkUp();
        _host.Link.Transmitter.Room = int.MaxValue;

        _host.Pass(ArpAnnouncer.AnnounceInterval);

        Assert.Equal(Net.Own.ToIPAddress(), Judge(Assert.Single(_host.Sent)).Arp.SenderProtocolAddress);
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.AnswerNotSent));
    }

    [Fact]
    public void NextDeadline_AnnouncementAndNeighbor_IsTheEarlier()
    {
        _host.Stack.LinkUp();
        _host.PassSeconds(1.5);
        _host.Send(Net.Neighbor, [1]);
        Assert.Equal(0.5, SecondsUntilDeadline());

        _host.PassSeconds(0.5);
        Assert.Equal(0.5, SecondsUntilDeadline());
    }

    [Fact]
    public void Permanent_Neighbor_IsUsedWithoutAsking()
    {
        _host.Send(Net.Neighbor, [1]);
        _host.Stack.Arp.SetPermanent(Net.Neighbor, Net.GatewayMac);
        _host.IntroduceNeighbor();
        _host.Send(Net.Neighbor, [2]);

        Assert.Equal([1, 2], _host.Sent.Skip(1).Select(frame => frame[^1]));
        Assert.All(_host.Sent.Skip(1), frame => Assert.Equal(Net.GatewayMac, MacAddress.Read(frame)));
    }

    [Fact]
    public void Probe_OfAKnownNeighbor_GoesToItsStationOnly()
    {
        _host.IntroduceNeighbor();
        _host.Send(Net.Neighbor, [1]);

        _host.Pass(NeighborCache.RefreshTime);

        var (ethernet, arp) = Judge(_host.LastSent);
        Assert.Equal(Text(Net.NeighborMac), Text(ethernet.DestinationHardwareAddress));
        Assert.Equal(
            (Oracle.ArpOperation.Request, Net.Own.ToIPAddress(), Net.Neighbor.ToIPAddress()),
            (arp.Operation, arp.SenderProtocolAddress, arp.TargetProtocolAddress));
    }

    [Theory]
    [InlineData(1, 2, "another hardware type")]
    [InlineData(2, 0x86, "another protocol")]
    [InlineData(4, 8, "longer hardware addresses")]
    [InlineData(5, 16, "longer protocol addresses")]
    [InlineData(8, 0x03, "a multicast sender")]
    [InlineData(13, 0x00, "no sender")]
    public void Packet_ThatMakesNoSense_IsDropped(int offset, byte value, string because)
    {
        byte[] frame = Frames.Arp(ArpOperation.Request, senderMac: new MacAddress(offset == 13 ? 9u : Net.NeighborMac.Value));
        frame[EthernetFrame.HeaderLength + offset] = value;

        _host.AssertDrops(MemifDropReason.BadArp, frame);

        Assert.True(_host.Sent.Count == 0, because);
        Assert.Null(_host.Stack.NextDeadline);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(0x0101)]
    public void Packet_OfAnotherOperation_SaysNothingOfItsSender(int operation)
    {
        _host.IntroduceNeighbor();
        _host.Pass(NeighborCache.ClaimInterval);

        _host.AssertDrops(MemifDropReason.BadArp, Frames.Arp((ArpOperation)operation, senderMac: Net.OtherMac));

        _host.Send(Net.Neighbor, "x"u8);
        Assert.Equal(Net.NeighborMac, MacAddress.Read(Assert.Single(_host.Sent)));
    }

    private double SecondsUntilDeadline() =>
        _host.Time.GetElapsedTime(_host.Time.GetTimestamp(), _host.Stack.NextDeadline!.Value).TotalSeconds;

    private bool IsKnown(Ipv4Address address)
    {
        int before = _host.Sent.Count;
        _host.Send(address, [1]);
        return TypeOf(_host.Sent[before]) == EtherType.IPv4;
    }

    private static EtherType TypeOf(byte[] bytes)
    {
        Assert.True(EthernetFrame.TryParse(bytes, out EthernetFrame frame));
        return frame.Type;
    }

    private static (Oracle.EthernetPacket Ethernet, Oracle.ArpPacket Arp) Judge(byte[] frame)
    {
        var ethernet = (Oracle.EthernetPacket)Oracle.Packet.ParsePacket(Oracle.LinkLayers.Ethernet, frame);
        return (ethernet, ethernet.Extract<Oracle.ArpPacket>());
    }

    private static string Text(System.Net.NetworkInformation.PhysicalAddress address) => Convert.ToHexString(address.GetAddressBytes());

    private static string Text(MacAddress address)
    {
        byte[] bytes = new byte[MacAddress.Length];
        address.Write(bytes);
        return Convert.ToHexString(bytes);
    }
}

using Microsoft.Extensions.Time.Testing;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Link;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>ARP when the address is another host's too, and that one answers for it.</summary>
public sealed class ArpSharedAddressTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TestLink _link = new();
    private readonly InterfaceCounters _counters = new();
    private readonly IpStack _stack;
    private int _conflicts;

    public ArpSharedAddressTests()
    {
        var identity = new StackIdentity(new Ipv4Prefix(Net.Own, 24), Net.Gateway, Net.OwnMac, 1500) { IsShared = true };
        _stack = new IpStack(identity, _link, new PortTable(32768, 60999), _counters, _time, () => { });
        _stack.Arp.AddressConflict = _ => _conflicts++;
    }

    [Fact]
    public void Request_ForTheSharedAddress_IsLearnedFromButNotAnswered()
    {
        _stack.Handle(Frames.Arp(ArpOperation.Request));

        Assert.Empty(_link.Sent);
        Assert.Equal(Net.NeighborMac, _stack.Arp.Neighbors.Find(Net.Neighbor));
    }

    [Fact]
    public void LinkUp_AnnouncesNothing()
    {
        _stack.LinkUp();
        Pass(100);

        Assert.Empty(_link.Sent);
    }

    [Fact]
    public void Packet_OfTheOtherHolder_IsNoConflict()
    {
        _stack.Handle(Frames.Arp(ArpOperation.Request, target: Net.Gateway, sender: Net.Own));

        Assert.Empty(_link.Sent);
        Assert.Equal((0, 0, 1), (_conflicts, _counters.AddressConflicts, _counters.FramesConsumed));
        Assert.Equal(0, _stack.Arp.Neighbors.Count);
    }

    [Fact]
    public void Neighbor_IsResolvedInOurName()
    {
        _stack.Udp.Send(new UdpFlow(Ipv4Address.Any, 4000, Net.Neighbor, 9), "x"u8);
        Assert.True(ArpPacket.TryParse(Assert.Single(_link.Sent).AsSpan(EthernetFrame.HeaderLength), out ArpPacket request));
        Assert.Equal((Net.OwnMac, Net.Own), (request.SenderMac, request.SenderAddress));

        _stack.Handle(Frames.Arp(ArpOperation.Reply));

        Assert.Equal(Net.NeighborMac, MacAddress.Read(_link.Sent[1]));
        Assert.Equal((byte)'x', _link.Sent[1][^1]);
    }

    [Fact]
    public void Neighbor_IsConfirmedAndAskedForAgain()
    {
        _stack.Udp.Send(new UdpFlow(Ipv4Address.Any, 4000, Net.Neighbor, 9), "x"u8);
        Pass(1);

        Assert.Equal(2, _link.Sent.Count);
    }

    private void Pass(double seconds)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _stack.Tick();
    }
}

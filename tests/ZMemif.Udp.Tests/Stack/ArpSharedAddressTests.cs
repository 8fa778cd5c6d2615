using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>ARP when the address is another host's too, and that one answers for it.</summary>
public sealed class ArpSharedAddressTests : IDisposable
{
    private readonly TestHost _host = new(isShared: true);

    public void Dispose() => _host.AssertBalances();

    [Fact]
    public void Request_ForTheSharedAddress_IsLearnedFromButNotAnswered()
    {
        _host.Receive(Frames.Arp(ArpOperation.Request));

        Assert.Empty(_host.Sent);
        Assert.Equal(Net.NeighborMac, _host.Stack.Arp.Neighbors.Find(Net.Neighbor));
    }

    [Fact]
    public void LinkUp_AnnouncesNothing()
    {
        _host.Stack.LinkUp();
        _host.PassSeconds(100);

        Assert.Empty(_host.Sent);
    }

    [Fact]
    public void Packet_OfTheOtherHolder_IsNoConflict()
    {
        int conflicts = 0;
        _host.Stack.Arp.AddressConflict = _ => conflicts++;

        _host.Receive(Frames.Arp(ArpOperation.Request, target: Net.Gateway, sender: Net.Own));

        Assert.Empty(_host.Sent);
        Assert.Equal((0, 0, 1), (conflicts, _host.Counters.AddressConflicts, _host.Counters.FramesConsumed));
        Assert.Equal(0, _host.Stack.Arp.Neighbors.Count);
    }

    [Fact]
    public void Neighbor_IsResolvedInOurName()
    {
        _host.Send(Net.Neighbor, "x"u8);
        Assert.True(ArpPacket.TryParse(Assert.Single(_host.Sent).AsSpan(EthernetFrame.HeaderLength), out ArpPacket request));
        Assert.Equal((Net.OwnMac, Net.Own), (request.SenderMac, request.SenderAddress));

        _host.Receive(Frames.Arp(ArpOperation.Reply));

        Assert.Equal(Net.NeighborMac, MacAddress.Read(_host.Sent[1]));
        Assert.Equal((byte)'x', _host.Sent[1][^1]);
    }

    [Fact]
    public void Neighbor_IsConfirmedAndAskedForAgain()
    {
        _host.Send(Net.Neighbor, "x"u8);
        _host.PassSeconds(1);

        Assert.Equal(2, _host.Sent.Count);
    }
}

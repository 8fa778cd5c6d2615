using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Another station claims our address (RFC 5227 §2.4).</summary>
public sealed class ArpConflictTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly List<MacAddress> _reported = [];

    public ArpConflictTests() => _host.Stack.Arp.AddressConflict = _reported.Add;

    public void Dispose() => _host.AssertBalances();

    [Theory]
    [InlineData((ushort)ArpOperation.Request, "192.0.2.2", "its announcement")]
    [InlineData((ushort)ArpOperation.Request, "192.0.2.254", "its request for somebody else")]
    [InlineData((ushort)ArpOperation.Reply, "192.0.2.2", "its answer to us")]
    [InlineData((ushort)ArpOperation.Reply, "192.0.2.254", "its answer to somebody else")]
    public void Claim_IsCountedReportedAndAnsweredByOneAnnouncement(ushort operation, string target, string what)
    {
        _host.Receive(Frames.Arp((ArpOperation)operation, Ipv4Address.Parse(target), Net.Own));

        Assert.True(_host.Counters.AddressConflicts == 1, what);
        Assert.Equal([Net.NeighborMac], _reported);
        AssertIsAnnouncement(Assert.Single(_host.Sent));
        Assert.Equal(1, _host.Counters.FramesConsumed);
    }

    [Fact]
    public void Claim_AgainAndAgain_IsAlwaysCountedButDefendedOncePerInterval()
    {
        for (int i = 0; i < 100; i++)
            Claim();
        _host.Pass(ArpAnnouncer.DefendInterval - TimeSpan.FromMilliseconds(1));
        Claim();
        Assert.Single(_host.Sent);

        _host.Pass(TimeSpan.FromMilliseconds(1));
        Claim();

        Assert.Equal((102, 2, 2), (_host.Counters.AddressConflicts, _host.Sent.Count, _reported.Count));
    }

    [Fact]
    public void Claim_NobodyListens_IsDefendedAllTheSame()
    {
        _host.Stack.Arp.AddressConflict = null;

        Claim();

        AssertIsAnnouncement(Assert.Single(_host.Sent));
    }

    [Fact]
    public void Claim_IsNotLearned()
    {
        Claim();

        Assert.Equal(0, _host.Stack.Arp.Neighbors.Count);
    }

    private void Claim() => _host.Receive(Frames.Arp(ArpOperation.Request, target: Net.Own, sender: Net.Own));

    private static void AssertIsAnnouncement(byte[] frame)
    {
        Assert.Equal(MacAddress.Broadcast, MacAddress.Read(frame));
        Assert.True(ArpPacket.TryParse(frame.AsSpan(EthernetFrame.HeaderLength), out ArpPacket packet));
        Assert.Equal((ArpOperation.Request, Net.OwnMac), (packet.Operation, packet.SenderMac));
        Assert.Equal((Net.Own, Net.Own), (packet.SenderAddress, packet.TargetAddress));
    }
}

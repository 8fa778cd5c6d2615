using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

public sealed class PortTableTests
{
    private static readonly UdpPeer Friend = new(Net.Neighbor, 5000);

    private readonly PortTable _ports = new(50_000, 50_009);

    [Fact]
    public void Find_NothingBound_GivesNobody() => Assert.Null(FindFromFriend());

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public void Find_ExactPeerAndAddressAndWildcard_PrefersInThatOrderHoweverTheyWereBound(int first, int second, int third)
    {
        var sinks = new TestSink[3];
        foreach (int i in new[] { first, second, third })
        {
            sinks[i] = new TestSink(new Ipv4Address(Ipv4Address.Loopback.Value + (uint)i));
            Assert.NotNull(_ports.TryBind(sinks[i], sinks[i].LocalAddress, 7));
        }

        (TestSink wildcard, TestSink address, TestSink connected) = (sinks[0], sinks[1], sinks[2]);
        wildcard.LocalAddress = Ipv4Address.Any;
        address.LocalAddress = Net.Own;
        (connected.LocalAddress, connected.Peer) = (Net.Own, Friend);

        Assert.Same(connected, FindFromFriend());
        Assert.Same(address, _ports.Find(Net.Own, 7, Net.Neighbor, 5001));
        Assert.Same(wildcard, _ports.Find(Net.DirectedBroadcast, 7, Net.Neighbor, 5000));
    }

    [Fact]
    public void Find_SocketsOfSeveralAddresses_GivesTheOneOfTheDestination()
    {
        var own = new TestSink(Net.Own);
        var loopback = new TestSink(Ipv4Address.Loopback);
        Assert.NotNull(_ports.TryBind(own, Net.Own, 7));
        Assert.NotNull(_ports.TryBind(loopback, Ipv4Address.Loopback, 7));

        Assert.Same(own, _ports.Find(Net.Own, 7, Net.Neighbor, 5000));
        Assert.Same(loopback, _ports.Find(Ipv4Address.Loopback, 7, Ipv4Address.Loopback, 5000));
        Assert.Null(_ports.Find(new Ipv4Address(0x7F000002), 7, Ipv4Address.Loopback, 5000));
    }

    [Fact]
    public void Find_ConnectedSocket_HearsOnlyItsPeer()
    {
        Assert.NotNull(_ports.TryBind(new TestSink(Net.Own, Friend), Net.Own, 7));

        Assert.NotNull(FindFromFriend());
        Assert.Null(_ports.Find(Net.Own, 7, Net.Neighbor, 5001));
        Assert.Null(_ports.Find(Net.Own, 7, Net.Gateway, 5000));
    }

    [Fact]
    public void Find_ConnectedToPortZero_HearsEveryPortOfThePeer()
    {
        Assert.NotNull(_ports.TryBind(new TestSink(Net.Own, Friend with { Port = 0 }), Net.Own, 7));

        Assert.NotNull(_ports.Find(Net.Own, 7, Net.Neighbor, 1));
        Assert.Null(_ports.Find(Net.Own, 7, Net.Gateway, 1));
    }

    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0", false)]
    [InlineData("0.0.0.0", "192.0.2.2", false)]
    [InlineData("192.0.2.2", "0.0.0.0", false)]
    [InlineData("192.0.2.2", "192.0.2.2", false)]
    [InlineData("127.0.0.1", "127.0.0.2", true)]
    [InlineData("192.0.2.2", "127.0.0.1", true)]
    public void TryBind_SecondOnAPort_IsRefusedWhereTheKernelRefuses(string first, string second, bool isFree)
    {
        Assert.NotNull(Bind(first, 7));

        Assert.Equal(isFree, Bind(second, 7) is not null);
        Assert.NotNull(Bind(second, 8));
    }

    [Fact]
    public void TryBind_EphemeralRangeExhausted_GivesNothingUntilOneIsFreed()
    {
        var sinks = Enumerable.Range(0, 10).Select(_ => new TestSink()).ToArray();
        ushort[] bound = [.. sinks.Select(sink => _ports.TryBind(sink, default, 0)!.Value)];

        Assert.Equal(Enumerable.Range(50_000, 10), bound.Select(port => (int)port).Order());
        Assert.Null(Bind("127.0.0.1", 0));

        _ports.Unbind(sinks[3], bound[3]);
        Assert.Equal(bound[3], Bind("127.0.0.1", 0));
    }

    [Fact]
    public void TryBind_EphemeralPorts_CannotBeToldFromThoseBefore()
    {
        var ports = new PortTable(32768, 60999);
        int[] chosen = [.. Enumerable.Range(0, 2000).Select(_ => (int)ports.TryBind(new TestSink(), Ipv4Address.Any, 0)!)];

        // Distances would be few if there were a step or a hash; and each eighth of the range would not get its share.
        Assert.InRange(chosen.Zip(chosen.Skip(1), (first, second) => second - first).Distinct().Count(), 1800, 1999);
        Assert.All(chosen.CountBy(port => (port - 32768) * 8 / 28232), eighth => Assert.InRange(eighth.Value, 150, 350));
    }

    [Fact]
    public void TryBind_EphemeralRangeOfOne_GivesThatPort()
    {
        var ports = new PortTable(65_535, 65_535);

        Assert.Equal((ushort)65_535, ports.TryBind(new TestSink(), default, 0));
        Assert.Null(ports.TryBind(new TestSink(), default, 0));
    }

    [Fact]
    public void TryBind_EveryPort_FindsEachItsOwn()
    {
        var sinks = new TestSink[65_536];
        for (int port = 1; port < sinks.Length; port++)
            Assert.Equal((ushort)port, _ports.TryBind(sinks[port] = new TestSink(), default, (ushort)port));

        for (int port = 1; port < sinks.Length; port++)
            Assert.Same(sinks[port], _ports.Find(Net.Own, (ushort)port, Net.Neighbor, 5000));
        Assert.Equal(65_535, _ports.All().Count);
        Assert.Null(_ports.Find(Net.Own, 0, Net.Neighbor, 5000));
    }

    [Fact]
    public void Unbind_Port_IsFreeAtOnce()
    {
        var sink = new TestSink();
        Assert.NotNull(_ports.TryBind(sink, default, 7));

        _ports.Unbind(sink, 7);

        Assert.Null(FindFromFriend());
        Assert.Empty(_ports.All());
        Assert.Equal((ushort)7, Bind("0.0.0.0", 7));
    }

    [Fact]
    public void Unbind_OneOfSeveral_LeavesTheOthers()
    {
        var stays = new TestSink(Net.Own);
        var goes = new TestSink(Ipv4Address.Loopback);
        Assert.NotNull(_ports.TryBind(goes, Ipv4Address.Loopback, 7));
        Assert.NotNull(_ports.TryBind(stays, Net.Own, 7));

        _ports.Unbind(goes, 7);
        _ports.Unbind(goes, 7);

        Assert.Equal([stays], _ports.All());
        Assert.Same(stays, FindFromFriend());
    }

    [Fact]
    public void Find_WhileOthersBindAndUnbind_NeverMissesWhoStays()
    {
        var stays = new TestSink(Net.Own);
        Assert.NotNull(_ports.TryBind(stays, Net.Own, 7));
        using var done = new CancellationTokenSource();
        var churn = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                var other = new TestSink(Ipv4Address.Loopback);
                _ports.TryBind(other, Ipv4Address.Loopback, 7);
                _ports.Unbind(other, 7);
            }
        });
        churn.Start();

        int missed = 0;
        for (int i = 0; i < 100_000; i++)
            missed += FindFromFriend() == stays ? 0 : 1;
        done.Cancel();
        churn.Join();

        Assert.Equal(0, missed);
    }

    [Fact]
    public void TryBind_BothShare_IsAllowedAndFlowsAreSpread()
    {
        TestSink[] sharing = [.. Enumerable.Range(0, 3).Select(_ => new TestSink { SharesPort = true })];
        foreach (TestSink sink in sharing)
            Assert.NotNull(_ports.TryBind(sink, Ipv4Address.Any, 7));

        ushort[] sources = [.. Enumerable.Range(1, 200).Select(i => (ushort)i)];
        IDatagramSink?[] found = [.. sources.Select(source => _ports.Find(Net.Own, 7, Net.Neighbor, source))];

        Assert.Equal(found, sources.Select(source => _ports.Find(Net.Own, 7, Net.Neighbor, source)));
        Assert.All(sharing, sink => Assert.InRange(found.Count(other => other == sink), 20, 160));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void TryBind_OnlyOneShares_IsTaken(bool first, bool second)
    {
        Assert.NotNull(_ports.TryBind(new TestSink { SharesPort = first }, Ipv4Address.Any, 7));

        Assert.Null(_ports.TryBind(new TestSink { SharesPort = second }, Net.Own, 7));
    }

    private ushort? Bind(string address, ushort port)
    {
        Ipv4Address local = Ipv4Address.Parse(address);
        return _ports.TryBind(new TestSink(local), local, port);
    }

    private IDatagramSink? FindFromFriend() => _ports.Find(Net.Own, 7, Net.Neighbor, 5000);
}

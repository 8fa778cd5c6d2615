using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>What a socket may join and leave: the rules of Linux.</summary>
public sealed class SocketGroupsTests
{
    private static readonly Ipv4Address s_a = Ipv4Address.Parse("198.51.100.1");
    private static readonly Ipv4Address s_b = Ipv4Address.Parse("198.51.100.2");

    private readonly GroupTable _table = new(_ => { });
    private readonly SocketGroups _groups;

    public SocketGroupsTests() => _groups = new SocketGroups(_table, new TestSink());

    [Fact]
    public void Join_OfNoGroup_IsRefused() => Assert.Equal(SocketError.InvalidArgument, _groups.Join(Net.Neighbor));

    [Fact]
    public void Join_Twice_IsRefused()
    {
        Assert.Equal(SocketError.Success, _groups.Join(Net.Group));
        Assert.Equal(SocketError.AddressAlreadyInUse, _groups.Join(Net.Group));
    }

    [Fact]
    public void Join_OfMoreThanTwenty_IsRefusedUntilOneIsLeft()
    {
        for (uint i = 0; i < SocketGroups.MaxGroups; i++)
            Assert.Equal(SocketError.Success, _groups.Join(new Ipv4Address(0xEF00_0000 + i)));

        Assert.Equal(SocketError.NoBufferSpaceAvailable, _groups.Join(Net.Group));
        Assert.Equal(SocketError.NoBufferSpaceAvailable, _groups.JoinSource(Net.Group, s_a));
        Assert.Equal(SocketError.Success, _groups.Leave(new Ipv4Address(0xEF00_0003)));
        Assert.Equal(SocketError.Success, _groups.Join(Net.Group));
    }

    [Fact]
    public void Leave_OfWhatWasNotJoined_IsRefused()
    {
        Assert.Equal(SocketError.AddressNotAvailable, _groups.Leave(Net.Group));
        _groups.Join(Net.Group);
        Assert.Equal(SocketError.Success, _groups.Leave(Net.Group));
        Assert.Equal(SocketError.AddressNotAvailable, _groups.Leave(Net.Group));
    }

    [Fact]
    public void JoinSource_AddsSourceAfterSource()
    {
        Assert.Equal(SocketError.Success, _groups.JoinSource(Net.Group, s_a));
        Assert.Equal(SocketError.Success, _groups.JoinSource(Net.Group, s_b));

        Assert.Equal(SocketError.AddressNotAvailable, _groups.JoinSource(Net.Group, s_a));
        Assert.True(_table.Accepts(Net.Group, s_a) && _table.Accepts(Net.Group, s_b));
        Assert.False(_table.Accepts(Net.Group, Net.Outside));
    }

    [Fact]
    public void JoinSource_OfMoreThanTen_IsRefused()
    {
        for (uint i = 0; i < SocketGroups.MaxSources; i++)
            Assert.Equal(SocketError.Success, _groups.JoinSource(Net.Group, new Ipv4Address(0xC633_6410 + i)));

        Assert.Equal(SocketError.NoBufferSpaceAvailable, _groups.JoinSource(Net.Group, s_a));
    }

    [Fact]
    public void JoinSource_AfterAJoinOfAll_WantsThatSourceOnly()
    {
        _groups.Join(Net.Group);

        Assert.Equal(SocketError.Success, _groups.JoinSource(Net.Group, s_a));

        Assert.True(_table.Accepts(Net.Group, s_a));
        Assert.False(_table.Accepts(Net.Group, s_b));
    }

    [Fact]
    public void LeaveSource_OfTheLast_LeavesTheGroup()
    {
        _groups.JoinSource(Net.Group, s_a);

        Assert.Equal(SocketError.AddressNotAvailable, _groups.LeaveSource(Net.Group, s_b));
        Assert.Equal(SocketError.Success, _groups.LeaveSource(Net.Group, s_a));

        Assert.False(_table.IsJoined(Net.Group));
        Assert.Equal(SocketError.InvalidArgument, _groups.LeaveSource(Net.Group, s_a));
    }

    [Fact]
    public void BlockSource_BeforeAJoin_IsRefused() =>
        Assert.Equal(SocketError.InvalidArgument, _groups.BlockSource(Net.Group, s_a));

    [Fact]
    public void BlockSource_TwiceOrUnblockOfAnother_IsRefused()
    {
        _groups.Join(Net.Group);

        Assert.Equal(SocketError.Success, _groups.BlockSource(Net.Group, s_a));
        Assert.Equal(SocketError.AddressNotAvailable, _groups.BlockSource(Net.Group, s_a));
        Assert.Equal(SocketError.AddressNotAvailable, _groups.UnblockSource(Net.Group, s_b));
        Assert.False(_table.Accepts(Net.Group, s_a));
        Assert.Equal(SocketError.Success, _groups.UnblockSource(Net.Group, s_a));
        Assert.True(_table.Accepts(Net.Group, s_a));
    }

    [Fact]
    public void Sources_WantedAndBlocked_DoNotMix()
    {
        _groups.JoinSource(Net.Group, s_a);
        Assert.Equal(SocketError.InvalidArgument, _groups.BlockSource(Net.Group, s_b));
        Assert.Equal(SocketError.InvalidArgument, _groups.UnblockSource(Net.Group, s_a));

        _groups.Leave(Net.Group);
        _groups.Join(Net.Group);
        _groups.BlockSource(Net.Group, s_a);
        Assert.Equal(SocketError.InvalidArgument, _groups.JoinSource(Net.Group, s_b));
        Assert.Equal(SocketError.InvalidArgument, _groups.LeaveSource(Net.Group, s_a));
    }

    [Fact]
    public void Close_LeavesAllForGood()
    {
        _groups.Join(Net.Group);

        _groups.Close();

        Assert.False(_table.IsJoined(Net.Group));
        Assert.Equal(SocketError.OperationAborted, _groups.Join(Net.Group));
    }
}

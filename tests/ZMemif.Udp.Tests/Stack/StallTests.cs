using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>A peer that takes nothing off a full ring (design §3, Stall; §5).</summary>
public sealed class StallTests
{
    private readonly TestHost _host = new();

    public StallTests() => _host.IntroduceNeighbor();

    [Fact]
    public void Ring_FullForLessThanTheLimit_IsOnlyFull()
    {
        _host.Link.Transmitter.Room = 0;

        Assert.Equal(SendStatus.RingFull, Send());
        Assert.False(_host.Stack.IsStalled);
    }

    [Fact]
    public void Ring_FullForLong_PeerIsStalledAndSendsFailAtOnce()
    {
        Stall();

        Assert.Equal(SendStatus.Stalled, Send());
        Assert.Equal(1, _host.StallChanges);
    }

    [Fact]
    public void Peer_TakesOne_SendsGoAgain()
    {
        Stall();
        _host.Link.Transmitter.Room = 1;

        Assert.Equal(SendStatus.Sent, Send());
        Assert.False(_host.Stack.IsStalled);
        Assert.Equal(2, _host.StallChanges);
    }

    [Fact]
    public void Peer_TakesOneWhileNobodySends_IsNoticedWithinTenMilliseconds()
    {
        Stall();
        Assert.Equal(_host.Time.GetTimestamp() + TimeSpan.FromMilliseconds(10).Ticks, _host.Stack.NextDeadline);
        _host.Stack.Tick();
        Assert.True(_host.Stack.IsStalled);

        _host.Link.Transmitter.Room = 1;
        _host.Stack.Tick();

        Assert.False(_host.Stack.IsStalled);
        Assert.Equal(2, _host.StallChanges);
    }

    [Fact]
    public void Peer_TakesSlowlyButTakes_IsNotStalled()
    {
        // Room for one at a time, but never enough for a frame over two slots: it moves all the same.
        _host.Link.Transmitter.Room = 0;
        _host.Link.Transmitter.RoomShown = 0;
        long began = Environment.TickCount64;
        while (Environment.TickCount64 - began < 3 * TestHost.Stall.TotalMilliseconds)
        {
            _host.Link.Transmitter.RoomShown ^= 1;
            Assert.Equal(SendStatus.RingFull, Send());
        }
    }

    [Fact]
    public void Commit_FindsNoRoomAfterAll_DoesNotEndTheStall()
    {
        Stall();
        _host.Link.Transmitter.Room = 1;
        _host.Link.Transmitter.RoomShown = 0;
        _host.Link.Transmitter.RefusesCommit = true;

        Assert.Equal(SendStatus.RingFull, Send());

        Assert.True(_host.Stack.IsStalled);
        Assert.Equal(1, _host.StallChanges);
    }

    [Fact]
    public void Batch_FindsNoRoomForLong_PeerIsStalled()
    {
        _host.Link.Transmitter.RoomShown = 0;
        _host.Link.Transmitter.RefusesCommit = true;
        MemifDatagram[] batch = [new MemifDatagram(new byte[1]) { Length = 1, RemoteEndPoint = new MemifEndPoint(new UdpPeer(Net.Neighbor, 9)) }];

        Assert.True(SpinWait.SpinUntil(
            () => _host.Udp.SendRun(default, 7, null, PacketOptions.Default, batch, 1) == 0 && _host.Stack.IsStalled, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Link_ComesUpAgain_NothingIsStalled()
    {
        Stall();
        _host.Link.Transmitter.Room = int.MaxValue;

        _host.Stack.LinkUp();

        Assert.False(_host.Stack.IsStalled);
    }

    private SendStatus Send() => _host.Send(Net.Neighbor, "x"u8);

    private void Stall()
    {
        _host.Link.Transmitter.Room = 0;
        Assert.True(SpinWait.SpinUntil(() => Send() == SendStatus.Stalled, TimeSpan.FromSeconds(20)));
        Assert.True(_host.Stack.IsStalled);
    }
}

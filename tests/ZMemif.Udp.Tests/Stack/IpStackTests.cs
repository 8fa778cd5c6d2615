using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Frames into the whole stack.</summary>
public sealed class IpStackTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.AssertBalances();

    public static TheoryData<string> Kinds => [.. FrameKinds.All.Keys];

    [Fact]
    public void Handle_FrameOfAnotherStation_IsDropped() =>
        _host.AssertDrops(MemifDropReason.OtherStation, Frames.Udp("x"u8, to: Net.GatewayMac));

    [Theory]
    [InlineData((int)EtherType.IPv6)]
    [InlineData((int)EtherType.Vlan)]
    [InlineData(46)]
    [InlineData(0xFFFF)]
    public void Handle_ProtocolNotSpoken_IsDropped(int type) =>
        _host.AssertDrops(MemifDropReason.UnknownEtherType, Frames.Ethernet((EtherType)type, new byte[46]));

    [Fact]
    public void Handle_MulticastStation_IsLookedAt()
    {
        _host.Listen();

        _host.Receive(Frames.Udp("x"u8, to: MacAddress.ForMulticast(Net.Group)));

        Assert.Equal(1, _host.Counters.DatagramsDelivered);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Handle_WholeFrame_HasTheFateOfItsKind(string kind)
    {
        UdpEndpoint socket = _host.Listen();

        _host.Receive(FrameKinds.All[kind]());

        Assert.Equal(FrameKinds.Delivered.Contains(kind), socket.Inbox.TryTake(out _));
        Assert.Equal(FrameKinds.Delivered.Contains(kind) ? 0 : 1, _host.Counters.FramesConsumed);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Handle_FrameCutAtEveryByte_IsDroppedAndCountedOnce(string kind)
    {
        _host.Listen();
        byte[] frame = FrameKinds.All[kind]();
        MemifDropReason[] possible = [MemifDropReason.Truncated, MemifDropReason.BadArp, MemifDropReason.BadIpHeader];
        for (int length = 0; length < frame.Length; length++)
        {
            long before = possible.Sum(_host.Counters.Drops);
            long settled = _host.FramesSettled;
            _host.Receive(frame[..length]);
            Assert.Equal((before + 1, settled + 1), (possible.Sum(_host.Counters.Drops), _host.FramesSettled));
        }

        Assert.Empty(_host.Sent);
        Assert.Equal(frame.Length, _host.Counters.FramesReceived);
    }

    [Fact]
    public void Handle_FramesFromManyThreads_EachHasOneFate()
    {
        const int PerThread = 5000;
        UdpEndpoint socket = _host.Listen();
        byte[][] frames = [.. FrameKinds.All.Values.Select(make => make()), Frames.Udp("x"u8, port: 8), [1, 2, 3]];
        Thread[] threads = [.. Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < PerThread; i++)
            {
                _host.Receive(frames[i % frames.Length]);
                if (socket.Inbox.TryTake(out QueuedDatagram datagram))
                    DatagramInbox.Return(datagram);
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(3 * PerThread, _host.Counters.FramesReceived);
        Assert.Equal(3 * PerThread, _host.FramesSettled);
    }

    [Fact]
    public void Counters_OfSocketClosedUnderTraffic_StillBalance()
    {
        using var done = new CancellationTokenSource();
        var traffic = new Thread(() =>
        {
            byte[] frame = Frames.Udp("x"u8);
            while (!done.IsCancellationRequested)
                _host.Receive(frame);
        });
        traffic.Start();
        for (int i = 0; i < 300; i++)
        {
            UdpEndpoint socket = _host.Listen();
            _host.Send(Net.Own, "y"u8, port: 7);
            socket.Close();
        }

        done.Cancel();
        traffic.Join();
    }
}

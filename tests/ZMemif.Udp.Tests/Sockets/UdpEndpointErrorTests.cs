using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>ICMP errors on their way to the sockets they are about.</summary>
public sealed class UdpEndpointErrorTests : IDisposable
{
    private static readonly UdpPeer Friend = new(Net.Neighbor, 5000);

    private readonly TestHost _host = new();
    private readonly UdpEndpoint _socket;

    public UdpEndpointErrorTests()
    {
        _host.IntroduceNeighbor();
        _socket = _host.Listen();
        Assert.Equal(SocketError.Success, _socket.Connect(Friend));
    }

    public void Dispose() => _host.AssertBalances();

    [Theory]
    [InlineData(3, 0, SocketError.Success)]
    [InlineData(3, 1, SocketError.Success)]
    [InlineData(3, 2, SocketError.ProtocolOption)]
    [InlineData(3, 3, SocketError.ConnectionRefused)]
    [InlineData(3, 4, SocketError.MessageSize)]
    [InlineData(3, 5, SocketError.Success)]
    [InlineData(3, 6, SocketError.NetworkUnreachable)]
    [InlineData(3, 7, SocketError.HostDown)]
    [InlineData(3, 8, SocketError.SocketError)]
    [InlineData(3, 9, SocketError.NetworkUnreachable)]
    [InlineData(3, 10, SocketError.HostUnreachable)]
    [InlineData(3, 11, SocketError.Success)]
    [InlineData(3, 12, SocketError.Success)]
    [InlineData(3, 13, SocketError.HostUnreachable)]
    [InlineData(3, 14, SocketError.HostUnreachable)]
    [InlineData(3, 15, SocketError.HostUnreachable)]
    [InlineData(3, 16, SocketError.Success)]
    [InlineData(11, 0, SocketError.Success)]
    [InlineData(11, 1, SocketError.Success)]
    [InlineData(12, 0, SocketError.SocketError)]
    public void Error_OfAnyKind_IsToldAsLinuxTellsIt(byte type, byte code, SocketError expected)
    {
        Tell(type, code, rest: 1000);

        Assert.Equal(expected, _socket.TrySend(Friend, "x"u8));
        Assert.Equal(SocketError.Success, _socket.TrySend(Friend, "x"u8));
        Assert.Equal(2, _host.Counters.FramesConsumed);
    }

    [Fact]
    public void Error_IsToldOnceByTheNextReceive()
    {
        Refuse();

        Assert.Equal(SocketError.ConnectionRefused, Receive());
        Assert.Equal(SocketError.WouldBlock, Receive());
    }

    [Fact]
    public void Error_IsToldBeforeWhatIsQueued()
    {
        _host.Receive(Frames.Udp("hello"u8));
        Refuse();

        Assert.Equal(SocketError.ConnectionRefused, Receive());
        Assert.Equal(SocketError.Success, Receive());
    }

    [Fact]
    public async Task Error_IsToldOnceByTheNextAsyncReceive()
    {
        _host.Receive(Frames.Udp("hello"u8));
        Refuse();

        DirectReceive direct = DirectReceive.IntoArray(_socket);
        Assert.False(_socket.TryReceive(ref direct));
        SocketException thrown = await Assert.ThrowsAsync<SocketException>(async () => await _socket.Inbox.TakeAsync(CancellationToken.None));

        Assert.Equal(SocketError.ConnectionRefused, thrown.SocketErrorCode);
        Assert.Equal(SocketError.Success, Receive());
    }

    [Fact]
    public async Task Error_EndsTheFirstPendingReceiveAndNoOther()
    {
        Task<QueuedDatagram> first = _socket.Inbox.TakeAsync(CancellationToken.None).AsTask();
        Task<QueuedDatagram> second = _socket.Inbox.TakeAsync(CancellationToken.None).AsTask();

        Refuse();

        SocketException thrown = await Assert.ThrowsAsync<SocketException>(() => first);
        Assert.Equal(SocketError.ConnectionRefused, thrown.SocketErrorCode);
        Assert.False(second.IsCompleted);
        Assert.Equal(SocketError.Success, _socket.TrySend(Friend, "x"u8));
        _host.Receive(Frames.Udp("hello"u8));
        QueuedDatagram datagram = await second;
        Assert.Equal("hello"u8, datagram.Payload);
    }

    [Fact]
    public void Error_EndsABlockedReceive()
    {
        SocketError error = SocketError.Success;
        var receiver = new Thread(() =>
        {
            DirectReceive direct = DirectReceive.IntoArray(_socket);
            error = _socket.Receive(ref direct, Timeout.Infinite);
        });
        _host.Engine.Start();
        receiver.Start();

        _host.Link.Receiver.Enqueue(Refusal());
        Assert.True(receiver.Join(TimeSpan.FromSeconds(20)));
        _host.Engine.Stop();

        Assert.Equal(SocketError.ConnectionRefused, error);
        Assert.Equal(SocketError.WouldBlock, Receive());
    }

    [Fact]
    public void Error_WhilePending_ThereIsNothingToRead()
    {
        Refuse();

        Assert.Null(_socket.Peek());
        Assert.False(_socket.WaitReadable(0));
    }

    [Fact]
    public void Error_TooLongADatagram_IsRefusedForThatFirst()
    {
        Refuse();

        Assert.Equal(SocketError.MessageSize, _socket.TrySend(Friend, new byte[65_508]));
        Assert.Equal(SocketError.ConnectionRefused, _socket.TrySend(Friend, "x"u8));
    }

    [Fact]
    public void Error_ForAnUnconnectedSocket_IsSilent()
    {
        UdpEndpoint open = _host.Listen(8);

        _host.Receive(Frames.Icmp(IcmpType.DestinationUnreachable, 3, Frames.Quote(fromPort: 8)));

        Assert.Equal(SocketError.Success, open.TrySend(Friend, "x"u8));
        Assert.Equal(0, _host.Counters.Drops(MemifDropReason.IcmpUnmatched));
    }

    [Theory]
    [InlineData("192.0.2.9", 5001, 7, "192.0.2.2", "another port of the peer")]
    [InlineData("192.0.2.10", 5000, 7, "192.0.2.2", "another host")]
    [InlineData("192.0.2.9", 5000, 8, "192.0.2.2", "another port of ours")]
    [InlineData("192.0.2.9", 5000, 7, "192.0.2.3", "another sender")]
    [InlineData("192.0.2.9", 5000, 7, "127.0.0.1", "what never was on a link")]
    public void Error_AboutSomethingElse_IsNobodys(string to, ushort toPort, ushort fromPort, string from, string because)
    {
        byte[] quote = Frames.Quote(fromPort, toPort, Ipv4Address.Parse(from), Ipv4Address.Parse(to));

        _host.AssertDrops(MemifDropReason.IcmpUnmatched, Frames.Icmp(IcmpType.DestinationUnreachable, 3, quote));

        Assert.True(_socket.TrySend(Friend, "x"u8) == SocketError.Success, because);
    }

    [Fact]
    public void Error_AboutAnotherProtocol_IsNobodys()
    {
        byte[] quote = Frames.Quote();
        quote[9] = (byte)IpProtocol.Tcp;

        _host.AssertDrops(MemifDropReason.IcmpUnmatched, Frames.Icmp(IcmpType.DestinationUnreachable, 3, quote));
    }

    [Fact]
    public void Error_QuotingTooLittle_IsBad()
    {
        for (int length = 0; length < 28; length++)
            _host.AssertDrops(MemifDropReason.BadIcmp, Frames.Icmp(IcmpType.DestinationUnreachable, 3, Frames.Quote(length: length)));
    }

    [Theory]
    [InlineData(0, 0x65, "version 6")]
    [InlineData(0, 0x44, "a header of 16 bytes")]
    [InlineData(0, 0x46, "a header that leaves no room for the ports")]
    [InlineData(3, 27, "a packet shorter than its headers")]
    [InlineData(7, 1, "a later fragment, which has no ports")]
    public void Error_QuotingNonsense_IsBad(int offset, byte value, string because)
    {
        byte[] quote = Frames.With(Frames.Quote(), offset, value);

        _host.AssertDrops(MemifDropReason.BadIcmp, Frames.Icmp(IcmpType.DestinationUnreachable, 3, quote));

        Assert.True(_socket.TrySend(Friend, "x"u8) == SocketError.Success, because);
    }

    [Fact]
    public void Error_WithAHeaderThatRoutersHaveChanged_IsTold()
    {
        byte[] quote = [.. Frames.Quote()[..20], 1, 1, 1, 0, .. Frames.Quote()[20..]];
        (quote[0], quote[8], quote[10], quote[11]) = (0x46, 1, 0xBA, 0xD0);

        _host.Receive(Frames.Icmp(IcmpType.DestinationUnreachable, 3, quote, source: Net.Gateway));

        Assert.Equal(SocketError.ConnectionRefused, Receive());
    }

    [Fact]
    public void Error_ToABroadcast_IsNobodys() => _host.AssertDrops(
        MemifDropReason.IcmpToBroadcast, Frames.Icmp(IcmpType.DestinationUnreachable, 3, Frames.Quote(), destination: Net.DirectedBroadcast));

    [Theory]
    [InlineData((int)PathMtuDiscovery.Want, SocketError.MessageSize, SocketError.Success, 2)]
    [InlineData((int)PathMtuDiscovery.Do, SocketError.MessageSize, SocketError.MessageSize, 0)]
    [InlineData((int)PathMtuDiscovery.Dont, SocketError.Success, SocketError.Success, 2)]
    public void FragmentationNeeded_LowersThePathOfThatDestination(int discovery, SocketError told, SocketError later, int frames)
    {
        _socket.Options = _socket.Options with { Discovery = (PathMtuDiscovery)discovery };

        Tell(3, 4, rest: 1000);

        Assert.Equal((1000, 1500), (_host.Stack.Paths.For(Net.Neighbor).Bytes, _host.Stack.Paths.For(Net.Gateway).Bytes));
        Assert.Equal(told, _socket.TrySend(Friend, "x"u8));
        _host.Sent.Clear();
        Assert.Equal(later, _socket.TrySend(Friend, new byte[1400]));
        Assert.Equal(frames, _host.Sent.Count);
        Assert.Equal(SocketError.Success, _socket.TrySend(Friend, "x"u8));
    }

    [Fact]
    public void FragmentationNeeded_ForAnUnconnectedSocket_LowersThePathSilently()
    {
        UdpEndpoint open = _host.Listen(8);

        _host.Receive(Frames.Icmp(IcmpType.DestinationUnreachable, 4, Frames.Quote(fromPort: 8), rest: 1000));

        Assert.Equal(1000, _host.Stack.Paths.For(Net.Neighbor).Bytes);
        Assert.Equal(SocketError.Success, open.TrySend(Friend, "x"u8));
    }

    [Fact]
    public void FragmentationNeeded_ThatNobodySentAnythingFor_ChangesNothing()
    {
        _host.Receive(Frames.Icmp(IcmpType.DestinationUnreachable, 4, Frames.Quote(fromPort: 99), rest: 1000));

        Assert.Equal(0, _host.Stack.Paths.Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("192.0.2.2")]
    public void ClosedPort_OfThisHost_RefusesTheConnectedSenderOnce(string address)
    {
        var socket = new UdpEndpoint(_host.Sockets);
        var nobody = new UdpPeer(Ipv4Address.Parse(address), 99);
        socket.Connect(nobody);

        Assert.Equal(SocketError.Success, socket.TrySend(nobody, "x"u8));
        Assert.Equal(SocketError.ConnectionRefused, socket.TrySend(nobody, "x"u8));
        Assert.Equal(SocketError.Success, socket.TrySend(nobody, "x"u8));
    }

    [Fact]
    public void ClosedPort_OfThisHost_IsSilentForAnUnconnectedSender()
    {
        var socket = new UdpEndpoint(_host.Sockets);

        for (int i = 0; i < 3; i++)
            Assert.Equal(SocketError.Success, socket.TrySend(new UdpPeer(Net.Own, 99), "x"u8));
    }

    [Fact]
    public async Task Error_RacesWithReceivers_IsToldToOneOfThem()
    {
        for (int round = 0; round < 200; round++)
        {
            Task<QueuedDatagram>? pending = null;
            using var start = new Barrier(2);
            var receiver = new Thread(() =>
            {
                start.SignalAndWait();
                pending = _socket.Inbox.TakeAsync(CancellationToken.None).AsTask();
            });
            receiver.Start();
            start.SignalAndWait();
            _socket.Fail(IcmpError.PortUnreachable);
            receiver.Join();
            SocketException thrown = await Assert.ThrowsAsync<SocketException>(() => pending!);
            Assert.Equal(SocketError.ConnectionRefused, thrown.SocketErrorCode);
            Assert.False(_socket.Inbox.HasFailure);
        }
    }

    private static byte[] Refusal() => Frames.Icmp(IcmpType.DestinationUnreachable, 3, Frames.Quote());

    private void Refuse() => _host.Receive(Refusal());

    private void Tell(byte type, byte code, uint rest) => _host.Receive(Frames.Icmp((IcmpType)type, code, Frames.Quote(), rest));

    private SocketError Receive()
    {
        DirectReceive direct = DirectReceive.IntoArray(_socket);
        return _socket.Receive(ref direct, 0);
    }
}

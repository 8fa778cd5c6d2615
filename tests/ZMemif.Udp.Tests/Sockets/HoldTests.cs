using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Link;
using ZMemif.Udp.Tests.Stack;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>Overflow=Hold: a full receive buffer holds the link back, and nothing is lost (design §3, §4).</summary>
public sealed class HoldTests : IDisposable
{
    private const int Room = 4; // datagrams of one byte

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TestHost _host = new();
    private readonly UdpEndpoint _socket;

    public HoldTests()
    {
        _host.Hold();
        _socket = Listen(7);
        _host.Engine.Start();
    }

    private TestReceiver Link => _host.Link.Receiver;

    public void Dispose()
    {
        _host.Engine.Stop();
        _host.AssertBalances();
    }

    [Fact]
    public void Buffer_Full_NothingIsTakenOffTheLink()
    {
        Enqueue(7, 10);

        UntilTaken(Room);
        Assert.False(SpinWait.SpinUntil(() => Link.Frames > Room, TimeSpan.FromMilliseconds(20)));
        Assert.True(_socket.HoldsBack);
    }

    [Fact]
    public void Buffer_ReadAgain_TheLinkGoesOnAndNothingIsLost()
    {
        Enqueue(7, 200);

        for (int i = 0; i < 200; i++)
            Assert.Equal(i, Receive(_socket, Timeout.Infinite));

        Assert.Equal(0, _host.Counters.Drops(MemifDropReason.ReceiveBufferFull));
        Assert.False(_socket.HoldsBack);
    }

    [Fact]
    public void Buffer_Full_HoldsBackTheOthersToo()
    {
        UdpEndpoint other = Listen(8);
        Enqueue(7, Room);
        Enqueue(8, 1);
        UntilTaken(Room);

        Assert.Null(other.Peek());
        Assert.Equal(0, Receive(_socket, 0));
        Assert.Equal(0, Receive(other, Timeout.Infinite));
    }

    [Fact]
    public void Buffer_FullAndClosed_FreesTheLink()
    {
        UdpEndpoint other = Listen(8);
        Enqueue(7, Room + 1);
        Enqueue(8, 1);
        UntilTaken(Room);

        _socket.Close();

        Assert.Equal(0, Receive(other, Timeout.Infinite));
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.NoSocket));
    }

    [Fact]
    public async Task Waiter_WhileHeld_IsServedWhenTheLinkGoesOn()
    {
        UdpEndpoint other = Listen(8);
        Enqueue(7, Room);
        Enqueue(8, 1);
        UntilTaken(Room);
        Task<int?> waiting = Task.Factory.StartNew(
            () => Receive(other, Timeout.Infinite), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        Assert.Equal(0, Receive(_socket, 0));

        Assert.Equal(0, await waiting.WaitAsync(s_patience));
    }

    [Fact]
    public void Send_ToASocketOfTheSameHostThatIsFull_WouldBlock()
    {
        for (int i = 0; i < Room; i++)
            Assert.Equal(SendStatus.Sent, _host.Send(Net.Own, [(byte)i], port: 7));

        Assert.Equal(SendStatus.RingFull, _host.Send(Net.Own, "x"u8, port: 7));

        Assert.Equal(0, Receive(_socket, 0));
        Assert.Equal(SendStatus.Sent, _host.Send(Net.Own, "x"u8, port: 7));
    }

    [Fact]
    public async Task Send_WaitsForASocketOfTheSameHost_HoldsNobodyBackWhoSendsOut()
    {
        _host.IntroduceNeighbor();
        for (int i = 0; i < Room; i++)
            _host.Send(Net.Own, [(byte)i], port: 7);
        UdpEndpoint waiting = Listen(8), other = Listen(9);
        Task<SocketError> sending = Task.Factory.StartNew(
            () => waiting.Send(new UdpPeer(Net.Own, 7), "x"u8, PacketOptions.Default, Timeout.Infinite),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(SpinWait.SpinUntil(() => !_host.Sockets.LocalSends.IsEmpty, s_patience));

        Assert.Equal(SocketError.Success, other.Send(new UdpPeer(Net.Neighbor, 9), "out"u8, PacketOptions.Default, 0));

        Assert.Equal(0, Receive(_socket, 0));
        Assert.Equal(SocketError.Success, await sending.WaitAsync(s_patience));
    }

    private UdpEndpoint Listen(ushort port)
    {
        UdpEndpoint socket = _host.Listen(port);
        socket.Inbox.Budget.Limit = Room * ReceiveBudget.ChargeOf(1);
        return socket;
    }

    private void Enqueue(ushort port, int count)
    {
        for (int i = 0; i < count; i++)
            Link.Enqueue(Frames.Udp([(byte)i], port));
    }

    /// <summary>Until so many frames were taken off the link and have reached their sockets.</summary>
    private void UntilTaken(int frames) =>
        Assert.True(SpinWait.SpinUntil(() => _host.FramesSettled == frames, s_patience), $"{_host.FramesSettled} frames were settled.");

    private static int? Receive(UdpEndpoint socket, int milliseconds)
    {
        DirectReceive direct = DirectReceive.IntoArray(socket);
        return socket.Receive(ref direct, milliseconds) == SocketError.Success ? direct.Array![0] : null;
    }
}

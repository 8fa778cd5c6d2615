using System.Diagnostics;
using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Link;
using ZMemif.Udp.Tests.Stack;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>Who waits, drives: which thread takes frames off the link, and when (design §4).</summary>
public sealed class DrivingTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TestHost _host = new();
    private readonly List<Caller> _callers = [];

    public DrivingTests() => _host.Engine.Start();

    private TestReceiver Link => _host.Link.Receiver;

    public void Dispose()
    {
        foreach (Caller caller in _callers)
            caller.End();
        _host.Engine.Stop();
        _host.AssertBalances();
    }

    [Fact]
    public void Receive_Waiting_TakesItsDatagramOffTheLinkItself()
    {
        Caller caller = Call(_host.Listen(7));
        UntilDriven();

        Link.Enqueue(Frames.Udp("hello"u8, port: 7));

        Assert.Equal("hello"u8, caller.Received());
        Assert.Equal([caller.ThreadId], Link.Drainers);
    }

    [Fact]
    public void Receive_InALoop_LeavesNothingToTheLoop()
    {
        Caller caller = Call(_host.Listen(7), datagrams: 1000);
        UntilDriven();

        for (int i = 0; i < 1000; i++)
        {
            Link.Enqueue(Frames.Udp("again"u8, port: 7));
            Assert.Equal("again"u8, caller.Received());
        }

        // The loop takes over when no caller came for a millisecond, which a busy machine may bring about.
        Assert.InRange(Link.Drainers.Count(thread => thread == caller.ThreadId), 900, 1000);
    }

    [Fact]
    public void Driver_ServesTheSocketsOfOthers()
    {
        Caller driver = Call(_host.Listen(7));
        UntilDriven();
        Caller other = Call(_host.Listen(8));
        UntilWaiting(other); // and does not just look

        Link.Enqueue(Frames.Udp("for the other"u8, port: 8));

        Assert.Equal("for the other"u8, other.Received());
        Assert.Equal([driver.ThreadId], Link.Drainers);
    }

    [Fact]
    public void Driver_Leaving_HandsTheSeatToTheNextWhoWaits()
    {
        Caller first = Call(_host.Listen(7));
        UntilDriven();
        Caller second = Call(_host.Listen(8));
        UntilWaiting(second); // and does not just look, when the first datagram comes

        Link.Enqueue(Frames.Udp("first"u8, port: 7));
        Assert.Equal("first"u8, first.Received());
        UntilDriven();
        Link.Enqueue(Frames.Udp("second"u8, port: 8));

        Assert.Equal("second"u8, second.Received());
        Assert.Equal([first.ThreadId, second.ThreadId], Link.Drainers);
    }

    [Fact]
    public void Driver_LeftAndNobodyWaits_TheLoopTakesWhatComes()
    {
        Caller caller = Call(_host.Listen(7));
        UdpEndpoint other = _host.Listen(8);
        UntilDriven();
        Link.Enqueue(Frames.Udp("served"u8, port: 7));
        caller.Received();

        // Nobody is woken: the mask is still set, as the driver left it.
        Link.EnqueueQuietly(Frames.Udp("later"u8, port: 8));

        Assert.True(SpinWait.SpinUntil(() => other.Inbox.FirstLength == 5, s_patience), "Nobody came.");
        Assert.DoesNotContain(caller.ThreadId, Link.Drainers.Skip(1));
    }

    [Fact]
    public void Driver_Left_TheLoopComesWithinMilliseconds()
    {
        UdpEndpoint other = _host.Listen(8);
        UdpEndpoint socket = _host.Listen(7);
        double[] delays = [.. Enumerable.Range(0, 31).Select(_ => HandOver(socket, other)).Order()];

        // About one, and what a busy machine adds to some of them.
        Assert.InRange(delays[delays.Length / 2], 0, 10);
    }

    [Fact]
    public void Driver_LeftAfterTheLoopHasGoneToRest_TheLoopTakesWhatComes()
    {
        Caller caller = Call(_host.Listen(7));
        UdpEndpoint other = _host.Listen(8);
        UntilDriven();
        Thread.Sleep(20); // many looks: a caller who stays is left alone
        Link.Enqueue(Frames.Udp("served"u8, port: 7));
        caller.Received();

        Link.EnqueueQuietly(Frames.Udp("later"u8, port: 8));

        Assert.True(SpinWait.SpinUntil(() => other.Inbox.FirstLength == 5, s_patience), "Nobody came.");
    }

    [Fact]
    public void Driver_LeftForLong_TheLoopSleepsOnTheLinkAgain()
    {
        Caller caller = Call(_host.Listen(7));
        UntilDriven();
        Link.Enqueue(Frames.Udp("last"u8, port: 7));
        caller.Received();

        Assert.True(SpinWait.SpinUntil(() => Link.Sleepers == 1, s_patience), "Nobody sleeps on the link.");
        Link.Enqueue(Frames.Udp("nobody listens"u8, port: 9));
        Assert.True(SpinWait.SpinUntil(() => Link.Drainers.Count == 2, s_patience));
        Assert.NotEqual(caller.ThreadId, Link.Drainers.Last());
    }

    [Fact]
    public void Peek_FramesOnTheLink_SeesThemWithoutWaiting()
    {
        UdpEndpoint socket = _host.Listen(7);
        Link.EnqueueQuietly(Frames.Udp("abc"u8, port: 7));
        Link.EnqueueQuietly(Frames.Udp("de"u8, port: 7));

        Assert.Equal(3, socket.Peek());
        Assert.Equal("abc"u8, ReceiveNow(socket));
        Assert.Equal(2, socket.Peek());
        Assert.Equal("de"u8, ReceiveNow(socket));
        Assert.Null(socket.Peek());
    }

    [Fact]
    public void Receive_NotBlocking_LooksAtTheLinkFirst()
    {
        UdpEndpoint socket = _host.Listen(7);
        for (int i = 0; i < 100; i++)
            Link.EnqueueQuietly(Frames.Udp("for nobody"u8, port: 9));
        Link.EnqueueQuietly(Frames.Udp("there"u8, port: 7));

        Assert.Equal("there"u8, ReceiveNow(socket));
        Assert.Equal(SocketError.WouldBlock, Receive(socket, 0, out _));
    }

    [Fact]
    public void Receive_ServedAtOnce_LeavesTheRestOnTheLink()
    {
        UdpEndpoint socket = _host.Listen(7);
        Link.EnqueueQuietly(Frames.Udp("one"u8, port: 7));
        Link.EnqueueQuietly(Frames.Udp("two"u8, port: 7));

        Assert.Equal("one"u8, ReceiveNow(socket));

        Assert.Equal(1, Link.Frames);
    }

    [Fact]
    public async Task AsynchronousReceive_Pending_TheLoopTakesTheDatagram()
    {
        UdpEndpoint socket = _host.Listen(7);
        Task<QueuedDatagram> pending = socket.Inbox.TakeAsync(CancellationToken.None).AsTask();

        Link.Enqueue(Frames.Udp("async"u8, port: 7));

        QueuedDatagram datagram = await pending.WaitAsync(s_patience);
        Assert.Equal("async"u8, datagram.Payload);
        DatagramInbox.Return(datagram);
    }

    [Fact]
    public async Task AsynchronousReceive_PendingWhileACallerDrives_IsServedAfterHeLeaves()
    {
        Caller caller = Call(_host.Listen(7));
        UntilDriven();
        Task<QueuedDatagram> pending = _host.Listen(8).Inbox.TakeAsync(CancellationToken.None).AsTask();
        Link.Enqueue(Frames.Udp("the caller's"u8, port: 7));
        Assert.Equal("the caller's"u8, caller.Received());

        Link.Enqueue(Frames.Udp("async"u8, port: 8));

        QueuedDatagram datagram = await pending.WaitAsync(s_patience);
        DatagramInbox.Return(datagram);
        Assert.NotEqual(caller.ThreadId, Link.Drainers.Last());
    }

    [Fact]
    public void Driver_SocketClosed_IsInterrupted()
    {
        UdpEndpoint socket = _host.Listen(7);
        Caller caller = Call(socket);
        UntilDriven();

        socket.Close();

        Assert.Equal(SocketError.Interrupted, caller.Failed());
    }

    [Fact]
    public void Driver_TimeIsOver_TimesOutAndLeavesTheSeat()
    {
        UdpEndpoint socket = _host.Listen(7);

        Assert.Equal(SocketError.TimedOut, Receive(socket, 10, out _));

        Caller next = Call(_host.Listen(8));
        UntilDriven();
        Link.Enqueue(Frames.Udp("next"u8, port: 8));
        Assert.Equal("next"u8, next.Received());
    }

    [Fact]
    public void Driver_DatagramFromInside_IsWokenForIt()
    {
        UdpEndpoint socket = _host.Listen(7);
        Caller caller = Call(socket);
        UntilDriven();

        Assert.Equal(SendStatus.Sent, _host.Send(Net.Own, "inside"u8, port: 7));

        Assert.Equal("inside"u8, caller.Received());
        Assert.Empty(Link.Drainers);
    }

    [Fact]
    public void Driver_DatagramWithAWrongChecksum_WaitsOn()
    {
        Caller caller = Call(_host.Listen(7));
        UntilDriven();
        byte[] damaged = Frames.Udp("damaged"u8, port: 7);
        damaged[^1] ^= 1;

        Link.Enqueue(damaged);
        Link.Enqueue(Frames.Udp("right"u8, port: 7));

        Assert.Equal("right"u8, caller.Received());
        Assert.Equal(1, _host.Counters.Drops(MemifDropReason.BadUdpChecksum));
    }

    [Fact]
    public void TwoThreads_OnOneSocket_AreServedInTurn()
    {
        UdpEndpoint socket = _host.Listen(7);
        Caller first = Call(socket);
        UntilDriven();
        Caller second = Call(socket);
        UntilWaiting(second);

        Link.Enqueue(Frames.Udp("1"u8, port: 7));
        Link.Enqueue(Frames.Udp("2"u8, port: 7));

        Assert.Equal("1"u8, first.Received());
        Assert.Equal("2"u8, second.Received());
    }

    [Fact]
    public void WaitReadable_DatagramComes_IsTrueAndLeavesIt()
    {
        UdpEndpoint socket = _host.Listen(7);
        bool isReadable = false;
        var poller = new Thread(() => isReadable = socket.WaitReadable(Timeout.Infinite));
        poller.Start();
        UntilDriven();

        Link.Enqueue(Frames.Udp("here"u8, port: 7));

        Assert.True(poller.Join(s_patience));
        Assert.True(isReadable);
        Assert.Equal("here"u8, ReceiveNow(socket));
    }

    // From a driver's leaving to the arrival of what nobody announces, in milliseconds.
    private double HandOver(UdpEndpoint socket, UdpEndpoint other)
    {
        Caller caller = Call(socket);
        UntilDriven();
        Link.Enqueue(Frames.Udp("served"u8, port: 7));
        caller.Received();
        long began = Stopwatch.GetTimestamp();
        Link.EnqueueQuietly(Frames.Udp("later"u8, port: 8));
        Assert.True(SpinWait.SpinUntil(() => other.Inbox.FirstLength == 5, s_patience), "Nobody came.");
        double delay = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        Assert.Equal("later"u8, ReceiveNow(other));
        return delay;
    }

    private Caller Call(UdpEndpoint socket, int datagrams = 1)
    {
        var caller = new Caller(socket, datagrams);
        _callers.Add(caller);
        return caller;
    }

    // A caller has the seat when he sleeps on the link: the loop does not, then.
    private void UntilDriven() => Assert.True(
        SpinWait.SpinUntil(() => _host.Engine.Seat is { IsFree: false, IsLoops: false } && Link.Sleepers == 1, s_patience),
        "No caller drives.");

    private static void UntilWaiting(Caller caller) =>
        Assert.True(SpinWait.SpinUntil(() => caller.IsWaiting, s_patience), "The caller does not wait.");

    private static byte[] ReceiveNow(UdpEndpoint socket)
    {
        Assert.Equal(SocketError.Success, Receive(socket, 0, out byte[]? payload));
        return payload!;
    }

    private static SocketError Receive(UdpEndpoint socket, int milliseconds, out byte[]? payload)
    {
        DirectReceive direct = DirectReceive.IntoArray(socket);
        SocketError error = socket.Receive(ref direct, milliseconds);
        payload = direct.Array;
        return error;
    }
}

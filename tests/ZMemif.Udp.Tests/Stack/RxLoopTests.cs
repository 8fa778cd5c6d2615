using System.Collections.Concurrent;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Link;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>The thread of a receive queue. What it does is waited for, never slept for.</summary>
public sealed class RxLoopTests : IDisposable
{
    /// <summary>How long a test waits for what happens at once; only a failing test waits so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestHost _host = new();
    private readonly BlockingCollection<byte[]> _sent = [];
    private readonly List<RxLoop> _loops = [];

    public RxLoopTests() => _host.Link.Transmitter.OnSent = _sent.Add;

    private TestReceiver Receiver => _host.Link.Receiver;

    public void Dispose() => _loops.ForEach(loop => loop.Stop());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_FramesArrive_GoToTheStackAndBackToTheLink(bool callersMayDrive)
    {
        Start(callersMayDrive);

        for (int i = 1; i <= 3; i++)
        {
            Receiver.Enqueue(Frames.Arp(ArpOperation.Request));
            NextSent();
        }

        Stop();
        Assert.Equal(3, Receiver.Frames);
        Assert.InRange(Receiver.Releases, 1, 3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_Idle_SleepsWithoutLimit(bool callersMayDrive)
    {
        Start(callersMayDrive);

        Assert.Equal(Timeout.InfiniteTimeSpan, NextWait());
    }

    [Fact]
    public void Stop_WhileItSleeps_EndsIt()
    {
        RxLoop loop = Start();
        NextWait();

        loop.Stop();
        loop.Stop();

        Receiver.Enqueue(Frames.Arp(ArpOperation.Request));
        Assert.Equal(0, Receiver.Frames);
    }

    [Fact]
    public void Stop_UnderLoad_EndsIt()
    {
        Receiver.Flood = Frames.Arp(ArpOperation.Request);
        Start();
        NextSent();

        Stop();

        long frames = Receiver.Frames;
        Assert.Equal(frames, _host.Counters.FramesReceived);
    }

    [Fact]
    public void Stop_NeverStarted_DoesNotWait() =>
        NewLoop(callersMayDrive: true, _host.Time).Stop();

    [Fact]
    public void Run_SomebodyWaitsForANeighbor_SleepsUntilTheNextRequest()
    {
        _host.Send(Net.Neighbor, "x"u8);
        Start();

        Assert.Equal(NeighborCache.RequestInterval, NextWait());
    }

    [Fact]
    public void Wake_DeadlinePassed_AsksTheNeighborAgain()
    {
        _host.Send(Net.Neighbor, "x"u8);
        NextSent();
        RxLoop loop = Start();
        NextWait();

        _host.Time.Advance(NeighborCache.RequestInterval);
        loop.Wake();

        Assert.Equal(EtherType.Arp, TypeOf(NextSent()));
        Assert.Equal(NeighborCache.RequestInterval, NextWait());
    }

    [Fact]
    public void Run_UnderLoad_KeepsDeadlines()
    {
        _host.Send(Net.Neighbor, "x"u8);
        NextSent();
        Receiver.Flood = Frames.Udp("nobody listens"u8);
        Start();

        _host.Time.Advance(NeighborCache.RequestInterval);

        Assert.Equal(EtherType.Arp, TypeOf(NextSent()));
        Assert.Empty(Receiver.Waits);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_DeadlinePassedSinceTheTick_DoesNotSleep(int milliseconds)
    {
        // The clock stands still until the loop has looked for what is due, and has moved on when it computes its sleep.
        _host.Send(Net.Neighbor, "x"u8);
        TimeSpan late = NeighborCache.RequestInterval + TimeSpan.FromMilliseconds(milliseconds);
        var time = new LaterTime(_host.Time, late);
        RxLoop loop = NewLoop(callersMayDrive: true, time);

        loop.Start();

        Assert.Equal(TimeSpan.Zero, NextWait());
    }

    private RxLoop Start(bool callersMayDrive = true)
    {
        RxLoop loop = NewLoop(callersMayDrive, _host.Time);
        loop.Start();
        return loop;
    }

    private RxLoop NewLoop(bool callersMayDrive, TimeProvider time)
    {
        var loop = new RxLoop(new RxQueue(Receiver, _host.Stack, pressure: null), callersMayDrive, _host.Stack, time, "test loop");
        _loops.Add(loop);
        return loop;
    }

    private void Stop() => _loops.ForEach(loop => loop.Stop());

    private TimeSpan NextWait() =>
        Receiver.Waits.TryTake(out TimeSpan wait, Patience) ? wait : throw new TimeoutException("The loop does not sleep.");

    private byte[] NextSent() =>
        _sent.TryTake(out byte[]? frame, Patience) ? frame : throw new TimeoutException("Nothing was sent.");

    private static EtherType TypeOf(byte[] bytes)
    {
        Assert.True(EthernetFrame.TryParse(bytes, out EthernetFrame frame));
        return frame.Type;
    }

    /// <summary>A clock that is ahead of another one.</summary>
    private sealed class LaterTime(TimeProvider time, TimeSpan ahead) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp() + ahead.Ticks;
    }
}

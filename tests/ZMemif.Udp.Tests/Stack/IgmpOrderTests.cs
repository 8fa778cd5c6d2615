using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Sockets that join and leave at the same time: the last word on the wire is what holds.</summary>
public sealed class IgmpOrderTests
{
    private static readonly Ipv4Address s_group = Ipv4Address.Parse("239.1.2.3");

    private readonly IgmpBed _bed = new();
    private readonly TestSink _socket = new();
    private readonly TestSink _another = new();

    [Fact]
    public void Join_BetweenALeaveAndItsReport_IsNotDenied()
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Time.InterruptOnce(() => _bed.Join(_another, s_group));
        _bed.Groups.Leave(_socket);

        Assert.DoesNotContain("224.0.0.22: ChangeToInclude 239.1.2.3 []", _bed.Said());
        Assert.False(_bed.Groups.FilterOf(s_group).IsNone);
    }

    [Fact]
    public void Leave_BetweenAJoinAndItsReport_IsNotDenied()
    {
        _bed.Time.InterruptOnce(() => _bed.Groups.Leave(_socket));
        _bed.Join(_socket, s_group);

        Assert.Empty(_bed.Said());
        Assert.Null(_bed.Igmp.NextDeadline);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Leave_WhileAJoinIsBeingTold_IsTheLastWord(bool isRepetition)
    {
        var bed = new IgmpBed(mtu: 68); // on which it takes several frames
        Thread? leave = null;
        bed.Link.Transmitter.OnWake = () => leave ??= RunUntilItWaits(() => bed.Groups.Leave(_socket));

        bed.Link.Transmitter.MustWakePeer = !isRepetition;
        bed.Include(_socket, s_group, Enumerable.Range(1, 20).Select(i => new Ipv4Address((uint)i)));
        leave?.Join();
        bed.Link.Transmitter.MustWakePeer = true;
        bed.Pass(0.5);
        leave?.Join();

        string[] said = [.. bed.Said().Select(line => line.Split(' ')[1])];
        int join = isRepetition ? 6 : 3;
        Assert.Equal([.. Enumerable.Repeat("AllowNewSources", join), .. Enumerable.Repeat("BlockOldSources", 3)], said[..(join + 3)]);
        Assert.All(said[(join + 3)..], word => Assert.Equal("BlockOldSources", word));
    }

    /// <summary>Does something on another thread; returns when that is done, or cannot go on because of what this thread holds.</summary>
    private static Thread RunUntilItWaits(Action work)
    {
        var thread = new Thread(() => work());
        thread.Start();
        SpinWait.SpinUntil(() => (thread.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0);
        return thread;
    }
}

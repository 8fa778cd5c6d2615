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

    [Fact]
    public async Task Changes_OfManyThreadsWhileRepetitionsAreSent_EndWithWhatHolds()
    {
        const int Rounds = 300;
        for (int round = 0; round < Rounds; round++)
        {
            using var start = new Barrier(3);
            Task Toggle(TestSink socket, bool ends) => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    _bed.Groups.Set(socket, s_group, ends ? null : GroupFilter.All);
                    _bed.Groups.Set(socket, s_group, ends ? GroupFilter.All : null);
                    _bed.Groups.Set(socket, s_group, null);
                },
                TaskCreationOptions.LongRunning);
            Task one = Toggle(_socket, ends: true);
            Task other = Toggle(_another, ends: false);
            start.SignalAndWait();
            for (int i = 0; i < 3; i++)
                _bed.Pass(0.5);
            await Task.WhenAll(one, other);

            Assert.Equal("224.0.0.22: ChangeToInclude 239.1.2.3 []", _bed.Said()[^1]);
        }
    }
}

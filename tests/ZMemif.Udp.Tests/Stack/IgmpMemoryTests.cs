using Microsoft.Extensions.Time.Testing;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Link;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>What is kept has a bound, whatever queriers ask for and whatever sockets do (RFC 3376 §9.1).</summary>
public sealed class IgmpMemoryTests
{
    private static readonly Ipv4Address s_group = Ipv4Address.Parse("239.1.2.3");

    private readonly IgmpBed _bed = new();
    private readonly TestSink _socket = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Group_LeftAndToldOf_IsForgotten(int times)
    {
        var agenda = new IgmpAgenda(new FakeTimeProvider(), () => 0.5);
        var identity = new StackIdentity(new Ipv4Prefix(Net.Own, 24), null, Net.OwnMac, 1500);
        var reporter = new IgmpReporter(agenda, new IgmpOutput(identity, new LinkOutput(new TestLink(), identity, TestHost.Stall, () => { }, new InterfaceCounters())));
        reporter.Tell(s_group, GroupFilter.All, times, now: 0);
        IgmpGroup group = agenda.Of(s_group);

        reporter.Tell(s_group, GroupFilter.None, times, now: 0);
        while (agenda.Earliest < long.MaxValue)
            reporter.SendDue(now: agenda.Earliest);

        Assert.NotSame(group, agenda.Of(s_group));
    }

    [Theory]
    [InlineData(IgmpAnswer.MaxSources, 0, false)]
    [InlineData(IgmpAnswer.MaxSources + 1, 0, true)]
    [InlineData(IgmpAnswer.MaxSources, 1, true)]
    public void SourceQueries_ForMoreThanAreKept_AreAnsweredForTheGroup(int first, int second, bool isForTheGroup)
    {
        _bed.JoinAndSettle(_socket, s_group);

        _bed.Query(seconds: 10, group: s_group, sources: Sources(0x0A00_0000, first));
        if (second > 0)
            _bed.Query(seconds: 10, group: s_group, sources: Sources(0x0B00_0000, second));
        _bed.Pass(10);

        string kind = isForTheGroup ? "224.0.0.22: ModeIsExclude 239.1.2.3 []" : "224.0.0.22: ModeIsInclude 239.1.2.3 [10.0.0.0 ";
        Assert.StartsWith(kind, Assert.Single(_bed.Said()), StringComparison.Ordinal);
    }

    [Fact]
    public void SourceQueries_AsManyAsComeInTheLongestTime_AreAnsweredInOneShortFrame()
    {
        _bed.JoinAndSettle(_socket, s_group);
        _bed.Link.Sent.Clear();

        for (uint i = 0; i < 100; i++)
            _bed.Query(seconds: 0, code: 255, group: s_group, sources: Sources(0x0A00_0000 + (i * 360), 360));
        _bed.Pass(3200);

        Assert.InRange(Assert.Single(_bed.Frames).Length, 1, Frames.IpStart + 1500);
    }

    private static Ipv4Address[] Sources(uint first, int count) => [.. Enumerable.Range(0, count).Select(i => new Ipv4Address(first + (uint)i))];
}

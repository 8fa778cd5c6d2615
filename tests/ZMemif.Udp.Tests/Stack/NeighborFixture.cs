using Microsoft.Extensions.Time.Testing;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>A neighbor cache on a manual clock, with the link's end of it in view.</summary>
internal sealed class NeighborFixture
{
    /// <summary>Less than anything that is timed here.</summary>
    internal static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(10);

    private readonly HashSet<byte[]> _answers = [];
    private readonly long _begin;

    internal NeighborFixture(int capacity = NeighborCache.DefaultCapacity)
    {
        Cache = new NeighborCache(Time, Counters, Send, () => Scheduled++, _answers.Contains, capacity);
        _begin = Time.GetTimestamp();
    }

    internal FakeTimeProvider Time { get; } = new();

    internal InterfaceCounters Counters { get; } = new();

    internal NeighborCache Cache { get; }

    /// <summary>What the link took.</summary>
    internal List<NeighborRequest> Requests { get; } = [];

    /// <summary>When it took each, since the beginning.</summary>
    internal List<TimeSpan> RequestTimes { get; } = [];

    internal bool IsRingFull { get; set; }

    internal int Refused { get; private set; }

    internal int Scheduled { get; private set; }

    internal TimeSpan Now => Time.GetElapsedTime(_begin);

    internal NeighborState State => Cache.StateOf(Net.Neighbor);

    internal TimeSpan UntilDeadline => Time.GetElapsedTime(Time.GetTimestamp(), Cache.NextDeadline!.Value);

    internal long Unreachable => Drops(MemifDropReason.NeighborUnreachable);

    internal long Drops(MemifDropReason reason) => Counters.Drops(reason);

    internal static Ipv4Address Stranger(int number) => new(0x0A000000 + (uint)number);

    internal MacAddress? Park(params byte[] frame) => Cache.Park(Net.Neighbor, frame);

    /// <summary>This host answers somebody.</summary>
    internal MacAddress? ParkAnswer(Ipv4Address address, byte[] frame)
    {
        _answers.Add(frame);
        return Cache.Park(address, frame);
    }

    /// <summary>The neighbor asks for us.</summary>
    internal List<byte[]> HearRequest(Ipv4Address? address = null, MacAddress? mac = null) => Hear(address, mac, isRequestToUs: true);

    /// <summary>The neighbor answers, or announces itself, or asks for somebody else.</summary>
    internal List<byte[]> Hear(Ipv4Address? address = null, MacAddress? mac = null, bool isRequestToUs = false)
    {
        MacAddress? before = Cache.Find(address ?? Net.Neighbor);
        var sent = new List<byte[]>();
        Cache.Learn(address ?? Net.Neighbor, mac ?? Net.NeighborMac, isRequestToUs, (to, frame) =>
        {
            // What waited is not overtaken: nobody else knows the address yet.
            Assert.Equal((mac ?? Net.NeighborMac, before), (to, Cache.Find(address ?? Net.Neighbor)));
            sent.Add(frame);
        });
        return sent;
    }

    /// <summary>Hears of the neighbor without having used it, so that it does not count as in use.</summary>
    internal void HearUnused(Ipv4Address? address = null, MacAddress? mac = null, bool isRequestToUs = true) =>
        Cache.Learn(address ?? Net.Neighbor, mac ?? Net.NeighborMac, isRequestToUs, (_, _) => Assert.Fail("Nothing waited."));

    /// <summary>Lets time pass, doing everything when it is due.</summary>
    internal void Pass(TimeSpan time)
    {
        long end = Time.GetTimestamp() + time.Ticks;
        while (Cache.NextDeadline is { } due && due <= end)
        {
            Time.Advance(TimeSpan.FromTicks(Math.Max(0, due - Time.GetTimestamp())));
            Cache.Tick();
        }

        Time.Advance(TimeSpan.FromTicks(end - Time.GetTimestamp()));
    }

    internal void PassSeconds(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    private bool Send(NeighborRequest request)
    {
        if (IsRingFull)
        {
            Refused++;
            return false;
        }

        Requests.Add(request);
        RequestTimes.Add(Now);
        return true;
    }
}

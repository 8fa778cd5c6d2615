using CsCheck;
using Microsoft.Extensions.Time.Testing;
using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Any sequence of sends, packets and pauses has the same outcome as in <see cref="NeighborModel"/>.</summary>
public sealed class NeighborCacheModelTests
{
    private const int Many = NeighborCache.MaxParkedFrames + 6;

    private static readonly MacAddress[] s_stations = [Net.NeighborMac, Net.GatewayMac, Net.OtherMac];

    // In quarters of a second, so that the model's sums are exact.
    private static readonly double[] s_pauses = [0.25, 0.75, 1, 1, 2, 5, 14, 45, 60];

    private static readonly Gen<Step> s_step = Gen.Select(
        Gen.Frequency(
            (6, Gen.Const(Verb.Park)), (6, Gen.Const(Verb.Find)), (6, Gen.Const(Verb.Answer)), (3, Gen.Const(Verb.Request)),
            (8, Gen.Const(Verb.Pause)), (1, Gen.Const(Verb.Set)), (1, Gen.Const(Verb.Clear)), (1, Gen.Const(Verb.ParkMany))),
        Gen.Int[0, 5],
        Gen.Int[0, s_stations.Length - 1],
        Gen.Int[0, s_pauses.Length - 1],
        (verb, neighbor, station, pause) => new Step(verb, NeighborFixture.Stranger(neighbor), s_stations[station], s_pauses[pause]));

    private enum Verb
    {
        Park,
        ParkMany,
        Find,
        Answer,
        Request,
        Set,
        Clear,
        Pause,
    }

    private sealed record Step(Verb Verb, Ipv4Address Neighbor, MacAddress Station, double Pause);

    [Fact]
    public void NeighborCache_AnySteps_AgreesWithADictionary() => s_step.Array[0, 80].Sample(
        steps =>
        {
            var link = new NeighborFixture();
            var model = new NeighborModel();
            foreach (Step step in steps)
            {
                Assert.Equal(Do(model, step), Do(link, step));
                AssertAlike(link, model, step.Neighbor);
            }

            Assert.Equal(InOrder(model.Requests), InOrder(link.Requests));
        },
        iter: 5000);

    [Fact]
    public void NeighborCache_AnyStepsInASmallTable_KeepsItsPromises() => s_step.Array[0, 80].Sample(
        steps =>
        {
            const int Capacity = 3;
            var link = new NeighborFixture(Capacity);
            long parked = 0;
            long handedOut = 0;
            var set = new HashSet<Ipv4Address>();
            foreach (Step step in steps)
            {
                int requests = link.Requests.Count;
                (MacAddress? mac, int frames) = Do(link, step);
                handedOut += frames;
                parked += step.Verb == Verb.ParkMany ? Many : step.Verb == Verb.Park ? 1 : 0;
                handedOut += step.Verb == Verb.ParkMany && mac is not null ? Many : step.Verb == Verb.Park && mac is not null ? 1 : 0;
                if (step.Verb == Verb.Set)
                    set.Add(step.Neighbor);

                Assert.DoesNotContain(link.Requests.Skip(requests), request => set.Contains(request.Address));
                Assert.All(set, address => Assert.Equal(NeighborState.Permanent, link.Cache.StateOf(address)));
                Assert.InRange(link.Cache.Count, set.Count, Capacity + set.Count);
                Assert.Equal(
                    parked,
                    handedOut + link.Cache.ParkedFrames + link.Unreachable
                    + link.Drops(MemifDropReason.NeighborQueueFull) + link.Drops(MemifDropReason.NeighborTableFull));
            }
        },
        iter: 5000);

    // What a step gives: the address found, and how many frames were handed out.
    private static (MacAddress? Mac, int Frames) Do(NeighborModel model, Step step)
    {
        switch (step.Verb)
        {
            case Verb.Park:
                return (model.Park(step.Neighbor, [1]), 0);
            case Verb.ParkMany:
                return (ParkMany(() => model.Park(step.Neighbor, [1])), 0);
            case Verb.Find:
                return (model.Find(step.Neighbor), 0);
            case Verb.Answer or Verb.Request:
                return (null, model.Learn(step.Neighbor, step.Station, step.Verb == Verb.Request).Count);
            case Verb.Set:
                return (null, model.SetPermanent(step.Neighbor, step.Station).Count);
            case Verb.Clear:
                model.Clear();
                return default;
            default:
                model.Pass(step.Pause);
                return default;
        }
    }

    private static (MacAddress? Mac, int Frames) Do(NeighborFixture link, Step step)
    {
        int sent = 0;
        switch (step.Verb)
        {
            case Verb.Park:
                return (link.Cache.Park(step.Neighbor, [1]), 0);
            case Verb.ParkMany:
                return (ParkMany(() => link.Cache.Park(step.Neighbor, [1])), 0);
            case Verb.Find:
                return (link.Cache.Find(step.Neighbor), 0);
            case Verb.Answer or Verb.Request:
                link.Cache.Learn(step.Neighbor, step.Station, step.Verb == Verb.Request, (_, _) => sent++);
                return (null, sent);
            case Verb.Set:
                link.Cache.SetPermanent(step.Neighbor, step.Station, (_, _) => sent++);
                return (null, sent);
            case Verb.Clear:
                link.Cache.Clear();
                return default;
            default:
                link.PassSeconds(step.Pause);
                return default;
        }
    }

    private static MacAddress? ParkMany(Func<MacAddress?> park)
    {
        for (int i = 1; i < Many; i++)
            park();
        return park();
    }

    private static void AssertAlike(NeighborFixture link, NeighborModel model, Ipv4Address address)
    {
        Assert.Equal(model.StateOf(address), link.Cache.StateOf(address));
        Assert.Equal(
            (model.Unreachable, model.QueueFull, model.Parked),
            (link.Unreachable, link.Drops(MemifDropReason.NeighborQueueFull), link.Cache.ParkedFrames));
        Assert.Equal(model.NextDeadline, link.Cache.NextDeadline is null ? double.PositiveInfinity : link.UntilDeadline.TotalSeconds);
        Assert.Equal(model.Requests.Count, link.Requests.Count);
    }

    // What is due at the same time may be done in any order.
    private static IEnumerable<NeighborRequest> InOrder(List<NeighborRequest> requests) =>
        requests.OrderBy(request => request.Address.Value).ThenBy(request => request.Station.Value);
}

using CsCheck;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Any sequence of binds, connects, unbinds and look-ups gives what a plain list of bindings gives.</summary>
public sealed class PortTableModelTests
{
    private const int FirstEphemeral = 10;
    private const int LastEphemeral = 12;

    private static readonly Ipv4Address[] s_addresses =
        [Ipv4Address.Any, Net.Own, Ipv4Address.Loopback, new(0x7F000002), Net.DirectedBroadcast];

    private static readonly ushort[] s_ports = [0, 1, 2, 255, 256, 11];

    private static readonly UdpPeer?[] s_peers = [null, null, new(Net.Neighbor, 5000), new(Net.Neighbor, 0), new(Net.Gateway, 5000)];

    private static readonly Gen<Step> s_step = Gen.Select(
        Gen.Int[0, 4],
        Gen.Int[0, s_addresses.Length - 1].Select(i => s_addresses[i]),
        Gen.Int[0, s_ports.Length - 1].Select(i => s_ports[i]),
        Gen.Int[0, s_peers.Length - 1].Select(i => s_peers[i]),
        Gen.Int[0, 30],
        (verb, address, port, peer, pick) => new Step(verb, address, port, peer, pick));

    private sealed record Step(int Verb, Ipv4Address Address, ushort Port, UdpPeer? Peer, int Pick);

    private sealed record Binding(TestSink Sink, ushort Port);

    [Fact]
    public void PortTable_AnySteps_AgreesWithAListOfBindings() => s_step.Array[0, 60].Sample(steps =>
    {
        var ports = new PortTable(FirstEphemeral, LastEphemeral);
        var model = new List<Binding>();
        foreach (Step step in steps)
        {
            if (step.Verb <= 1)
                Bind(ports, model, step);
            else if (step.Verb == 2 && model.Count > 0)
                Unbind(ports, model, model[step.Pick % model.Count]);
            else if (step.Verb == 3 && model.Count > 0)
                Connect(model[step.Pick % model.Count].Sink, step);
            AssertFindsTheSame(ports, model, step);
        }

        Assert.Equal(model.Select(binding => binding.Sink).ToHashSet<IDatagramSink>(), ports.All().ToHashSet());
    });

    private static void Bind(PortTable ports, List<Binding> model, Step step)
    {
        var sink = new TestSink(step.Address, step.Peer);
        ushort? bound = ports.TryBind(sink, step.Address, step.Port);

        bool[] free = [.. Enumerable.Range(FirstEphemeral, LastEphemeral - FirstEphemeral + 1).Select(port => model.All(other => other.Port != port))];
        if (step.Port != 0)
            Assert.Equal(model.Any(other => other.Port == step.Port && Overlap(other.Sink.LocalAddress, step.Address)) ? null : step.Port, bound);
        else if (bound is { } chosen)
            Assert.True(free[chosen - FirstEphemeral]);
        else
            Assert.DoesNotContain(true, free);

        if (bound is { } port)
            model.Add(new Binding(sink, port));
    }

    private static void Connect(TestSink sink, Step step) => (sink.LocalAddress, sink.Peer) = (step.Address, step.Peer);

    private static void Unbind(PortTable ports, List<Binding> model, Binding binding)
    {
        ports.Unbind(binding.Sink, binding.Port);
        model.Remove(binding);
    }

    private static void AssertFindsTheSame(PortTable ports, List<Binding> model, Step step)
    {
        ushort port = model.Count == 0 ? step.Port : model[step.Pick % model.Count].Port;
        IGrouping<(bool, bool), TestSink>[] expected = [.. model
            .Where(binding => binding.Port == port && Hears(binding.Sink, step.Address))
            .Select(binding => binding.Sink)
            .GroupBy(sink => (sink.Peer is null, sink.LocalAddress.IsAny))
            .OrderBy(equals => equals.Key)];

        IDatagramSink? found = ports.Find(step.Address, port, Net.Neighbor, 5000);
        Assert.Equal(expected.Length == 0, found is null);
        if (found is not null)
            Assert.Contains((TestSink)found, expected[0]);
        Assert.Equal(expected.SelectMany(sinks => sinks).ToHashSet<IDatagramSink>(), All(ports.FindAll(step.Address, port, Net.Neighbor, 5000)));
    }

    private static HashSet<IDatagramSink> All(PortTable.Matches matches)
    {
        HashSet<IDatagramSink> all = [];
        while (matches.TryNext(out IDatagramSink? sink))
            all.Add(sink);
        return all;
    }

    private static bool Overlap(Ipv4Address first, Ipv4Address second) => first.IsAny || second.IsAny || first == second;

    private static bool Hears(TestSink sink, Ipv4Address destination)
    {
        bool isItsAddress = sink.LocalAddress.IsAny || sink.LocalAddress == destination;
        bool isItsPeer = sink.Peer is not { } peer || (peer.Address == Net.Neighbor && peer.Port is 0 or 5000);
        return isItsAddress && isItsPeer;
    }
}

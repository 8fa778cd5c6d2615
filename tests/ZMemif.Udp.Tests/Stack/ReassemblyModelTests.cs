using CsCheck;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Tests.Stack;

/// <summary>Reassembly against <see cref="ReassemblyModel"/>: cuts, orders, duplicates, overlaps, losses and time as they come.</summary>
public sealed class ReassemblyModelTests
{
    private const int Units = 6;
    private const int LastBytes = 5;
    private static readonly byte[] s_datagram = Frames.Udp([.. Enumerable.Range(1, (Units * 8) + LastBytes - 8).Select(i => (byte)i)])[Frames.PayloadStart..];

    // Mostly what a cut of the datagram gives; sometimes anything. In units of eight bytes.
    private static readonly Gen<Step> s_step = Gen.Frequency(
        (12, Gen.Select(Gen.Int[0, Units], Gen.Int[1, 3], (first, units) => Step.Of(first, Math.Min(units, Units + 1 - first)))),
        (1, Gen.Select(Gen.Int[0, Units], Gen.Int[1, Units], Gen.Bool, (first, units, isLast) => new Step(first * 8, units * 8, isLast, IsForged: true))),
        (1, Gen.Int[1, 20].Select(seconds => new Step(0, 0, IsLast: false, IsForged: false, seconds))));

    // Sequences of arbitrary steps, and whole cuts with their pieces shuffled, repeated and lost.
    private static readonly Gen<Step[]> s_steps = Gen.OneOf(
        s_step.Array[1, 30],
        Gen.Select(Gen.Int[0, (1 << Units) - 1].Select(Cut).SelectMany(pieces => Gen.Shuffle(pieces)), s_step.Array[0, 2], (pieces, more) => (Step[])[.. pieces, .. more]));

    [Fact]
    public void Add_AnyFragments_DoesWhatTheModelDoes() => s_steps.Array[1, 3].Sample(
        rounds =>
        {
            var host = new TestHost();
            UdpEndpoint socket = host.Listen();
            var model = new ReassemblyModel((int)Reassembler.Lifetime.TotalSeconds);
            foreach (Step step in rounds.SelectMany(steps => steps))
                Follow(step, model, host, socket);
            host.AssertBalances();
            socket.Close();
        },
        iter: 5_000);

    [Fact]
    public void Add_WholeCuts_AreDeliveredHoweverTheyAreShuffled() =>
        Gen.Int[0, (1 << Units) - 1].Select(Cut).SelectMany(pieces => Gen.Shuffle(pieces)).Sample(
            pieces =>
            {
                var host = new TestHost();
                UdpEndpoint socket = host.Listen();
                foreach (Step piece in pieces)
                    host.Receive(Fragments.Make(piece.Bytes, piece.Offset, piece.IsLast));
                Assert.True(socket.Inbox.TryTake(out QueuedDatagram datagram));
                Assert.Equal(s_datagram[8..], datagram.Payload.ToArray());
                host.AssertBalances();
            },
            iter: 5_000);

    private static void Follow(Step step, ReassemblyModel model, TestHost host, UdpEndpoint socket)
    {
        if (step.Seconds > 0)
        {
            long before = host.Counters.Drops(MemifDropReason.ReassemblyTimeout);
            host.PassSeconds(step.Seconds);
            Assert.Equal(model.Pass(step.Seconds), host.Counters.Drops(MemifDropReason.ReassemblyTimeout) > before);
            return;
        }

        // A packet that lies in one fragment is none.
        if (step is { Offset: 0, IsLast: true })
            return;
        (long delivered, long duplicates) = (Fates(host), host.Counters.Drops(MemifDropReason.FragmentDuplicate));
        long deaths = host.Counters.Drops(MemifDropReason.FragmentOverlap) + host.Counters.Drops(MemifDropReason.FragmentLengthChanged);
        host.Receive(Fragments.Make(step.Bytes, step.Offset, step.IsLast));

        ReassemblyModel.Outcome outcome = model.Add(step.Bytes, step.Offset, step.IsLast);
        Assert.Equal(outcome == ReassemblyModel.Outcome.Duplicate, host.Counters.Drops(MemifDropReason.FragmentDuplicate) > duplicates);
        Assert.Equal(
            outcome == ReassemblyModel.Outcome.Dead,
            host.Counters.Drops(MemifDropReason.FragmentOverlap) + host.Counters.Drops(MemifDropReason.FragmentLengthChanged) > deaths);
        Assert.Equal(outcome == ReassemblyModel.Outcome.Complete, Fates(host) > delivered);
        if (outcome == ReassemblyModel.Outcome.Complete)
        {
            AssertDelivered(model.Whole, socket);
            model.Clear();
        }

        Assert.Equal(model.IsBegun ? 1 : 0, host.Stack.Reassembler.Count);
    }

    // A packet is whole when UDP has got it, whatever UDP does with it.
    private static long Fates(TestHost host) => host.Counters.DatagramsDelivered
        + host.Counters.Drops(MemifDropReason.BadUdpLength) + host.Counters.Drops(MemifDropReason.BadUdpChecksum) + host.Counters.Drops(MemifDropReason.NoSocket);

    private static void AssertDelivered(byte[] whole, UdpEndpoint socket)
    {
        bool isIntact = whole.AsSpan().SequenceEqual(s_datagram);
        Assert.Equal(isIntact, socket.Inbox.TryTake(out QueuedDatagram datagram));
        if (isIntact)
            Assert.Equal(whole[UdpPacket.HeaderLength..], datagram.Payload.ToArray());
    }

    /// <summary>The datagram cut behind those of its units whose bit is set.</summary>
    private static Step[] Cut(int bits)
    {
        int[] cuts = [0, .. Enumerable.Range(1, Units).Where(i => ((bits >> (i - 1)) & 1) != 0), Units + 1];
        return cuts is [0, _] ? Cut(1) : [.. cuts.Zip(cuts[1..], (first, next) => Step.Of(first, next - first))];
    }

    private sealed record Step(int Offset, int Length, bool IsLast, bool IsForged, int Seconds = 0)
    {
        internal byte[] Bytes => IsForged ? [.. Enumerable.Repeat((byte)0xEE, Length)] : s_datagram[Offset..(Offset + Length)];

        internal static Step Of(int firstUnit, int units)
        {
            int end = Math.Min((firstUnit + units) * 8, s_datagram.Length);
            return new Step(firstUnit * 8, end - (firstUnit * 8), end == s_datagram.Length, IsForged: false);
        }
    }
}

using CsCheck;
using ZMemif.Memory;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>
/// Each walk on a ring into which somebody writes anything, at any time between two of its steps: it takes what is
/// possible, names what is not, and never lends a byte outside the region.
/// </summary>
public sealed class ScribbledRingTests
{
    private const int Iterations = 1500;

    private static readonly Gen<ushort> Counters = Gen.OneOf(Gen.UShort[0, 20], Gen.UShort, Gen.UShort[65520, 65535]);
    private static readonly Gen<uint> Numbers = Gen.OneOf(Gen.UInt[0, 200], Gen.UInt, Gen.UInt[0xfffffe00, 0xffffffff]);

    private static readonly Gen<Action<RingBed>> Scribbles = Gen.OneOf(
        Counters.Select(head => (Action<RingBed>)(bed => bed.Ring.ReleaseHead(head))),
        Counters.Select(tail => (Action<RingBed>)(bed => bed.Ring.ReleaseTail(tail))),
        Gen.Select(Gen.UShort[0, 7], Gen.UShort[0, 3], Gen.Frequency((9, Gen.Const((ushort)0)), (1, Gen.UShort)), Numbers, Numbers).Select(
            (slot, flags, region, length, offset) => (Action<RingBed>)(bed => bed.Ring.WriteDescriptor(
                slot, new Descriptor { Flags = flags, Region = region, Length = length, Offset = offset }))));

    private static readonly Gen<(Action<RingBed> Scribble, int Amount)[]> Lives =
        Gen.Select(Scribbles, Gen.Int[1, 300]).Array[1, 30];

    [Fact]
    public void ServerReceives_ScribbledRing_TakesOnlyWhatIsInside() => Lives.Sample(life => Receive(life, bed => bed.ServerReceives()), iter: Iterations);

    [Fact]
    public void ClientReceives_ScribbledRing_TakesOnlyWhatIsInside() => Lives.Sample(
        life => Receive(life, bed =>
        {
            ClientRxWalk walk = bed.ClientReceives();
            walk.PostAll();
            return walk;
        }),
        iter: Iterations);

    [Fact]
    public void ServerSends_ScribbledRing_WritesOnlyInside() => Lives.Sample(life => Send(life, bed => bed.ServerSends()), iter: Iterations);

    [Fact]
    public void ClientSends_ScribbledRing_WritesOnlyInside() => Lives.Sample(life => Send(life, bed => bed.ClientSends()), iter: Iterations);

    private static void Receive((Action<RingBed> Scribble, int Amount)[] life, Func<RingBed, RxWalk> makeWalk)
    {
        using var bed = new RingBed(log2Size: 3);
        RxWalk walk = makeWalk(bed);
        foreach ((Action<RingBed> scribble, int amount) in life)
        {
            scribble(bed);
            int gathered = walk.Gather(amount);
            int yielded = 0;
            while (walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out int length))
            {
                yielded++;
                foreach (PacketSegment segment in segments)
                    length -= bed.Generation.View(segment).Length;
                Assert.Equal(0, length);
            }

            Assert.Equal(gathered, yielded);
            walk.Release();
        }
    }

    private static void Send((Action<RingBed> Scribble, int Amount)[] life, Func<RingBed, TxWalk> makeWalk)
    {
        using var bed = new RingBed(log2Size: 3);
        TxWalk walk = makeWalk(bed);
        foreach ((Action<RingBed> scribble, int amount) in life)
        {
            scribble(bed);
            walk.TryAdd(new byte[amount]);
            if (walk.TryReserve(amount, out Span<byte> buffer))
                buffer.Fill(0xff);
            walk.Commit();
        }
    }
}

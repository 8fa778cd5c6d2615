using CsCheck;
using ZMemif.Memory;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>The walks in pairs, in random interleavings around the wrap of the counters, against a queue and a number.</summary>
public sealed class WalkPropertyTests
{
    private const int Iterations = 100;

    private static readonly Gen<(int Log2, int Start)> Beginnings = Gen.Select(Gen.Int[0, 5], Gen.Int[65_480, 65_536]);

    private static readonly Gen<(Move Move, int Count, int Length)[]> Moves =
        Gen.Select(Gen.Enum<Move>(), Gen.Int[1, 8], Gen.Int[1, 700]).Array[0, 80];

    private enum Move
    {
        Send,
        ReserveAndCommit,
        ReserveAndDiscard,
        Receive,
    }

    [Fact]
    public void ClientToServer_AnyInterleaving_IsAQueueOfPacketsAndANumberOfFreeSlots() =>
        Gen.Select(Beginnings, Moves).Sample(
            (beginning, moves) => Run(beginning, moves, bed => (bed.ClientSends(), bed.ServerReceives())), iter: Iterations);

    [Fact]
    public void ServerToClient_AnyInterleaving_IsAQueueOfPacketsAndANumberOfFreeSlots() =>
        Gen.Select(Beginnings, Moves).Sample(
            (beginning, moves) => Run(beginning, moves, bed => (bed.ServerSends(), Posted(bed.ClientReceives()))), iter: Iterations);

    private static ClientRxWalk Posted(ClientRxWalk walk)
    {
        walk.PostAll();
        return walk;
    }

    private static void Run(
        (int Log2, int Start) beginning, (Move Move, int Count, int Length)[] moves, Func<RingBed, (TxWalk Tx, RxWalk Rx)> makeWalks)
    {
        using var bed = new RingBed(beginning.Log2);
        (TxWalk tx, RxWalk rx) = makeWalks(bed);
        MoveCounters(tx, rx, beginning.Start, bed.Slots);
        var model = new PairModel(bed, tx, rx);

        foreach ((Move move, int count, int length) in moves)
        {
            switch (move)
            {
                case Move.Send:
                    model.Send(count, length);
                    break;
                case Move.ReserveAndCommit:
                    model.Reserve(count, length, commit: true);
                    break;
                case Move.ReserveAndDiscard:
                    model.Reserve(count, length, commit: false);
                    break;
                default:
                    model.Receive(count, read: length % (count + 1));
                    break;
            }
        }

        model.ReceiveTheRest();
    }

    // Carries empty traffic until both counters stand at the given number.
    private static void MoveCounters(TxWalk tx, RxWalk rx, int to, int slots)
    {
        for (int at = 0; at < to;)
        {
            int burst = Math.Min(slots, to - at);
            for (int i = 0; i < burst; i++)
                Assert.True(tx.TryReserve(1, out _));
            tx.Commit();
            Assert.Equal(burst, rx.Gather(burst));
            while (rx.TryRead(out _, out _))
                at++;
            rx.Release();
        }
    }
}

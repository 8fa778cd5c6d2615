using ZMemif.Memory;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>Slots on loan are not the peer's: it can publish the others, and not one more.</summary>
public sealed class LentSlotsTests
{
    private const int Lent = 2;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ServerReceives_SlotsOnLoan_ArePublishedByNobody(int tooMany)
    {
        using var bed = new RingBed(log2Size: 3);
        ServerRxWalk walk = bed.ServerReceives();
        bed.Publish(head: 0, Lent);
        SlotLoan[] loans = Lend(walk);

        bed.Publish(Lent, bed.Slots - Lent + tooMany);

        AssertGathered(walk, tooMany, bed.Slots);
        Array.ForEach(loans, walk.EndLoan);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ClientReceives_SlotsOnLoan_ArePublishedByNobody(int tooMany)
    {
        using var bed = new RingBed(log2Size: 3);
        ClientRxWalk walk = bed.ClientReceives();
        walk.PostAll();
        for (uint slot = 0; slot < bed.Slots; slot++)
            bed.Ring.WriteLengthAndFlags(slot, 1, 0);
        bed.Ring.ReleaseTail(Lent);
        SlotLoan[] loans = Lend(walk);

        bed.Ring.ReleaseTail((ushort)(bed.Slots + tooMany));

        AssertGathered(walk, tooMany, bed.Slots);
        Array.ForEach(loans, walk.EndLoan);
    }

    private static SlotLoan[] Lend(RxWalk walk)
    {
        var loans = new SlotLoan[Lent];
        for (int i = 0; i < Lent; i++)
        {
            Assert.Equal(1, walk.Gather(1));
            Assert.True(walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out int _));
            loans[i] = walk.Lend(segments, out ReadOnlyMemory<PacketSegment> _);
        }

        return loans;
    }

    private static void AssertGathered(RxWalk walk, int tooMany, int slots)
    {
        int gathered = walk.Gather(slots);

        if (tooMany == 0)
            Assert.Equal((slots - Lent, null), (gathered, walk.Violation));
        else
            Assert.Contains($"{slots - Lent + tooMany} slots ahead of {Lent}", walk.Violation, StringComparison.Ordinal);
    }
}

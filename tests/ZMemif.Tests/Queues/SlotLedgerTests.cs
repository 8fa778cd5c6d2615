using ZMemif.Queues;

namespace ZMemif.Tests.Queues;

public sealed class SlotLedgerTests
{
    private readonly List<(ushort First, int Count)> _back = [];

    [Fact]
    public void TryReturn_OutOfOrder_GivesBackInRingOrder()
    {
        SlotLedger ledger = NewLedger(8);
        SlotLoan[] loans = [ledger.Lend(0, 1), ledger.Lend(1, 2), ledger.Lend(3, 1)];

        Assert.True(ledger.TryReturn(loans[2]));
        Assert.True(ledger.TryReturn(loans[1]));
        Assert.Empty(_back);
        Assert.Equal(4, ledger.Open);

        Assert.True(ledger.TryReturn(loans[0]));
        Assert.Equal([(0, 4)], _back);
        Assert.False(ledger.IsOpen);
    }

    [Fact]
    public void TryReturn_Twice_IsHarmless()
    {
        SlotLedger ledger = NewLedger(8);
        SlotLoan first = ledger.Lend(0, 1);
        ledger.Lend(1, 1);

        Assert.True(ledger.TryReturn(first));
        Assert.False(ledger.TryReturn(first));

        Assert.Equal([(0, 1)], _back);
        Assert.Equal(1, ledger.Open);
    }

    [Fact]
    public void TryReturn_TwiceAfterItsSlotWasLentAgain_DoesNotEndTheNewLoan()
    {
        SlotLedger ledger = NewLedger(1);
        SlotLoan old = ledger.Lend(0, 1);
        Assert.True(ledger.TryReturn(old));
        ledger.Lend(1, 1);

        Assert.False(ledger.TryReturn(old));

        Assert.Equal(1, ledger.Open);
    }

    [Fact]
    public void TryReturn_OfNoLoan_IsHarmless()
    {
        SlotLedger ledger = NewLedger(4);
        ledger.Lend(0, 1);

        Assert.False(ledger.TryReturn(default));

        Assert.Equal(1, ledger.Open);
    }

    [Fact]
    public void Pass_BehindALoan_WaitsForItsTurn()
    {
        SlotLedger ledger = NewLedger(8);
        SlotLoan loan = ledger.Lend(65534, 1);

        ledger.Pass(65535, 3);
        Assert.Empty(_back);

        Assert.True(ledger.TryReturn(loan));
        Assert.Equal([(65534, 4)], _back);
    }

    [Fact]
    public void Pass_NothingOnLoan_GivesBackAtOnce()
    {
        SlotLedger ledger = NewLedger(8);

        ledger.Pass(5, 8);

        Assert.Equal([(5, 8)], _back);
        Assert.False(ledger.IsOpen);
    }

    [Fact]
    public void GivingBack_UntilThePeerHasTheSlots_TheyCountAsOpen()
    {
        // A consumer who sees nothing on loan writes the ring's counter without the ledger's lock.
        List<int> open = [];
        SlotLedger? ledger = null;
        ledger = new SlotLedger(8, (_, _) => open.Add(ledger!.Open));

        SlotLoan loan = ledger.Lend(0, 2);
        ledger.Pass(2, 1);
        Assert.True(ledger.TryReturn(loan));
        ledger.Pass(3, 4);

        Assert.Equal([3, 4], open);
        Assert.False(ledger.IsOpen);
    }

    [Fact]
    public async Task TryReturn_FromManyThreads_GivesEverySlotBackOnceAndInOrder()
    {
        const int Slots = 64;
        const int Total = 200_000;
        var ledger = new SlotLedger(Slots, (first, count) => _back.Add((first, count)));
        using var lent = new System.Collections.Concurrent.BlockingCollection<SlotLoan>(Slots);
        Task[] returners = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            foreach (SlotLoan loan in lent.GetConsumingEnumerable())
                Assert.True(ledger.TryReturn(loan));
        }))];

        for (int next = 0; next < Total;)
        {
            if (ledger.Open + 2 > Slots)
            {
                Thread.Yield();
                continue;
            }

            int count = 1 + (next % 2);
            lent.Add(ledger.Lend((ushort)next, count));
            next += count;
        }

        lent.CompleteAdding();
        await Task.WhenAll(returners).WaitAsync(TimeSpan.FromSeconds(20));

        ushort expected = 0;
        foreach ((ushort first, int count) in _back)
        {
            Assert.Equal(expected, first);
            expected = (ushort)(first + count);
        }

        Assert.Equal(0, ledger.Open);
        Assert.InRange(_back.Sum(run => run.Count), Total, Total + 1);
    }

    private SlotLedger NewLedger(int slots) => new(slots, (first, count) => _back.Add((first, count)));
}

using ZMemif.Memory;

namespace ZMemif.Queues;

/// <content>Packets on loan: their slots go back when the loan ends, in the order of the ring.</content>
internal abstract partial class RxWalk
{
    // Made with the first loan: the segments of lent packets, by slot, twice as long so that none of them wraps.
    private SlotLedger? _ledger;
    private PacketSegment[]? _lent;

    /// <summary>Takes the packet that was read, the only one of its burst, on loan beyond the burst.</summary>
    /// <param name="segments">Its segments.</param>
    /// <param name="kept">The same, in memory that stays as it is until the loan ends.</param>
    internal SlotLoan Lend(ReadOnlySpan<PacketSegment> segments, out ReadOnlyMemory<PacketSegment> kept)
    {
        _ledger ??= new SlotLedger(Ring.Slots, Return);
        _lent ??= new PacketSegment[2 * Ring.Slots];
        ushort first = (ushort)(Next + _read - segments.Length);
        int slot = first & (Ring.Slots - 1);
        segments.CopyTo(_lent.AsSpan(slot));
        kept = _lent.AsMemory(slot, segments.Length);
        Generation.Retain();
        if (first != Next)
            _ledger.Pass(Next, (ushort)(first - Next));
        SlotLoan loan = _ledger.Lend(first, segments.Length);
        Advance();
        return loan;
    }

    /// <summary>Ends a loan; any thread, and harmless the second time.</summary>
    internal void EndLoan(SlotLoan loan)
    {
        if (_ledger!.TryReturn(loan))
            Generation.Release();
    }

    // Behind slots that are on loan they wait.
    private void GiveBack(ushort first, int count)
    {
        if (_ledger is { IsOpen: true } ledger)
            ledger.Pass(first, count);
        else
            Return(first, count);
    }

    // A loan may end right now: the peer may have used its slots again before the ledger says that they are back.
    private bool FitsBesideLoans(int available) =>
        available + (_ledger?.Open ?? 0) <= Ring.Slots
        || (_ledger is not null && available + _ledger.SettledOpen <= Ring.Slots);
}

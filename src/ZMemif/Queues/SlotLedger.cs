namespace ZMemif.Queues;

/// <summary>
/// Which slots of a receive ring are lent out, and which have come back: slots go back to the peer in the order of the
/// ring, so the oldest lease holds back all later ones. Thread-safe; made with the first lease.
/// </summary>
/// <param name="slots">Slots of the ring, a power of two.</param>
/// <param name="giveBack">Hands a run of slots to the peer: first index and count. Called under the lock.</param>
internal sealed class SlotLedger(int slots, Action<ushort, int> giveBack)
{
    private readonly Lock _lock = new();
    private readonly bool[] _isDone = new bool[slots];
    private readonly ulong[] _tickets = new ulong[slots];
    private ulong _lastTicket;
    private ushort _oldest; // not back with the peer; valid while something is open
    private int _open;

    /// <summary>Whether some slots are on loan, or wait behind one that is.</summary>
    internal bool IsOpen => Open > 0;

    /// <summary>How many slots are on loan, or wait behind one that is.</summary>
    internal int Open => Volatile.Read(ref _open);

    /// <summary>The same, once nobody is in the middle of handing slots back.</summary>
    internal int SettledOpen
    {
        get
        {
            lock (_lock)
                return _open;
        }
    }

    /// <summary>Lends slots.</summary>
    internal SlotLoan Lend(ushort first, int count)
    {
        lock (_lock)
        {
            Take(first, count);
            _tickets[Slot(first)] = ++_lastTicket;
            return new SlotLoan(first, count, _lastTicket);
        }
    }

    /// <summary>Ends a loan.</summary>
    /// <returns>False when it has ended already.</returns>
    internal bool TryReturn(SlotLoan loan)
    {
        lock (_lock)
        {
            if (_tickets[Slot(loan.First)] != loan.Ticket)
                return false;
            _tickets[Slot(loan.First)] = 0;
            Finish(loan.First, loan.Count);
            return true;
        }
    }

    /// <summary>Takes slots that were read by copy while others are on loan: they go back when their turn comes.</summary>
    internal void Pass(ushort first, int count)
    {
        lock (_lock)
        {
            Take(first, count);
            Finish(first, count);
        }
    }

    private void Take(ushort first, int count)
    {
        if (_open == 0)
            _oldest = first;
        Volatile.Write(ref _open, _open + count);
    }

    private void Finish(ushort first, int count)
    {
        for (int i = 0; i < count; i++)
            _isDone[Slot((ushort)(first + i))] = true;

        int back = 0;
        while (back < _open && _isDone[Slot((ushort)(_oldest + back))])
            _isDone[Slot((ushort)(_oldest + back++))] = false;
        if (back == 0)
            return;
        giveBack(_oldest, back);
        _oldest = (ushort)(_oldest + back);

        // Last: the consumer, seeing nothing on loan, writes the ring's counter without this lock.
        Volatile.Write(ref _open, _open - back);
    }

    private int Slot(ushort index) => index & (slots - 1);
}

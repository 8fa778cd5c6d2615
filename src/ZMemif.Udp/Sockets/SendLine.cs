namespace ZMemif.Udp.Sockets;

/// <summary>
/// The senders of an interface that wait for room on its rings, in order of arrival: only the first looks for it, and who
/// comes later does not overtake. Thread-safe.
/// </summary>
internal sealed class SendLine
{
    private readonly Lock _lock = new();
    private readonly LinkedList<SendTurn> _waiting = new();
    private int _count;

    internal bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Stands in line; <see cref="Leave"/> must follow.</summary>
    internal SendTurn Join()
    {
        var turn = new SendTurn();
        lock (_lock)
        {
            _waiting.AddLast(turn);
            Volatile.Write(ref _count, _waiting.Count);
            if (_waiting.Count == 1)
                turn.Come();
        }

        return turn;
    }

    internal void Leave(SendTurn turn)
    {
        lock (_lock)
        {
            _waiting.Remove(turn);
            Volatile.Write(ref _count, _waiting.Count);
            _waiting.First?.Value.Come();
        }
    }
}

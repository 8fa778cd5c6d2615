namespace ZMemif.Udp.Sockets;

/// <summary>Those who wait for a datagram, in order of arrival; any of them may leave. Used under its inbox's lock.</summary>
internal sealed class WaiterQueue
{
    private ReceiveWaiter? _last;

    internal ReceiveWaiter? First { get; private set; }

    internal void Append(ReceiveWaiter waiter)
    {
        waiter.IsQueued = true;
        waiter.Previous = _last;
        waiter.Next = null;
        if (_last is null)
            First = waiter;
        else
            _last.Next = waiter;
        _last = waiter;
    }

    /// <returns>False when it was not in the queue.</returns>
    internal bool Remove(ReceiveWaiter waiter)
    {
        if (!waiter.IsQueued)
            return false;
        waiter.IsQueued = false;
        if (waiter.Previous is null)
            First = waiter.Next;
        else
            waiter.Previous.Next = waiter.Next;
        if (waiter.Next is null)
            _last = waiter.Previous;
        else
            waiter.Next.Previous = waiter.Previous;
        waiter.Previous = waiter.Next = null;
        return true;
    }

    /// <summary>Takes out everybody, in order.</summary>
    internal ReceiveWaiter[] RemoveAll()
    {
        var all = new List<ReceiveWaiter>();
        while (First is { } first)
        {
            Remove(first);
            all.Add(first);
        }

        return [.. all];
    }
}

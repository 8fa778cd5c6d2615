using System.Buffers;
using System.Diagnostics;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// A socket's receive buffer: datagrams, or those who wait for them, in order of arrival; never both. Thread-safe; whoever waits is completed outside the lock.
/// </summary>
/// <param name="pressure">Holds the link back while the buffer is full; null when what is too much is dropped.</param>
/// <param name="engine">Drains for those who wait without a thread.</param>
#pragma warning disable CA1001 // Close disposes what there is to be disposed.
internal sealed partial class DatagramInbox(BackPressure? pressure = null, RxEngine? engine = null)
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private readonly Queue<QueuedDatagram> _datagrams = new();
    private readonly WaiterQueue _waiters = new();
    private readonly WaiterQueue _watchers = new();
    private bool _isClosed;
    private long _drops;
    private volatile bool _isEnded;

    /// <summary>How much it holds.</summary>
    internal ReceiveBudget Budget { get; } = new(pressure);

    /// <summary>Datagrams that were for this socket and died: there was no room, or they were damaged.</summary>
    internal long Drops => Volatile.Read(ref _drops);

    /// <summary>Whether it is noted of datagrams, when they arrive, on which interface (IP_PKTINFO).</summary>
    internal bool NotesInterface { get; set; }

    /// <summary>Whether it has been ended for good, with its socket.</summary>
    internal bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>The length of the first datagram in bytes; null when there is none.</summary>
    internal int? FirstLength
    {
        get
        {
            lock (_lock)
                return _datagrams.TryPeek(out QueuedDatagram first) ? first.Length : null;
        }
    }

    /// <summary>
    /// Takes a datagram in: copies and verifies it, then hands it to the call that took it off the link, or to the first who
    /// waits, or queues it.
    /// </summary>
    /// <param name="datagram">Its headers.</param>
    /// <param name="payload">Its payload; every byte is read once.</param>
    /// <param name="direct">The call that took it off the link, if it is one of this socket; otherwise nobody's.</param>
    /// <returns>Null, or why it was dropped.</returns>
    internal MemifDropReason? Deliver(scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload, ref DirectReceive direct)
    {
        if (direct.TryLend(payload.Length, out Span<byte> lent))
            return DeliverTo(ref direct, lent, datagram, payload);

        direct.Notice();
        if (!Budget.TryCharge(payload.Length))
            return Count(MemifDropReason.ReceiveBufferFull);

        byte[] buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        if (!datagram.TryCopy(payload, buffer))
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return Count(Refuse(payload.Length, MemifDropReason.BadUdpChecksum));
        }

        return Enqueue(new QueuedDatagram(buffer, payload.Length, datagram, InterfaceIndex));
    }

    /// <summary>Takes the next datagram out, if there is one.</summary>
    internal bool TryTake(out QueuedDatagram datagram)
    {
        bool isTaken;
        lock (_lock)
            isTaken = TryTakeLocked(out datagram);
        if (isTaken)
            Budget.Uncharge(datagram.Length);
        return isTaken;
    }

    /// <summary>Gives a datagram's buffer back, when its payload has been read.</summary>
    internal static void Return(in QueuedDatagram datagram)
    {
        if (datagram.Buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Copies a datagram that was taken out to where its caller wants it, and gives its buffer back.</summary>
    internal static void Serve(ref DirectReceive direct, in QueuedDatagram datagram)
    {
        direct.Serve(datagram);
        Return(datagram);
    }

    /// <summary>Takes a waiter out of the list.</summary>
    /// <returns>False when somebody else did: he completes it.</returns>
    internal bool TryRemove(ReceiveWaiter waiter)
    {
        lock (_lock)
            return Remove(waiter is ReceiveOperation { IsWatcher: true } ? _watchers : _waiters, waiter);
    }

    private int InterfaceIndex => NotesInterface ? UdpEndpoint.InterfaceIndex : 0;

    private MemifDropReason? DeliverTo(ref DirectReceive direct, Span<byte> lent, scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload)
    {
        if (!datagram.TryCopy(payload, lent))
            return Count(MemifDropReason.BadUdpChecksum);
        lock (_lock)
        {
            // Something may have come from elsewhere meanwhile, and its waiter be completed with it: then this comes after it.
            bool isStillFirst = !_isClosed && _datagrams.Count == 0 && ReferenceEquals(_waiters.First, direct.Place) && !direct.IsOver;
            if (isStillFirst)
            {
                if (_waiters.First is { } mine)
                    Remove(_waiters, mine);
                direct.Serve(datagram, payload.Length, InterfaceIndex);
                return null;
            }
        }

        direct.Notice();
        if (!Budget.TryCharge(payload.Length))
            return Count(MemifDropReason.ReceiveBufferFull);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        lent.CopyTo(buffer);
        return Enqueue(new QueuedDatagram(buffer, payload.Length, datagram, InterfaceIndex));
    }

    private MemifDropReason? Enqueue(QueuedDatagram datagram)
    {
        ReceiveWaiter? waiter;
        ReceiveWaiter[] watchers = [];
        bool isClosed;
        lock (_lock)
        {
            AssertInvariants();
            isClosed = _isClosed;
            waiter = _waiters.First;
            if (waiter is not null)
                Remove(_waiters, waiter);
            else if (!isClosed)
                Append(datagram);
            if (waiter is null && _watchers.First is not null)
                watchers = RemoveAll(_watchers);
        }

        foreach (ReceiveWaiter watcher in watchers)
            watcher.Complete(default);

        if (isClosed)
        {
            // Its port is being given back: it came too late for this socket.
            Return(datagram);
            return Refuse(datagram.Length, MemifDropReason.NoSocket);
        }

        if (waiter is not null)
        {
            Budget.Uncharge(datagram.Length);
            waiter.Complete(datagram);
        }

        return null;
    }

    private bool TryTakeLocked(out QueuedDatagram datagram)
    {
        AssertInvariants();
        bool isTaken = _datagrams.TryDequeue(out datagram);
        if (isTaken && _datagrams.Count == 0)
            ShowReadiness();
        return isTaken;
    }

    private void Append(QueuedDatagram datagram)
    {
        _datagrams.Enqueue(datagram);
        if (_datagrams.Count == 1)
            ShowReadiness();
    }

    private bool Remove(WaiterQueue queue, ReceiveWaiter waiter)
    {
        bool isRemoved = queue.Remove(waiter);
        if (isRemoved && waiter.NeedsLoop)
            engine?.EndPending();
        return isRemoved;
    }

    private ReceiveWaiter[] RemoveAll(WaiterQueue queue)
    {
        ReceiveWaiter[] all = queue.RemoveAll();
        foreach (ReceiveWaiter waiter in all)
        {
            if (waiter.NeedsLoop)
                engine?.EndPending();
        }

        return all;
    }

    private MemifDropReason Refuse(int length, MemifDropReason reason)
    {
        Budget.Uncharge(length);
        return reason;
    }

    private MemifDropReason Count(MemifDropReason reason)
    {
        Interlocked.Increment(ref _drops);
        return reason;
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_waiters.First is null || _datagrams.Count == 0, "There are datagrams, so nobody should be waiting.");
        Debug.Assert(!_isClosed || _datagrams.Count == 0, "A closed inbox holds nothing.");
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// A socket's receive queue: datagrams, or those who wait for them, in order of arrival; never both. Each datagram is
/// charged its payload and an overhead against a limit, so that the default holds 256 small ones as the kernel's does.
/// Thread-safe; whoever waits is completed outside the lock.
/// </summary>
internal sealed class DatagramInbox
{
    /// <summary>Linux' net.core.rmem_default.</summary>
    internal const int DefaultLimit = 212_992;

    /// <summary>What the kernel's bookkeeping of a small datagram amounts to: 212,992 / 256 − 64.</summary>
    internal const int Overhead = 768;

    private readonly Lock _lock = new();
    private readonly Queue<QueuedDatagram> _datagrams = new();
    private ReceiveWaiter? _firstWaiter;
    private ReceiveWaiter? _lastWaiter;
    private ReceiveOperation? _spare;
    private int _charged;
    private bool _isClosed;

    /// <summary>Takes a datagram in: copies and verifies it, then hands it to the first who waits, or queues it.</summary>
    /// <returns>Null, or why it was dropped.</returns>
    internal MemifDropReason? Deliver(in ReceivedDatagram datagram, ReadOnlySpan<byte> payload)
    {
        int charge = payload.Length + Overhead;
        int charged = Interlocked.Add(ref _charged, charge);
        if (charged > DefaultLimit && charged != charge)
            return Refuse(payload.Length, MemifDropReason.ReceiveBufferFull);

        byte[] buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        ulong sum = Wire.InternetChecksum.CopyAndSum(payload, buffer);
        if (!datagram.Verify(sum))
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return Refuse(payload.Length, MemifDropReason.BadUdpChecksum);
        }

        return Enqueue(new QueuedDatagram(buffer, payload.Length, datagram.Source, datagram.SourcePort, datagram.Destination));
    }

    /// <summary>Takes the next datagram out, if there is one.</summary>
    internal bool TryTake(out QueuedDatagram datagram)
    {
        lock (_lock)
            return TryTakeLocked(out datagram);
    }

    /// <summary>Waits for the next datagram, in turn.</summary>
    /// <param name="milliseconds">How long at most; −1 without limit.</param>
    /// <param name="datagram">The datagram, on success.</param>
    internal SocketError Take(int milliseconds, out QueuedDatagram datagram)
    {
        BlockedReceiver waiter;
        lock (_lock)
        {
            if (TryTakeLocked(out datagram))
                return SocketError.Success;
            if (_isClosed)
                return SocketError.Interrupted;
            waiter = BlockedReceiver.Current;
            Append(waiter);
        }

        return WaitInTurn(waiter, milliseconds) ? waiter.GetResult(out datagram) : SocketError.TimedOut;
    }

    /// <summary>Waits for the next datagram, in turn, without a thread.</summary>
    internal ValueTask<QueuedDatagram> TakeAsync(CancellationToken cancellationToken)
    {
        ReceiveOperation operation;
        lock (_lock)
        {
            if (TryTakeLocked(out QueuedDatagram datagram))
                return new ValueTask<QueuedDatagram>(datagram);
            if (_isClosed)
                return ValueTask.FromException<QueuedDatagram>(new SocketException((int)SocketError.OperationAborted));
            operation = _spare ?? new ReceiveOperation(this);
            _spare = null;
            Append(operation);
        }

        ValueTask<QueuedDatagram> task = operation.Task;
        if (cancellationToken.CanBeCanceled)
            operation.WatchFor(cancellationToken);
        return task;
    }

    /// <summary>Gives a datagram's buffer back, when its payload has been read.</summary>
    internal static void Return(in QueuedDatagram datagram) => ArrayPool<byte>.Shared.Return(datagram.Buffer);

    /// <summary>Takes a waiter out of the list.</summary>
    /// <returns>False when somebody else did: he completes it.</returns>
    internal bool TryRemove(ReceiveWaiter waiter)
    {
        lock (_lock)
            return Unlink(waiter);
    }

    /// <summary>Keeps an operation for the next receive.</summary>
    internal void Recycle(ReceiveOperation operation)
    {
        lock (_lock)
            _spare ??= operation;
    }

    /// <summary>Ends the inbox: fails everybody who waits, and drops what nobody read.</summary>
    /// <returns>How many datagrams were dropped.</returns>
    internal int Close()
    {
        ReceiveWaiter? waiters;
        QueuedDatagram[] unread;
        lock (_lock)
        {
            _isClosed = true;
            unread = [.. _datagrams];
            _datagrams.Clear();
            waiters = _firstWaiter;
            _firstWaiter = _lastWaiter = null;
            for (ReceiveWaiter? waiter = waiters; waiter is not null; waiter = waiter.Next)
                waiter.IsQueued = false;
        }

        foreach (QueuedDatagram datagram in unread)
        {
            Uncharge(datagram.Length);
            Return(datagram);
        }

        while (waiters is { } waiter)
        {
            waiters = waiter.Next;
            waiter.Next = waiter.Previous = null;
            waiter.Fail(waiter.ClosedError);
        }

        return unread.Length;
    }

    /// <summary>Waits until the waiter is completed.</summary>
    /// <returns>False when the time was over first: then it is out of the list.</returns>
    private bool WaitInTurn(BlockedReceiver waiter, int milliseconds)
    {
        try
        {
            if (!waiter.Wait(milliseconds) && TryRemove(waiter))
                return false;

            // Somebody took the waiter out of the list and is about to complete it.
            waiter.Wait(Timeout.Infinite);
        }
        catch (ThreadInterruptedException)
        {
            if (TryRemove(waiter))
                throw;

            // The datagram must not be lost: it comes first, and the interruption with the thread's next wait.
            waiter.SpinUntilDone();
            Thread.CurrentThread.Interrupt();
        }

        return true;
    }

    private MemifDropReason? Enqueue(QueuedDatagram datagram)
    {
        ReceiveWaiter? waiter;
        bool isClosed;
        lock (_lock)
        {
            AssertInvariants();
            isClosed = _isClosed;
            waiter = _firstWaiter;
            if (waiter is not null)
                Unlink(waiter);
            else if (!isClosed)
                _datagrams.Enqueue(datagram);
        }

        if (isClosed)
        {
            // Its port is being given back: it came too late for this socket.
            Return(datagram);
            return Refuse(datagram.Length, MemifDropReason.NoSocket);
        }

        if (waiter is not null)
        {
            Uncharge(datagram.Length);
            waiter.Complete(datagram);
        }

        return null;
    }

    private bool TryTakeLocked(out QueuedDatagram datagram)
    {
        AssertInvariants();
        if (!_datagrams.TryDequeue(out datagram))
            return false;
        Uncharge(datagram.Length);
        return true;
    }

    private MemifDropReason Refuse(int length, MemifDropReason reason)
    {
        Uncharge(length);
        return reason;
    }

    private void Uncharge(int length) => Interlocked.Add(ref _charged, -(length + Overhead));

    private void Append(ReceiveWaiter waiter)
    {
        waiter.IsQueued = true;
        waiter.Previous = _lastWaiter;
        waiter.Next = null;
        if (_lastWaiter is null)
            _firstWaiter = waiter;
        else
            _lastWaiter.Next = waiter;
        _lastWaiter = waiter;
    }

    private bool Unlink(ReceiveWaiter waiter)
    {
        if (!waiter.IsQueued)
            return false;
        waiter.IsQueued = false;
        if (waiter.Previous is null)
            _firstWaiter = waiter.Next;
        else
            waiter.Previous.Next = waiter.Next;
        if (waiter.Next is null)
            _lastWaiter = waiter.Previous;
        else
            waiter.Next.Previous = waiter.Previous;
        waiter.Previous = waiter.Next = null;
        return true;
    }

    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_firstWaiter is null || _datagrams.Count == 0, "There are datagrams, so nobody should be waiting.");
        Debug.Assert(!_isClosed || _datagrams.Count == 0, "A closed inbox holds nothing.");
    }
}

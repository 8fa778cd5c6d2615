using System.Net.Sockets;

namespace ZMemif.Udp.Sockets;

/// <summary>A thread that is blocked in a receive. Each thread has one and uses it again.</summary>
#pragma warning disable CA1001 // The event never makes its handle, and lives as long as its thread.
internal sealed class BlockedReceiver : ReceiveWaiter
#pragma warning restore CA1001
{
    [ThreadStatic]
    private static BlockedReceiver? s_current;

    private readonly ManualResetEventSlim _done = new();
    private QueuedDatagram _datagram;
    private SocketError _error;

    internal override SocketError ClosedError => SocketError.Interrupted;

    /// <summary>This thread's waiter, fresh.</summary>
    internal static BlockedReceiver Current
    {
        get
        {
            BlockedReceiver current = s_current ??= new BlockedReceiver();
            current._done.Reset();
            current._error = SocketError.Success;
            return current;
        }
    }

    /// <summary>Blocks until completed or failed.</summary>
    /// <returns>False when the time, in milliseconds, was over first; −1 waits without limit.</returns>
    internal bool Wait(int milliseconds) => _done.Wait(milliseconds);

    /// <summary>Waits for somebody who is about to complete it, without being interrupted.</summary>
    internal void SpinUntilDone()
    {
        while (!_done.IsSet)
            Thread.Yield();
    }

    /// <summary>The outcome, after a successful <see cref="Wait"/>.</summary>
    internal SocketError GetResult(out QueuedDatagram datagram)
    {
        datagram = _datagram;
        _datagram = default;
        return _error;
    }

    internal override void Complete(QueuedDatagram datagram)
    {
        _datagram = datagram;
        _done.Set();
    }

    internal override void Fail(SocketError error)
    {
        _error = error;
        _done.Set();
    }
}

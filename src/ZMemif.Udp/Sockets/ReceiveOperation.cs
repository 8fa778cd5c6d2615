using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// An asynchronous receive that is pending. Its continuation runs on the thread pool. Ownership: the inbox that made it
/// keeps one for reuse; it goes back when its result has been read, unless a cancellation might still be running.
/// </summary>
internal sealed class ReceiveOperation : ReceiveWaiter, IValueTaskSource<QueuedDatagram>
{
    private readonly DatagramInbox _inbox;
    private ManualResetValueTaskSourceCore<QueuedDatagram> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;

    internal ReceiveOperation(DatagramInbox inbox) => _inbox = inbox;

    internal override SocketError ClosedError => SocketError.OperationAborted;

    internal override bool NeedsLoop => true;

    internal ValueTask<QueuedDatagram> Task => new(this, _source.Version);

    /// <summary>Lets a token end the operation; after it has been queued.</summary>
    internal void WatchFor(CancellationToken token)
    {
        _token = token;
        _registration = token.UnsafeRegister(static state => ((ReceiveOperation)state!).Cancel(), this);
    }

    internal override void Complete(QueuedDatagram datagram) => _source.SetResult(datagram);

    internal override void Fail(SocketError error) => _source.SetException(new SocketException((int)error));

    QueuedDatagram IValueTaskSource<QueuedDatagram>.GetResult(short token)
    {
        // Unregistering waits for a cancellation that is running; afterwards nobody else knows this object.
        _registration.Dispose();
        _registration = default;
        _token = default;
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _source.Reset();
            _inbox.Recycle(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<QueuedDatagram>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<QueuedDatagram>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        if (_inbox.TryRemove(this))
            _source.SetException(new OperationCanceledException(_token));
    }
}

using System.Net.Sockets;
using System.Threading.Tasks.Sources;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// An asynchronous receive that is pending. Its continuation runs on the thread pool. Ownership: the inbox that made it
/// keeps one for reuse; it goes back when its result has been read, unless a cancellation might still be running. While it
/// pends it refers to its socket: nobody else may do so, and the socket's finalizer would end the receive.
/// </summary>
internal sealed class ReceiveOperation :
    ReceiveWaiter,
    IValueTaskSource<QueuedDatagram>,
    IValueTaskSource<int>,
    IValueTaskSource<SocketReceiveFromResult>,
    IValueTaskSource<SocketReceiveMessageFromResult>,
    IValueTaskSource<UdpReceiveResult>,
    IValueTaskSource<MemifDatagram>
{
    private readonly DatagramInbox _inbox;
    private ManualResetValueTaskSourceCore<QueuedDatagram> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private CancellationToken _token;
    private ReceiveTarget _target;

    internal ReceiveOperation(DatagramInbox inbox) => _inbox = inbox;

    internal override SocketError ClosedError => SocketError.OperationAborted;

    internal override bool NeedsLoop => true;

    /// <summary>It waits until there is a datagram, without taking it.</summary>
    internal bool IsWatcher { get; private set; }

    internal short Version => _source.Version;

    /// <summary>Begins anew; before it is queued.</summary>
    internal void Begin(in ReceiveTarget target, bool isWatcher)
    {
        _target = target;
        IsWatcher = isWatcher;
    }

    /// <summary>Lets a token end the operation; after it has been queued.</summary>
    internal void WatchFor(CancellationToken token)
    {
        if (!token.CanBeCanceled)
            return;
        _token = token;
        _registration = token.UnsafeRegister(static state => ((ReceiveOperation)state!).Cancel(), this);
    }

    /// <summary>Nobody waits by it any more.</summary>
    internal void GiveBack()
    {
        _target = default;
        _inbox.Recycle(this);
    }

    internal override void Complete(QueuedDatagram datagram) => _source.SetResult(datagram);

    internal override void Fail(SocketError error) =>
        _source.SetException(_target.Owner?.Failure(error) ?? new SocketException((int)error));

    QueuedDatagram IValueTaskSource<QueuedDatagram>.GetResult(short token) => Finish(token, out _);

    int IValueTaskSource<int>.GetResult(short token) => Finish<CountShape, int>(token);

    SocketReceiveFromResult IValueTaskSource<SocketReceiveFromResult>.GetResult(short token) =>
        Finish<SenderShape, SocketReceiveFromResult>(token);

    SocketReceiveMessageFromResult IValueTaskSource<SocketReceiveMessageFromResult>.GetResult(short token) =>
        Finish<MessageShape, SocketReceiveMessageFromResult>(token);

    UdpReceiveResult IValueTaskSource<UdpReceiveResult>.GetResult(short token) => Finish<ArrayShape, UdpReceiveResult>(token);

    MemifDatagram IValueTaskSource<MemifDatagram>.GetResult(short token) => Finish<DatagramShape, MemifDatagram>(token);

    // The framework's socket calls a cancelled receive faulted, and its client calls it canceled.
    ValueTaskSourceStatus IValueTaskSource<UdpReceiveResult>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<MemifDatagram>.GetStatus(short token) => _source.GetStatus(token);

    ValueTaskSourceStatus IValueTaskSource<QueuedDatagram>.GetStatus(short token) => Status(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => Status(token);

    ValueTaskSourceStatus IValueTaskSource<SocketReceiveFromResult>.GetStatus(short token) => Status(token);

    ValueTaskSourceStatus IValueTaskSource<SocketReceiveMessageFromResult>.GetStatus(short token) => Status(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private ValueTaskSourceStatus Status(short token)
    {
        ValueTaskSourceStatus status = _source.GetStatus(token);
        return status == ValueTaskSourceStatus.Canceled ? ValueTaskSourceStatus.Faulted : status;
    }

    private TResult Finish<TShape, TResult>(short token)
        where TShape : IReceiveShape<TResult>
    {
        QueuedDatagram datagram = Finish(token, out ReceiveTarget target);
        DirectReceive direct = TShape.Begin(sink: null, target);
        DatagramInbox.Serve(ref direct, datagram);
        return TShape.Make(direct, target);
    }

    private QueuedDatagram Finish(short token, out ReceiveTarget target)
    {
        // Unregistering waits for a cancellation that is running; afterwards nobody else knows this object.
        _registration.Dispose();
        _registration = default;
        _token = default;
        target = _target;
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _source.Reset();
            GiveBack();
        }
    }

    private void Cancel()
    {
        if (_inbox.TryRemove(this))
            _source.SetException(new OperationCanceledException(_token));
    }
}

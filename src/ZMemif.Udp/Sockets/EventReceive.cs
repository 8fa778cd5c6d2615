using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// A receive without a thread whose outcome is told by a call on the thread pool instead of a task, so that nothing has to be
/// made for it. It belongs to its caller, who uses it again and again, for one receive at a time.
/// </summary>
internal sealed class EventReceive(IReceiveCaller caller) : ReceiveWaiter, IThreadPoolWorkItem
{
    private UdpEndpoint? _endpoint;
    private Memory<byte> _buffer;
    private bool _leavesIt;
    private QueuedDatagram _datagram;
    private SocketError _error;

    internal override SocketError ClosedError => SocketError.OperationAborted;

    internal override bool NeedsLoop => true;

    /// <summary>Receives what is there, or begins to wait.</summary>
    /// <param name="endpoint">For which socket.</param>
    /// <param name="buffer">Where the payload goes; what does not fit is cut.</param>
    /// <param name="leavesIt">The datagram is looked at only.</param>
    /// <param name="direct">The datagram, on success.</param>
    /// <returns><see cref="SocketError.WouldBlock"/>: the caller will be told, or has been; otherwise it is over already.</returns>
    internal SocketError Start(UdpEndpoint endpoint, Memory<byte> buffer, bool leavesIt, out DirectReceive direct)
    {
        _endpoint = endpoint;
        _buffer = buffer;
        _leavesIt = leavesIt;
        direct = DirectReceive.Into(endpoint, buffer.Span);
        if (leavesIt)
            return PeekOrWatch(endpoint, ref direct);
        if (endpoint.TryReceive(ref direct))
            return SocketError.Success;
        SocketError error = endpoint.Inbox.TakeOrWait(this, out QueuedDatagram datagram);
        if (error == SocketError.Success)
            DatagramInbox.Serve(ref direct, datagram);
        return error;
    }

    internal override void Complete(QueuedDatagram datagram)
    {
        _datagram = datagram;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    internal override void Fail(SocketError error)
    {
        _error = error;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        SocketError error = _error;
        _error = SocketError.Success;
        DirectReceive direct = DirectReceive.Into(sink: null, _buffer.Span);
        if (error == SocketError.Success && _leavesIt)
            error = PeekOrWatch(_endpoint!, ref direct);
        else if (error == SocketError.Success)
            Serve(ref direct);
        if (error == SocketError.WouldBlock)
            return;

        // Whoever has ended a receive may forget the socket meanwhile.
        _endpoint = null;
        _buffer = default;
        caller.Received(error, direct);
    }

    private void Serve(ref DirectReceive direct)
    {
        QueuedDatagram datagram = _datagram;
        _datagram = default;
        DatagramInbox.Serve(ref direct, datagram);
    }

    // Somebody else may take the datagram before it has been looked at.
    private SocketError PeekOrWatch(UdpEndpoint endpoint, ref DirectReceive direct)
    {
        while (true)
        {
            SocketError failure = endpoint.Inbox.TakeFailure();
            if (failure != SocketError.Success || endpoint.TryPeek(ref direct))
                return failure;
            if (endpoint.Inbox.IsClosed)
                return ClosedError;
            if (endpoint.Inbox.Watch(this))
                return SocketError.WouldBlock;
        }
    }
}

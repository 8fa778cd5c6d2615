using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <content>Receiving: from the receive buffer, or straight off the link.</content>
internal sealed partial class UdpEndpoint
{
    /// <summary>The length in bytes of the datagram that a receive would get now; null when there is none.</summary>
    internal int? Peek()
    {
        if (_inbox.FirstLength is { } length)
            return length;
        DirectReceive look = DirectReceive.Look(this);
        LookAtLink(ref look);
        return _inbox.FirstLength;
    }

    /// <summary>Waits until a receive would not have to, or the socket is closed.</summary>
    /// <param name="milliseconds">How long at most: 0 only looks, −1 waits without limit.</param>
    /// <returns>Whether a receive would not have to wait.</returns>
    internal bool WaitReadable(int milliseconds)
    {
        if (Peek() is null && milliseconds != 0)
            BlockingReceive.WaitReadable(_inbox, _host.Engine.Seat, this, new Deadline(milliseconds));
        return _isClosed || _inbox.IsEnded || _inbox.FirstLength is not null;
    }

    /// <summary>Receives a datagram, waiting for one if <paramref name="milliseconds"/> allows it.</summary>
    /// <param name="direct">Who receives, and where to.</param>
    /// <param name="milliseconds">How long to wait at most: 0 not at all, −1 without limit.</param>
    internal SocketError Receive(ref DirectReceive direct, int milliseconds)
    {
        SocketError failure = _inbox.TakeFailure();
        if (failure != SocketError.Success || TryTake(ref direct))
            return failure;
        LookAtLink(ref direct);
        if (direct.IsServed || TryTake(ref direct))
            return SocketError.Success;
        failure = _inbox.TakeFailure();
        if (failure != SocketError.Success)
            return failure;
        return milliseconds == 0 ? SocketError.WouldBlock : BlockingReceive.Wait(_inbox, _host.Engine.Seat, ref direct, new Deadline(milliseconds));
    }

    /// <summary>Receives as many datagrams as there are and the caller has room for; waits for the first, if it may.</summary>
    /// <param name="direct">Who receives, and where to.</param>
    /// <param name="milliseconds">How long to wait at most: 0 not at all, −1 without limit.</param>
    internal SocketError ReceiveBatch(ref DirectReceive direct, int milliseconds)
    {
        SocketError failure = _inbox.TakeFailure();
        if (failure != SocketError.Success)
            return failure;
        if (TryReceiveBatch(ref direct))
            return SocketError.Success;
        failure = _inbox.TakeFailure();
        if (failure != SocketError.Success)
            return failure;
        return milliseconds == 0 && !_inbox.IsEnded
            ? SocketError.WouldBlock
            : BlockingReceive.Wait(_inbox, _host.Engine.Seat, ref direct, new Deadline(milliseconds));
    }

    /// <summary>Receives as many datagrams as there are and the caller has room for.</summary>
    internal bool TryReceiveBatch(ref DirectReceive direct)
    {
        TakeAll(ref direct);
        while (direct.Wanted > 0)
        {
            int before = direct.Count;
            direct.LookOn();
            LookAtLink(ref direct);
            TakeAll(ref direct);
            if (direct.Count == before)
                break;
        }

        return direct.IsServed;
    }

    /// <summary>Copies the next datagram, which stays, waiting for one if <paramref name="milliseconds"/> allows it.</summary>
    /// <param name="direct">Where to.</param>
    /// <param name="milliseconds">How long to wait at most: 0 not at all, −1 without limit.</param>
    internal SocketError Peek(ref DirectReceive direct, int milliseconds)
    {
        var deadline = new Deadline(milliseconds);
        while (true)
        {
            SocketError failure = _inbox.TakeFailure();
            if (failure != SocketError.Success || TryPeek(ref direct))
                return failure;
            if (_isClosed)
                return SocketError.Interrupted;
            if (deadline.IsOver)
                return milliseconds == 0 ? SocketError.WouldBlock : SocketError.TimedOut;
            BlockingReceive.WaitReadable(_inbox, _host.Engine.Seat, this, deadline);
        }
    }

    /// <summary>Copies the next datagram, which stays, if there is one; or nothing, if there will be none.</summary>
    internal bool TryPeek(ref DirectReceive direct)
    {
        if (Peek() is not null && _inbox.TryPeek(ref direct))
            return true;
        if (!_inbox.IsEnded)
            return false;
        direct.Serve(default(QueuedDatagram));
        return true;
    }

    /// <summary>Receives a datagram that is there already, before an asynchronous receive begins to wait.</summary>
    internal bool TryReceive(ref DirectReceive direct)
    {
        if (_inbox.HasFailure)
            return false;
        if (TryTake(ref direct))
            return true;
        _host.Engine.Look(ref direct);
        return direct.IsServed || TryTake(ref direct);
    }

    private void TakeAll(ref DirectReceive direct)
    {
        while (direct.Wanted > 0 && TryTake(ref direct))
        {
        }
    }

    private void LookAtLink(ref DirectReceive direct)
    {
        _host.Engine.Seat?.Claim();
        _host.Engine.Look(ref direct);
    }

    private bool TryTake(ref DirectReceive direct)
    {
        if (!_inbox.TryTake(out QueuedDatagram datagram))
            return false;
        DatagramInbox.Serve(ref direct, datagram);
        return true;
    }
}

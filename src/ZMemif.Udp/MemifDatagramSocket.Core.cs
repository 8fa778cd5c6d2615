using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp;

/// <content>What all members that receive or send come down to.</content>
public partial class MemifDatagramSocket : ISocketOwner
{
    /// <summary>Flags of a send that Linux knows for datagrams; but for <see cref="SocketFlags.DontRoute"/> they change nothing.</summary>
    private const SocketFlags SendFlags =
        SocketFlags.DontRoute | SocketFlags.Peek | SocketFlags.Truncated | SocketFlags.ControlDataTruncated;

    SocketException ISocketOwner.Failure(SocketError error) => Failure(error);

    /// <summary>The exception for a failed operation; unless only the moment was wrong, the socket is disconnected, as the framework sees it.</summary>
    internal SocketException Failure(SocketError error)
    {
        NoteFailure(error);
        return new SocketException((int)error);
    }

    internal void NoteFailure(SocketError error)
    {
        bool isPassing = error is SocketError.WouldBlock or SocketError.TimedOut or SocketError.NoBufferSpaceAvailable or SocketError.OperationAborted;
        if (_connected && !isPassing)
            EndConnection();
    }

    /// <summary>Receives a datagram, waiting for it as the socket is set.</summary>
    internal SocketError Receive(ref DirectReceive direct, SocketFlags flags, int room)
    {
        ThrowIfDisposed();
        if (!ReceiveFlags.AreKnown(flags))
            return SocketError.OperationNotSupported;
        int limit = LimitOf(_endpoint.Settings.ReceiveTimeout);
        SocketError error = ReceiveFlags.LeavesIt(flags, room) ? _endpoint.Peek(ref direct, limit) : _endpoint.Receive(ref direct, limit);
        GC.KeepAlive(this);
        return error;
    }

    /// <summary>Receives a datagram; pends while there is none.</summary>
    /// <typeparam name="TShape">Makes the result.</typeparam>
    /// <typeparam name="TResult">The result.</typeparam>
    internal ValueTask<TResult> ReceiveAsync<TShape, TResult>(in ReceiveTarget target, bool leavesIt, CancellationToken cancellationToken)
        where TShape : IReceiveShape<TResult>
    {
        if (!ReceiveFlags.AreKnown(target.Flags))
            return ValueTask.FromException<TResult>(Failure(SocketError.OperationNotSupported));
        if (leavesIt)
            return PeekAsync<TShape, TResult>(target, cancellationToken);
        DirectReceive direct = TShape.Begin(_endpoint, target);
        if (_endpoint.TryReceive(ref direct))
            return new ValueTask<TResult>(TShape.Make(direct, target));
        switch (_endpoint.Inbox.TakeOrPend(target, cancellationToken, out QueuedDatagram datagram, out ReceiveOperation? operation))
        {
            case SocketError.WouldBlock:
                return TShape.Await(operation!);
            case SocketError.Success:
                DatagramInbox.Serve(ref direct, datagram);
                return new ValueTask<TResult>(TShape.Make(direct, target));
            case var error:
                return ValueTask.FromException<TResult>(Failure(error));
        }
    }

    /// <summary>Sends a datagram, waiting for room as the socket is set.</summary>
    /// <param name="to">Where to; null for nobody.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="flags">What the caller asked for.</param>
    internal SocketError Send(UdpPeer? to, ReadOnlySpan<byte> payload, SocketFlags flags)
    {
        ThrowIfDisposed();
        SocketError error = Refusal(to, flags);
        if (error != SocketError.Success)
            return error;
        error = _endpoint.Send(to!.Value, payload, OptionsFor(flags), LimitOf(_endpoint.Settings.SendTimeout));
        GC.KeepAlive(this);
        return error;
    }

    /// <summary>Sends a datagram; pends while there is no room.</summary>
    internal ValueTask<int> SendAsync(UdpPeer? to, ReadOnlyMemory<byte> payload, SocketFlags flags, CancellationToken cancellationToken)
    {
        SocketError refusal = Refusal(to, flags);
        if (refusal != SocketError.Success)
            return ValueTask.FromException<int>(Failure(refusal));
        ValueTask<SocketError> sending = _endpoint.SendAsync(to!.Value, payload, OptionsFor(flags), cancellationToken);
        return sending is { IsCompletedSuccessfully: true, Result: SocketError.Success }
            ? new ValueTask<int>(payload.Length)
            : FinishAsync(sending, payload.Length);
    }

    /// <summary>Whether it is asked to note on which interface datagrams come.</summary>
    internal bool NotesInterface => _endpoint.Inbox.NotesInterface;

    /// <summary>Who the socket is connected to.</summary>
    internal UdpPeer? Peer => _endpoint.Peer;

    /// <summary>Reads any kind of endpoint through its serialized form, as <c>Socket</c> does.</summary>
    /// <returns><see cref="SocketError.AddressFamilyNotSupported"/> for one that is not IPv4.</returns>
    internal static SocketError TryReadPeer(EndPoint endPoint, string parameter, out UdpPeer peer)
    {
        if (endPoint is DnsEndPoint)
            throw new ArgumentException("A DnsEndPoint has to be resolved first.", parameter);
        peer = default;
        if (endPoint.AddressFamily != AddressFamily.InterNetwork)
            return SocketError.AddressFamilyNotSupported;
        if (endPoint is not IPEndPoint ip)
            return SocketAddresses.TryRead(endPoint.Serialize(), out peer);
        peer = new UdpPeer(Wire.Ipv4Address.FromIPAddress(ip.Address), (ushort)ip.Port);
        return SocketError.Success;
    }

    // Rare, so that it may make something: the datagram stays, and somebody else may take it meanwhile.
    private async ValueTask<TResult> PeekAsync<TShape, TResult>(ReceiveTarget target, CancellationToken cancellationToken)
        where TShape : IReceiveShape<TResult>
    {
        while (true)
        {
            if (TryPeek<TShape, TResult>(target, out TResult? result))
                return result!;
            await _endpoint.Inbox.WatchAsync(target, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool TryPeek<TShape, TResult>(in ReceiveTarget target, out TResult? result)
        where TShape : IReceiveShape<TResult>
    {
        SocketError failure = _endpoint.Inbox.TakeFailure();
        if (failure != SocketError.Success)
            throw Failure(failure);
        DirectReceive direct = TShape.Begin(_endpoint, target);
        bool isThere = _endpoint.TryPeek(ref direct);
        result = isThere ? TShape.Make(direct, target) : default;
        return isThere;
    }

    private async ValueTask<int> FinishAsync(ValueTask<SocketError> sending, int length)
    {
        SocketError error = await sending.ConfigureAwait(false);
        GC.KeepAlive(this);
        return error == SocketError.Success ? length : throw Failure(error);
    }

    private SocketError Refusal(UdpPeer? to, SocketFlags flags)
    {
        return (flags & ~SendFlags) == SocketFlags.None ? _endpoint.Refusal(to) : SocketError.OperationNotSupported;
    }

    private PacketOptions OptionsFor(SocketFlags flags) =>
        (flags & SocketFlags.DontRoute) == SocketFlags.None ? _endpoint.Options : _endpoint.Options with { StaysOnLink = true };

    // The socket's "0 is for ever" as a limit; a non-blocking socket does not wait at all.
    private int LimitOf(int timeout) => !Blocking ? 0 : timeout == 0 ? Timeout.Infinite : timeout;
}

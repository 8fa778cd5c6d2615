using System.Diagnostics;
using System.Net.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Sockets;

/// <content>Sending. A full ring is back-pressure: whoever may wait for room does so in order of arrival.</content>
internal sealed partial class UdpEndpoint
{
    // memif has no event for returned buffers, so a full ring is looked at again and again: often at first, then rarely.
    private static readonly TimeSpan s_oftenAtFirst = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_oftenInterval = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan s_rareInterval = TimeSpan.FromMilliseconds(1);

    // Payloads of asynchronous sends that wait for room. As on Linux, one more may while the send buffer is not full.
    private int _pendingBytes;

    /// <summary>Sends a datagram, waiting for room on the ring if <paramref name="milliseconds"/> allows it.</summary>
    /// <param name="to">The destination; its port is not 0.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="options">What is chosen for its packets.</param>
    /// <param name="milliseconds">How long to wait at most: 0 not at all, −1 without limit (a peer that stands still ends it all the same).</param>
    internal SocketError Send(UdpPeer to, ReadOnlySpan<byte> payload, PacketOptions options, int milliseconds)
    {
        var progress = new SendProgress { MayWait = milliseconds != 0 };
        SocketError error = TrySendInOrder(to, payload, options, ref progress);
        if (error == SocketError.WouldBlock && milliseconds != 0)
            error = SendInTurn(to, payload, options, new Deadline(milliseconds), ref progress);
        if (error != SocketError.Success)
            GiveUp(progress);
        return error == SocketError.OperationAborted ? SocketError.Interrupted : error;
    }

    /// <summary>Sends a datagram, pending while there is no room on the ring.</summary>
    internal ValueTask<SocketError> SendAsync(UdpPeer to, ReadOnlyMemory<byte> payload, PacketOptions options, CancellationToken cancellationToken)
    {
        var progress = new SendProgress { MayWait = true };
        SocketError error = TrySendInOrder(to, payload.Span, options, ref progress);
        if (error == SocketError.WouldBlock)
            return SendInTurnAsync(to, payload, options, progress, cancellationToken);
        if (error != SocketError.Success)
            GiveUp(progress);
        return new ValueTask<SocketError>(error);
    }

    /// <summary>Waits until a send would not have to wait for room.</summary>
    /// <param name="milliseconds">How long at most: 0 only looks, −1 waits without limit.</param>
    internal bool WaitWritable(int milliseconds)
    {
        var deadline = new Deadline(milliseconds);
        var spin = default(SpinWait);
        while (!_isClosed && !(_host.Sends.IsEmpty && _stack.IsWritable))
        {
            if (deadline.IsOver)
                return false;
            spin.SpinOnce();
        }

        return true;
    }

    private SocketError TrySend(UdpPeer to, ReadOnlySpan<byte> payload, PacketOptions options, ref SendProgress progress)
    {
        if (_isClosed)
            return SocketError.OperationAborted;
        if (_isSendEnded)
            return SocketError.Shutdown;
        if (payload.Length > UdpProtocol.MaxPayload)
            return SocketError.MessageSize;
        if (payload.Length > Settings.SendBuffer)
            return SocketError.NoBufferSpaceAvailable;
        if (_inbox.TakeFailure() is not SocketError.Success and var failure)
            return failure;
        if (!IsBound)
        {
            SocketError error = CanSend(to, options, payload.Length);
            if (error == SocketError.Success)
            {
                lock (_lock)
                    error = BindIfNeeded();
            }

            if (error != SocketError.Success)
                return error;
        }

        Binding binding = _binding;
        return Translate(_stack.Udp.Send(new UdpFlow(SourceOf(binding), binding.Port, to.Address, to.Port), options, payload, ref progress));
    }

    private SocketError TrySendInOrder(UdpPeer to, ReadOnlySpan<byte> payload, PacketOptions options, ref SendProgress progress) =>
        LineTo(to).IsEmpty ? TrySend(to, payload, options, ref progress) : SocketError.WouldBlock;

    private SendLine LineTo(UdpPeer to) => _stack.Identity.IsLocal(to.Address) ? _host.LocalSends : _host.Sends;

    // Of a long datagram a part may be on the ring, if the ring does not hold all of it.
    private void GiveUp(SendProgress progress)
    {
        if (progress.IsPartial)
            _stack.Udp.Abandon(progress);
    }

    // Whoever waits to send also takes in: else two that send to each other without end would both wait for ever.
    private SocketError SendInTurn(UdpPeer to, ReadOnlySpan<byte> payload, PacketOptions options, Deadline deadline, ref SendProgress progress)
    {
        SendLine line = LineTo(to);
        SendTurn turn = line.Join();
        try
        {
            var spin = default(SpinWait);
            while (true)
            {
                SocketError error = turn.HasCome || _isClosed ? TrySend(to, payload, options, ref progress) : SocketError.WouldBlock;
                if (error != SocketError.WouldBlock)
                    return error;
                if (deadline.IsOver)
                    return SocketError.TimedOut;
                _host.Engine.DrainWhileSending();
                spin.SpinOnce();
            }
        }
        finally
        {
            line.Leave(turn);
        }
    }

    private async ValueTask<SocketError> SendInTurnAsync(UdpPeer to, ReadOnlyMemory<byte> payload, PacketOptions options, SendProgress progress, CancellationToken cancellationToken)
    {
        if (Interlocked.Add(ref _pendingBytes, payload.Length) > Settings.SendBuffer + payload.Length)
        {
            Interlocked.Add(ref _pendingBytes, -payload.Length);
            return SocketError.NoBufferSpaceAvailable;
        }

        SendLine line = LineTo(to);
        SendTurn turn = line.Join();
        SocketError error = SocketError.WouldBlock;
        try
        {
            await turn.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            long began = Stopwatch.GetTimestamp();
            while (!cancellationToken.IsCancellationRequested && (error = TrySend(to, payload.Span, options, ref progress)) == SocketError.WouldBlock)
                await PauseAsync(began).ConfigureAwait(false);
            if (error == SocketError.WouldBlock)
                cancellationToken.ThrowIfCancellationRequested();
            return error;
        }
        finally
        {
            Interlocked.Add(ref _pendingBytes, -payload.Length);
            if (error != SocketError.Success)
                GiveUp(progress);
            line.Leave(turn);
        }
    }

    private static ValueTask PauseAsync(long began)
    {
        if (Stopwatch.GetElapsedTime(began) >= s_oftenAtFirst)
            return new ValueTask(Task.Delay(s_rareInterval, CancellationToken.None));
        SpinFor(s_oftenInterval);
        return ValueTask.CompletedTask;
    }

    // No timer is as fine as this.
    private static void SpinFor(TimeSpan time)
    {
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < time)
            Thread.SpinWait(16);
    }

    // A socket may be bound to what it wants to receive, but can only send from an address of its own.
    private Ipv4Address SourceOf(Binding binding) =>
        _stack.Identity.IsLocal(binding.Address) ? binding.Address : Ipv4Address.Any;

    // A send that fails must not have bound the socket.
    private SocketError CanSend(UdpPeer to, PacketOptions options, int length) => Translate(_stack.Udp.CanSend(to.Address, options, length));

    private static SocketError Translate(SendStatus status) => status switch
    {
        SendStatus.Sent => SocketError.Success,
        SendStatus.RingFull => SocketError.WouldBlock,
        SendStatus.Stalled => SocketError.NetworkDown,
        SendStatus.LinkDown => SocketError.NetworkDown,
        SendStatus.NoRoute => SocketError.NetworkUnreachable,
        SendStatus.BadSource => SocketError.InvalidArgument,
        SendStatus.TooLong => SocketError.MessageSize,
        SendStatus.RingTooSmall => SocketError.NoBufferSpaceAvailable,
        _ => throw new UnreachableException(),
    };
}

using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif.Control;

/// <summary>
/// One control channel from its first message to its end: runs the handshake against a deadline, then waits for
/// DISCONNECT or the end of the stream. Whatever goes wrong ends this connection and nothing else.
/// </summary>
internal sealed class ControlConnection : ControlSource
{
    private readonly ControlLoop _loop;
    private readonly ControlChannel _channel;
    private readonly Handshake _handshake;
    private readonly Action<ControlConnection, MemifException> _ended;
    private bool _isUp;
    private bool _isOver;
    private bool _isWaiting;

    internal ControlConnection(
        ControlLoop loop, ControlChannel channel, Handshake handshake, TimeSpan handshakeTimeout, Action<ControlConnection, MemifException> ended)
    {
        _loop = loop;
        _channel = channel;
        _handshake = handshake;
        _ended = ended;
        HandshakeTimeout = handshakeTimeout;
        Deadline = loop.Time.GetTimestamp() + (long)(handshakeTimeout.TotalSeconds * loop.Time.TimestampFrequency);
    }

    internal override FileDescriptor? Descriptor => _isWaiting ? null : _channel.Descriptor;

    /// <summary>Whose peer it is, as the kernel names him.</summary>
    internal uint User => _channel.User;

    internal IControlPort? Port => _handshake.Port;

    /// <summary>Whether the link has been up.</summary>
    internal bool WasUp => _isUp;

    private TimeSpan HandshakeTimeout { get; }

    /// <summary>Begins; on the control thread, after the loop watches this source.</summary>
    internal void Start() => Attempt(() =>
    {
        _handshake.Start();
        Flush();
    });

    internal override void OnReadable()
    {
        // Reading takes in more of what cannot be closed.
        if (!_isUp && Reaper.Shared.IsFullOf(_channel.User))
            End(SlowToClose(_channel.User));
        else
            Attempt(ReadAll);
    }

    internal override void OnDeadline() => End(new MemifException(
        MemifErrorCode.HandshakeTimeout,
        $"The peer did not complete the handshake within {HandshakeTimeout.TotalSeconds:0.###} s."));

    /// <summary>Why a user's peers are not talked to at the moment.</summary>
    internal static MemifException SlowToClose(uint user) => new(
        MemifErrorCode.SystemError, $"What peers of user {user} passed cannot be closed fast enough; try again later.");

    /// <summary>Ends the connection: tells the peer, takes the link down, closes everything. Harmless when it is over already.</summary>
    internal void End(MemifException cause)
    {
        if (_isOver)
            return;
        _isOver = true;
        _loop.Remove(this);
        TellPeer(cause);
        CloseLink();
        _handshake.Dispose();
        _channel.Dispose();
        if (Port is { } port)
        {
            port.IsTaken = false;
            port.LinkDown(cause);
        }

        if (_isUp)
            _loop.Post(CloseExhausted);

        _ended(this, cause);
    }

    // Elsewhere, because a look at memory can be made to last; and later, because the port may just be going to close all.
    private void CloseExhausted()
    {
        Link link = _handshake.Link!;
        if (!Array.TrueForAll(link.Receive, walk => walk.IsClosed))
            Reaper.Quick.Run(link.CloseExhausted, this);
    }

    private void CloseLink()
    {
        if (_handshake.Link is not { } link)
            return;
        if (_isUp)
            link.EndSending();
        else
            link.Abandon();
        foreach (TxWalk walk in link.Transmit)
            LeftSender.WatchOver(_loop, walk);
    }

    private void ReadAll()
    {
        Span<byte> message = stackalloc byte[ControlMessage.Bytes];
        var passed = new List<FileDescriptor>();
        while (!_isOver && !_isWaiting)
        {
            try
            {
                ChannelRead read = _channel.Receive(message, passed);
                if (read == ChannelRead.Nothing)
                    return;
                if (read == ChannelRead.Closed)
                    throw new MemifException(MemifErrorCode.ClosedByPeer, "The peer closed the control channel.");
                Take(message, passed);
            }
            finally
            {
                passed.ForEach(fd => fd.Dispose());
                passed.Clear();
            }
        }
    }

    private void Take(ReadOnlySpan<byte> message, List<FileDescriptor> passed)
    {
        _handshake.Handle(message, passed);
        GoOn();
    }

    private void GoOn()
    {
        Flush();
        if (_handshake.SlowStep is { } step)
            WaitFor(step);
        if (_isUp || _handshake.Link is not { } link)
            return;
        _isUp = true;
        Deadline = null;
        Port!.LinkUp(link);
    }

    // What need not end soon goes behind whatever else its user makes slow. Meanwhile nothing is read; the deadline holds.
    private void WaitFor(SlowStep step)
    {
        _isWaiting = true;
        if (step.IsBounded)
            Reaper.Quick.Run(RunAndResume, this);
        else
            Reaper.Shared.Run(RunAndResume, _channel.User);

        void RunAndResume()
        {
            step.Run();
            _loop.Post(Resume);
        }
    }

    private void Resume()
    {
        _isWaiting = false;
        if (_isOver)
            return;
        Attempt(() =>
        {
            _handshake.Resume();
            GoOn();
            ReadAll();
        });
    }

    private void Flush()
    {
        while (_handshake.TryDequeue(out byte[] message, out FileDescriptor? passed))
            _channel.Send(message, passed);
    }

    private void Attempt(Action action)
    {
        try
        {
            action();
        }
        catch (MemifException e)
        {
            End(e);
        }
#pragma warning disable CA1031 // A mistake of ours that one peer's message provokes ends that peer's connection, not the process, and is reported.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(new MemifException(MemifErrorCode.Unknown, $"Unexpected: {e.Message}", e));
        }
    }

    private void TellPeer(MemifException cause)
    {
        if (cause.Code is MemifErrorCode.ClosedByPeer or MemifErrorCode.RefusedByPeer)
            return;
        try
        {
            _channel.Send(new DisconnectMessage(0, cause.Message).ToBytes());
        }
        catch (MemifException)
        {
            // The peer does not listen any more; the cause is reported on this side either way.
        }
    }
}

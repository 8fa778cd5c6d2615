using System.Diagnostics;
using ZMemif.Udp.Link;

namespace ZMemif.Udp.Stack;

/// <summary>
/// A transmit queue that any thread may use. Its lock is held from a successful reservation to <see cref="Commit"/> or
/// <see cref="Discard"/>, of one frame or of a burst; no user code runs in between. It notices when the peer stands still.
/// </summary>
/// <param name="transmitter">The queue.</param>
/// <param name="stall">How long a full queue may stand still before the peer counts as stalled.</param>
/// <param name="stallChanged">Called when <see cref="IsStalled"/> has changed, perhaps under the lock: it must not block.</param>
internal sealed class TransmitQueue(ILinkTransmitter transmitter, TimeSpan stall, Action stallChanged)
{
    private readonly Lock _lock = new();

    // Since when, by the monotonic clock, the queue has had the same room, which was too little; 0 when it had enough.
    private long _fullSince;
    private int _roomThen;
    private volatile bool _isStalled;

    /// <summary>The peer has taken nothing for so long that it is not worth waiting for room.</summary>
    internal bool IsStalled => _isStalled;

    /// <summary>Slots that are free now.</summary>
    internal int Room => transmitter.Room;

    internal bool TryReserve(int length, out Span<byte> frame)
    {
        Enter();
        bool isReserved = false;
        try
        {
            isReserved = transmitter.TryReserve(length, out frame);
            if (!isReserved)
                NoteFull();
            return isReserved;
        }
        finally
        {
            if (!isReserved)
                _lock.Exit();
        }
    }

    /// <summary>
    /// Begins to send several frames together; on success the lock is held until <see cref="CommitBurst"/> or <see cref="GiveUpBurst"/>.
    /// </summary>
    /// <param name="frames">How many.</param>
    /// <param name="length">The longest one's length in bytes.</param>
    /// <param name="progress">
    /// Whether a part of them is welcome: when a part has gone already, or when the queue can never hold all and the sender waits.
    /// </param>
    /// <param name="count">How many may be reserved.</param>
    internal SendStatus TryBeginBurst(int frames, int length, in SendProgress progress, out int count)
    {
        Enter();
        int slots = transmitter.SlotsFor(length);
        (int room, int capacity) = (transmitter.Room / slots, transmitter.Capacity / slots);
        bool isTooSmall = frames > capacity && capacity > 0;
        bool mayPart = progress.IsPartial || (progress.MayWait && isTooSmall);
        count = room >= frames ? frames : mayPart ? room : 0;
        if (count > 0)
            return SendStatus.Sent;
        bool isHopeless = isTooSmall && !mayPart;
        if (!isHopeless)
            NoteFull();
        _lock.Exit();
        return isHopeless ? SendStatus.RingTooSmall : SendStatus.RingFull;
    }

    /// <summary>Reserves the next frame of a burst.</summary>
    internal bool TryReserveNext(int length, out Span<byte> frame) => transmitter.TryReserve(length, out frame);

    /// <summary>Sends the frames of a burst.</summary>
    /// <returns>How many of them, from the first on, are on the ring.</returns>
    internal int CommitBurst()
    {
        long before = transmitter.Frames;
        transmitter.Commit();
        int sent = (int)(transmitter.Frames - before);
        Note(sent > 0);
        ExitAndWakePeer();
        return sent;
    }

    /// <summary>The burst found less room than there seemed to be: nothing of it is sent.</summary>
    internal void GiveUpBurst()
    {
        transmitter.Discard();
        NoteFull();
        _lock.Exit();
    }

    internal bool Commit()
    {
        bool sent = transmitter.Commit();
        Note(sent);
        ExitAndWakePeer();
        return sent;
    }

    internal void Discard()
    {
        transmitter.Discard();
        _lock.Exit();
    }

    /// <summary>Sends a frame that lies ready.</summary>
    internal bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (!TryReserve(frame.Length, out Span<byte> buffer))
            return false;
        frame.CopyTo(buffer);
        return Commit();
    }

    /// <summary>Looks whether a peer that stood still has moved.</summary>
    internal void Tick()
    {
        if (!_isStalled)
            return;
        lock (_lock)
        {
            if (transmitter.Room != _roomThen)
                NoteMovement();
        }
    }

    /// <summary>The link has come up, or gone: what was noticed before is void.</summary>
    internal void Reset()
    {
        lock (_lock)
            NoteMovement();
    }

    // Who holds the lock must not send something else: that would go out in the midst of a burst.
    private void Enter()
    {
        Debug.Assert(!_lock.IsHeldByCurrentThread, "Something is sent while a frame or a burst is being written.");
        _lock.Enter();
    }

    private void Note(bool hasSent)
    {
        if (!hasSent)
            NoteFull();
        else if (_fullSince != 0)
            NoteMovement();
    }

    // The write of the event is for nobody to wait for.
    private void ExitAndWakePeer()
    {
        bool mustWake = transmitter.MustWakePeer;
        _lock.Exit();
        if (mustWake)
            transmitter.WakePeer();
    }

    private void NoteFull()
    {
        int room = transmitter.Room;
        if (_fullSince == 0 || room != _roomThen)
        {
            _fullSince = Stopwatch.GetTimestamp();
            _roomThen = room;
        }
        else if (!_isStalled && Stopwatch.GetElapsedTime(_fullSince) >= stall)
        {
            _isStalled = true;
            stallChanged();
        }
    }

    private void NoteMovement()
    {
        _fullSince = 0;
        if (!_isStalled)
            return;
        _isStalled = false;
        stallChanged();
    }
}

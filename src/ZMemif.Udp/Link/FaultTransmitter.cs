using System.Buffers;

namespace ZMemif.Udp.Link;

/// <summary>
/// A transmit queue with faults. Frames are written into private buffers, go through a line, and leave it for the ring when
/// they are due and there is room: when somebody sends, or by a timer. Slots that they will need count as taken.
/// </summary>
internal sealed class FaultTransmitter : ILinkTransmitter, IAsyncDisposable
{
    private readonly ILink _link;
    private readonly ILinkTransmitter _inner;
    private readonly FaultyLine _line;
    private readonly RingPause _pause;
    private readonly LineTimer _timer;

    // Held for every use of the line, and of the ring but for its figures: the timer sends, too.
    private readonly Lock _gate = new();
    private readonly List<(byte[] Buffer, int Length, int Slots)> _reserved = [];
    private int _reservedSlots;
    private int _slotsOnTheLine;
    private int _connection;
    private long _frames;
    private bool _isClosed;

    internal FaultTransmitter(ILink link, ILinkTransmitter inner, FaultyLine line, RingPause pause, TimeProvider time)
    {
        _link = link;
        _inner = inner;
        _line = line;
        _pause = pause;
        _timer = new LineTimer(time, MoveOn);
    }

    /// <summary>Frames accepted from the sender, whatever the faults did to them then.</summary>
    public long Frames => Volatile.Read(ref _frames);

    public int Room => _pause.IsOn ? 0 : Math.Max(0, _inner.Room - Volatile.Read(ref _slotsOnTheLine));

    public int Capacity => _inner.Capacity;

    public int SlotsFor(int length)
    {
        lock (_gate)
            return _inner.SlotsFor(length);
    }

    public bool TryReserve(int length, out Span<byte> frame)
    {
        frame = default;
        lock (_gate)
        {
            SendDue();
            int slots = _inner.SlotsFor(length);
            if (!_link.IsUp || Room - _reservedSlots < slots || (_reserved.Count == 0 && _pause.Begins()))
                return false;
            byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
            _reserved.Add((buffer, length, slots));
            _reservedSlots += slots;
            frame = buffer.AsSpan(0, length);
            return true;
        }
    }

    public bool Commit()
    {
        lock (_gate)
        {
            foreach ((byte[] buffer, int length, int slots) in _reserved)
                _line.Add(buffer, length, slots);
            Volatile.Write(ref _frames, _frames + _reserved.Count);
            Forget();
            SendDue();
            return true;
        }
    }

    /// <summary>Never: what leaves the line wakes the peer by itself.</summary>
    public bool MustWakePeer => false;

    public void WakePeer()
    {
    }

    public void Discard()
    {
        lock (_gate)
        {
            foreach ((byte[] buffer, _, _) in _reserved)
                ArrayPool<byte>.Shared.Return(buffer);
            Forget();
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
            _isClosed = true;
        return _timer.DisposeAsync();
    }

    private void MoveOn()
    {
        lock (_gate)
            SendDue();
    }

    private void SendDue()
    {
        if (_isClosed)
            return;
        CutIfLinkWent();
        while (_line.TryPeek(out HeldFrame frame) && TrySend(frame.Bytes))
            ArrayPool<byte>.Shared.Return(_line.Take().Buffer);
        Volatile.Write(ref _slotsOnTheLine, _line.Slots);
        _timer.Set(_line.UntilNext);
    }

    // What is under way does not wait for another peer, whose ring may be too small for it.
    private void CutIfLinkWent()
    {
        int connection = _link.IsUp ? _link.ConnectionCount : 0;
        if (connection != _connection)
            _line.Cut();
        _connection = connection;
    }

    private bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (!_inner.TryReserve(frame.Length, out Span<byte> buffer))
            return false;
        frame.CopyTo(buffer);
        bool isSent = _inner.Commit();
        if (_inner.MustWakePeer)
            _inner.WakePeer();
        return isSent;
    }

    private void Forget()
    {
        _reserved.Clear();
        _reservedSlots = 0;
    }
}

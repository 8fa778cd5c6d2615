using System.Buffers;

namespace ZMemif.Udp.Link;

/// <summary>
/// A receive queue with faults. Frames leave the ring as fast as without, into a private line, and leave that when they
/// are due.
/// </summary>
internal sealed class FaultReceiver : ILinkReceiver, IAsyncDisposable
{
    // If all that comes is lost or delayed, a look ends all the same.
    private const int MostBurstsOfALook = 64;

    private readonly ILinkReceiver _inner;
    private readonly FaultyLine _line;
    private readonly LineTimer _timer;
    private byte[]? _lent;
    private int _burst;

    internal FaultReceiver(ILinkReceiver inner, FaultyLine line, TimeProvider time)
    {
        _inner = inner;
        _line = line;
        _timer = new LineTimer(time, inner.Wake);
    }

    /// <summary>Frames taken off the ring, whatever the faults did to them then.</summary>
    public long Frames => _inner.Frames;

    public int Acquire(int maxFrames)
    {
        _burst = _line.CountDue(maxFrames);
        for (int i = 0; i < MostBurstsOfALook && _burst < maxFrames && (i == 0 || _burst == 0) && Pull(maxFrames - _burst) > 0; i++)
            _burst = _line.CountDue(maxFrames);
        if (_burst == 0)
            _timer.Set(_line.UntilNext);
        return _burst;
    }

    public bool TryRead(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        Recycle();
        if (_burst == 0)
            return false;
        _burst--;
        HeldFrame next = _line.Take();
        _lent = next.Buffer;
        frame = next.Bytes;
        return true;
    }

    public void Release()
    {
        Recycle();
        _burst = 0;

        // What was left unread is on no ring, where a sleeper would see it.
        if (_line.TryPeek(out _))
            _inner.Wake();
        else
            _timer.Set(_line.UntilNext);
    }

    public void Wait(TimeSpan timeout) => _inner.Wait(timeout);

    public void Wake() => _inner.Wake();

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private int Pull(int maxFrames)
    {
        int count = _inner.Acquire(maxFrames);
        if (count == 0)
            return 0;
        while (_inner.TryRead(out ReadOnlySpan<byte> frame))
        {
            byte[] copy = ArrayPool<byte>.Shared.Rent(frame.Length);
            frame.CopyTo(copy);
            _line.Add(copy, frame.Length, slots: 0);
        }

        _inner.Release();
        return count;
    }

    private void Recycle()
    {
        if (_lent is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        _lent = null;
    }
}

using System.Collections.Concurrent;
using ZMemif.Udp.Link;

namespace ZMemif.Udp.Tests.Link;

/// <summary>A receive queue that the test fills; it tells who sleeps on it, and for how long.</summary>
internal sealed class TestReceiver : ILinkReceiver
{
    private readonly ConcurrentQueue<byte[]> _frames = new();
    private readonly object _gate = new();
    private bool _isWoken;
    private int _sleepers;
    private int _burst;

    public long Frames { get; private set; }

    /// <summary>The time limits of all sleeps so far, and of the one that lasts.</summary>
    internal BlockingCollection<TimeSpan> Waits { get; } = [];

    /// <summary>A frame that is there again and again: the queue is never empty.</summary>
    internal byte[]? Flood { get; set; }

    internal int Releases { get; private set; }

    /// <summary>The threads that took frames off the queue, in order, one entry per frame.</summary>
    internal ConcurrentQueue<int> Drainers { get; } = new();

    /// <summary>How many threads sleep on the queue now.</summary>
    internal int Sleepers => Volatile.Read(ref _sleepers);

    /// <summary>Puts a frame on the queue and wakes the sleeper.</summary>
    internal void Enqueue(byte[] frame)
    {
        EnqueueQuietly(frame);
        Wake();
    }

    /// <summary>Puts a frame on the queue and wakes nobody, as a peer does while its event is masked.</summary>
    internal void EnqueueQuietly(byte[] frame) => _frames.Enqueue(frame);

    public int Acquire(int maxFrames) => _burst = Flood is null ? Math.Min(maxFrames, _frames.Count) : maxFrames;

    public bool TryRead(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (_burst == 0)
            return false;
        _burst--;
        Frames++;
        Drainers.Enqueue(Environment.CurrentManagedThreadId);
        frame = Flood ?? (_frames.TryDequeue(out byte[]? next) ? next : throw new InvalidOperationException("Two consumers."));
        return true;
    }

    public void Release() => Releases++;

    public void Wait(TimeSpan timeout)
    {
        Waits.Add(timeout);
        lock (_gate)
        {
            _sleepers++;
            if (!_isWoken)
                Monitor.Wait(_gate, timeout);
            _isWoken = false;
            _sleepers--;
        }
    }

    /// <summary>As an eventfd: it ends the wait of now or the next one.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.PulseAll(_gate);
        }
    }
}

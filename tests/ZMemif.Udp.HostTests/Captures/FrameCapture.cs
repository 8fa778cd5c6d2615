using System.Diagnostics;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests.Captures;

/// <summary>All frames that passed the cable, in the order in which they were sent. Thread-safe.</summary>
internal sealed class FrameCapture
{
    private readonly List<CapturedFrame> _frames = [];

    /// <summary>The frames so far.</summary>
    internal IReadOnlyList<CapturedFrame> Frames
    {
        get
        {
            lock (_frames)
                return [.. _frames];
        }
    }

    internal void Add(FrameSender sender, ReadOnlySpan<byte> frame)
    {
        var captured = new CapturedFrame(TimeProvider.System.GetUtcNow(), sender, frame.ToArray());
        lock (_frames)
        {
            _frames.Add(captured);
            Monitor.PulseAll(_frames);
        }
    }

    /// <summary>The first frame of a kind, past or to come; the test fails when none comes in time.</summary>
    internal CapturedFrame WaitFor(Func<CapturedFrame, bool> isWanted, string what)
    {
        long began = Stopwatch.GetTimestamp();
        lock (_frames)
        {
            for (int i = 0; ; i++)
            {
                while (i == _frames.Count)
                {
                    TimeSpan left = Patience.Limit - Stopwatch.GetElapsedTime(began);
                    Assert.True(left > TimeSpan.Zero, $"Not on the cable within {Patience.Limit.TotalSeconds} s, among {_frames.Count} frames: {what}.");
                    Monitor.Wait(_frames, left);
                }

                if (isWanted(_frames[i]))
                    return _frames[i];
            }
        }
    }
}

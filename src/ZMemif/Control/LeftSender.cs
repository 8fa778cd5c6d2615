using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif.Control;

/// <summary>
/// Stays with somebody who is still writing the event of a connection that is gone: the peer, alive or dead, may have left the
/// event such that writing it blocks (§4.5), and nobody else would free the writer. Ends when he has left.
/// </summary>
internal sealed class LeftSender : ControlSource
{
    private static readonly TimeSpan s_first = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_last = TimeSpan.FromMilliseconds(100);

    private readonly ControlLoop _loop;
    private readonly TxWalk _walk;
    private TimeSpan _interval = s_first;

    private LeftSender(ControlLoop loop, TxWalk walk)
    {
        _loop = loop;
        _walk = walk;
        LookAgain();
    }

    internal override FileDescriptor? Descriptor => null;

    internal override bool OutlivesSockets => true;

    /// <summary>Looks after whoever writes the event of a walk that has been closed; on the control thread.</summary>
    internal static void WatchOver(ControlLoop loop, TxWalk walk)
    {
        if (walk.Signal.HasWriter)
            loop.Add(new LeftSender(loop, walk));
    }

    internal override void OnReadable()
    {
    }

    internal override void OnDeadline()
    {
        if (!_walk.Signal.HasWriter || !_walk.TryHold())
        {
            _loop.Remove(this);
            return;
        }

        _ = _walk.Signal.FreeBlockedSender();
        _walk.Generation.Release();
        LookAgain();
    }

    private void LookAgain()
    {
        Deadline = _loop.Time.GetTimestamp() + (long)(_interval.TotalSeconds * _loop.Time.TimestampFrequency);
        _interval = TimeSpan.FromTicks(Math.Min(_interval.Ticks * 2, s_last.Ticks));
    }
}

using System.Buffers;

namespace ZMemif.Udp.Link;

/// <summary>
/// One queue's frames on their way through the faults, first in, first out but for those that are overtaken. One thread
/// at a time.
/// </summary>
/// <param name="faults">What may befall a frame.</param>
/// <param name="stream">Which dice of the seed.</param>
/// <param name="counters">Where faults are counted.</param>
/// <param name="time">The clock of all delays.</param>
internal sealed class FaultyLine(MemifFaults faults, int stream, FaultCounters counters, TimeProvider time)
{
    /// <summary>How many bytes may be under way.</summary>
    internal const int MaxBytes = 16 << 20;

    /// <summary>How long a frame waits to be overtaken.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    private readonly FaultDice _dice = new(faults.Seed, stream);
    private readonly Queue<HeldFrame> _frames = new();
    private readonly long _delay = Ticks(faults.Delay, time);
    private readonly long _patience = Ticks(Patience, time);

    // The latest frame, if the next one is to overtake it.
    private HeldFrame? _overtaken;
    private long _bytes;

    /// <summary>Slots that the frames under way will take of a ring.</summary>
    internal int Slots { get; private set; }

    /// <summary>How long until the next frame is due, if it is not yet; null when there is none.</summary>
    internal TimeSpan? UntilNext
    {
        get
        {
            long? due = _frames.TryPeek(out HeldFrame first) ? first.Due : _overtaken?.Due;
            return due is { } at ? time.GetElapsedTime(Math.Min(time.GetTimestamp(), at), at) : null;
        }
    }

    /// <summary>Puts a frame on the line, or loses it.</summary>
    /// <param name="buffer">A pooled array that begins with the frame; the line returns it.</param>
    /// <param name="length">The frame's length in bytes.</param>
    /// <param name="slots">What it will take of a ring.</param>
    internal void Add(byte[] buffer, int length, int slots)
    {
        // Always as many numbers for a frame, so that one fault does not change what befalls the others.
        (bool isLost, bool isCorrupt, bool isDuplicate, bool isLate, ulong bit) =
            (_dice.Hits(faults.Loss), _dice.Hits(faults.Corrupt), _dice.Hits(faults.Duplicate), _dice.Hits(faults.Reorder), _dice.Next());
        if (isLost || _bytes + (2 * length) > MaxBytes)
        {
            counters.Count(FaultKind.Loss);
            ArrayPool<byte>.Shared.Return(buffer);
            return;
        }

        if (isCorrupt)
            Flip(buffer.AsSpan(0, length), bit);
        var frame = new HeldFrame(buffer, length, slots, time.GetTimestamp() + _delay);
        if (isDuplicate)
        {
            counters.Count(FaultKind.Duplication);
            Enqueue(Duplicate(frame), isLate: false);
        }

        Enqueue(frame, isLate);
    }

    /// <summary>How many frames are due, up to a limit.</summary>
    internal int CountDue(int limit)
    {
        long now = Settle();
        int due = 0;
        foreach (HeldFrame frame in _frames)
        {
            if (due == limit || frame.Due > now)
                break;
            due++;
        }

        return due;
    }

    /// <summary>The first frame, if it is due.</summary>
    internal bool TryPeek(out HeldFrame frame)
    {
        long now = Settle();
        return _frames.TryPeek(out frame) && frame.Due <= now;
    }

    /// <summary>Takes the first frame off the line; its buffer is the caller's to return.</summary>
    internal HeldFrame Take()
    {
        HeldFrame frame = _frames.Dequeue();
        _bytes -= frame.Length;
        Slots -= frame.Slots;
        counters.LetGo();
        return frame;
    }

    /// <summary>Loses all that is under way.</summary>
    internal void Cut()
    {
        PutBack();
        while (_frames.Count > 0)
        {
            ArrayPool<byte>.Shared.Return(Take().Buffer);
            counters.Count(FaultKind.Loss);
        }
    }

    private static long Ticks(TimeSpan span, TimeProvider time) => (long)(span.TotalSeconds * time.TimestampFrequency);

    private static HeldFrame Duplicate(HeldFrame frame)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(frame.Length);
        frame.Bytes.CopyTo(copy);
        return frame with { Buffer = copy };
    }

    private void Flip(Span<byte> frame, ulong bit)
    {
        if (frame.IsEmpty)
            return;
        int index = (int)(bit % ((ulong)frame.Length * 8));
        frame[index / 8] ^= (byte)(1 << (index % 8));
        counters.Count(FaultKind.Corruption);
    }

    private void Enqueue(HeldFrame frame, bool isLate)
    {
        Settle();
        _bytes += frame.Length;
        Slots += frame.Slots;
        counters.Hold();
        if (_delay > 0)
            counters.Count(FaultKind.Delay);
        if (_overtaken is { } earlier)
        {
            _overtaken = null;
            _frames.Enqueue(frame);
            _frames.Enqueue(earlier with { Due = frame.Due });
            counters.Count(FaultKind.Reordering);
        }
        else if (isLate)
            _overtaken = frame with { Due = frame.Due + _patience };
        else
            _frames.Enqueue(frame);
    }

    /// <summary>A frame that was not overtaken in time goes on as it is.</summary>
    /// <returns>The time.</returns>
    private long Settle()
    {
        long now = time.GetTimestamp();
        if (_overtaken is { } frame && frame.Due <= now)
            PutBack();
        return now;
    }

    private void PutBack()
    {
        if (_overtaken is { } frame)
            _frames.Enqueue(frame);
        _overtaken = null;
    }
}

using ZMemif;

namespace RawPeer;

/// <summary>One queue pair of the port, and what it has carried. It starts again with each connection.</summary>
internal abstract class Flow
{
    private readonly ReadOnlyMemory<byte>[] _burst;
    private readonly byte[][] _frames;
    private readonly byte[] _received = new byte[65536];
    private int _connection;
    private bool _isDone;

    protected Flow(Settings settings, MemifPort port, int queue)
    {
        Settings = settings;
        Port = port;
        Queue = queue;
        _frames = [.. Enumerable.Range(0, settings.Burst).Select(_ => new byte[settings.LongestFrame])];
        _burst = new ReadOnlyMemory<byte>[settings.Burst];
    }

    protected Settings Settings { get; }

    protected MemifPort Port { get; }

    protected int Queue { get; }

    protected MemifRxQueue Rx => Port.RxQueues[Queue];

    protected MemifTxQueue Tx => Port.TxQueues[Queue];

    /// <summary>Frames sent on this connection.</summary>
    protected long Sent { get; private set; }

    /// <summary>Frames received on this connection, all of them good.</summary>
    protected long Received { get; private set; }

    /// <summary>Whether all frames of this connection have been carried; for ever false when there is no end.</summary>
    protected bool IsComplete(long carried) => Settings.Count > 0 && carried >= Settings.Count;

    /// <summary>Does what there is to do now.</summary>
    /// <returns>Whether anything moved; if not, it is time to wait.</returns>
    internal bool Step()
    {
        if (Port.ConnectionCount is int now && now != _connection)
            (_connection, Sent, Received) = (now, 0, 0);
        bool flowed = Received >= Settings.Window;
        bool moved = Work(out long carried);
        if (!flowed && Received >= Settings.Window)
            Console.WriteLine($"flows queue {Queue} connection {_connection}");
        if (!_isDone && IsComplete(carried))
        {
            _isDone = true;
            Console.WriteLine($"done queue {Queue} connection {_connection}");
        }

        return moved;
    }

    /// <summary>Takes what the peer, who has stopped sending, left on the ring.</summary>
    internal void Drain()
    {
        while (Receive(Settings.Window) > 0)
            continue;
    }

    /// <param name="carried">What counts as done on this connection so far.</param>
    protected abstract bool Work(out long carried);

    /// <returns>What is wrong with the frame that should be number <paramref name="number"/>; null when nothing is.</returns>
    protected abstract string? Judge(ReadOnlySpan<byte> frame, long number);

    /// <summary>Sends the next frames, at most a burst, with one publication.</summary>
    /// <returns>How many found room.</returns>
    protected int Send(int frames)
    {
        if (Settings.Count > 0)
            frames = (int)Math.Min(frames, Settings.Count - Sent);
        for (int i = 0; i < frames; i++)
        {
            Memory<byte> frame = _frames[i].AsMemory(0, Settings.LengthOf(Sent + i));
            NumberedFrame.Write(frame.Span, _connection, Queue, Sent + i);
            _burst[i] = frame;
        }

        int sent = frames <= 0 ? 0 : Tx.Send(_burst.AsSpan(0, frames));
        Sent += sent;
        return sent;
    }

    /// <summary>Receives and judges what there is, with one look and one release.</summary>
    /// <returns>How many there were.</returns>
    protected int Receive(int most)
    {
        int frames = Rx.Acquire(most);
        if (frames == 0)
            return 0;
        try
        {
            Received += JudgeBurst();
        }
        finally
        {
            Rx.Release();
        }

        return frames;
    }

    /// <summary>The frame with this number as it was sent.</summary>
    protected ReadOnlySpan<byte> Expected(byte[] buffer, long number)
    {
        Span<byte> frame = buffer.AsSpan(0, Settings.LengthOf(number));
        NumberedFrame.Write(frame, _connection, Queue, number);
        return frame;
    }

    // Sent in the moment between a new link and our noticing it.
    protected virtual bool IsOfAnotherConnection(ReadOnlySpan<byte> frame) => NumberedFrame.ConnectionOf(frame) == _connection - 1;

    private int JudgeBurst()
    {
        int good = 0;
        while (Rx.TryRead(out MemifPacket packet))
        {
            Span<byte> frame = _received.AsSpan(0, packet.CopyTo(0, _received));
            if (IsOfAnotherConnection(frame))
                continue;
            if (Judge(frame, Received + good) is { } difference)
                throw new InvalidDataException($"queue {Queue}, connection {_connection}: frame {Received + good} {difference}");
            good++;
        }

        return good;
    }
}

using System.Diagnostics;

namespace ZMemif.HostilePeer.Victims;

/// <summary>
/// Packets at a fixed rate from one healthy port to another, each verified, in order and complete: whatever happens to
/// other ports, this must go on.
/// </summary>
internal sealed class HealthyPair
{
    /// <summary>Packets per second.</summary>
    internal const int Pace = 100_000;

    private const int PacketLength = 64;

    // What a window of 100 ms has to carry.
    private const long ShortestWindow = Pace / 10;

    // A thread that was not given a processor for longer owes nothing for that time: the machine is not what is measured.
    // What the library does to a thread is measured by the time that its calls take.
    private static readonly TimeSpan s_longestStep = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(20);

    private readonly MemifTxQueue _tx;
    private readonly MemifRxQueue _rx;
    private readonly Thread[] _threads;
    private volatile bool _isOver;
    private long _due;
    private long _received;
    private long _windowReceived;
    private long _windowDue;
    private long _longestSend;
    private long _longestReceive;

    internal HealthyPair(MemifPort from, MemifPort to)
    {
        _tx = from.TxQueues[0];
        _rx = to.RxQueues[0];
        _threads = [new Thread(Send) { Name = "healthy send" }, new Thread(Receive) { Name = "healthy recv" }];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    /// <summary>The longest time that a call of the library kept a thread beyond what it was asked for, in milliseconds.</summary>
    internal long LongestCall => Math.Max(Volatile.Read(ref _longestSend), Volatile.Read(ref _longestReceive));

    /// <summary>What arrived since the last call, as a part of what should have, in percent.</summary>
    internal int TakeRate()
    {
        while (Volatile.Read(ref _due) - _windowDue < ShortestWindow)
            Thread.Sleep(10);
        long due = Volatile.Read(ref _due);
        long received = Volatile.Read(ref _received);
        int percent = (int)(100 * (received - _windowReceived) / (due - _windowDue));
        (_windowReceived, _windowDue) = (received, due);
        return percent;
    }

    internal void Stop()
    {
        _isOver = true;
        _rx.Wake();
        foreach (Thread thread in _threads)
            thread.Join();
    }

    private void Send()
    {
        Span<byte> packet = stackalloc byte[PacketLength];
        long sent = 0;
        double due = 0;
        long last = Stopwatch.GetTimestamp();
        while (!_isOver)
        {
            long now = Stopwatch.GetTimestamp();
            due += Math.Min(Stopwatch.GetElapsedTime(last, now).TotalSeconds, s_longestStep.TotalSeconds) * Pace;
            last = now;
            Volatile.Write(ref _due, (long)due);
            for (; sent < (long)due; sent++)
            {
                HonestPacket.Write(packet, (ulong)sent);
                long began = Stopwatch.GetTimestamp();
                bool isSent = _tx.TrySend(packet);
                Note(ref _longestSend, began, TimeSpan.Zero);
                if (!isSent)
                    break;
            }

            Thread.Sleep(1);
        }
    }

    private void Receive()
    {
        Span<byte> packet = stackalloc byte[PacketLength];
        while (!_isOver)
        {
            long began = Stopwatch.GetTimestamp();
            _rx.Wait(s_wait);
            Note(ref _longestReceive, began, s_wait);
            while (TryReceive(packet, out int length))
            {
                if (length != PacketLength || !HonestPacket.IsRight(packet, out ulong number) || number != (ulong)_received)
                    Journal.Fault($"The healthy port expected packet {_received} and got something else.");
                Volatile.Write(ref _received, _received + 1);
            }
        }
    }

    private bool TryReceive(Span<byte> packet, out int length)
    {
        long began = Stopwatch.GetTimestamp();
        bool isReceived = _rx.TryReceive(packet, out length);
        Note(ref _longestReceive, began, TimeSpan.Zero);
        return isReceived;
    }

    private static void Note(ref long longest, long began, TimeSpan askedFor)
    {
        long took = (long)(Stopwatch.GetElapsedTime(began) - askedFor).TotalMilliseconds;
        if (took > longest)
            Volatile.Write(ref longest, took);
    }
}

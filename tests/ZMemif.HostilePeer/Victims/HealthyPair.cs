using System.Diagnostics;

namespace ZMemif.HostilePeer.Victims;

/// <summary>
/// Packets at a fixed rate from one healthy port to another, each verified, in order and complete: whatever happens to
/// other ports, this must go on.
/// </summary>
internal sealed class HealthyPair
{
    /// <summary>Packets per second.</summary>
    internal const int Pace = 20_000;

    private const int PacketLength = 64;

    private static readonly TimeSpan s_shortestWindow = TimeSpan.FromMilliseconds(100);

    private readonly MemifTxQueue _tx;
    private readonly MemifRxQueue _rx;
    private readonly Thread[] _threads;
    private readonly long _began = Stopwatch.GetTimestamp();
    private volatile bool _isOver;
    private long _received;
    private long _windowReceived;
    private long _windowBegan = Stopwatch.GetTimestamp();

    internal HealthyPair(MemifPort from, MemifPort to)
    {
        _tx = from.TxQueues[0];
        _rx = to.RxQueues[0];
        _threads = [new Thread(Send) { Name = "healthy send" }, new Thread(Receive) { Name = "healthy recv" }];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    /// <summary>Packets per second that arrived since the last call, as a part of the pace, in percent.</summary>
    internal int TakeRate()
    {
        while (Stopwatch.GetElapsedTime(_windowBegan) < s_shortestWindow)
            Thread.Sleep(10);
        long now = Stopwatch.GetTimestamp();
        long received = Volatile.Read(ref _received);
        double seconds = Stopwatch.GetElapsedTime(_windowBegan, now).TotalSeconds;
        int percent = (int)(100 * (received - _windowReceived) / (seconds * Pace));
        (_windowReceived, _windowBegan) = (received, now);
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
        while (!_isOver)
        {
            long due = (long)(Stopwatch.GetElapsedTime(_began).TotalSeconds * Pace);
            while (sent < due && !_isOver)
            {
                HonestPacket.Write(packet, (ulong)sent);
                if (!_tx.TrySend(packet))
                    break;
                sent++;
            }

            Thread.Sleep(1);
        }
    }

    private void Receive()
    {
        Span<byte> packet = stackalloc byte[PacketLength];
        while (!_isOver)
        {
            _rx.Wait(TimeSpan.FromMilliseconds(20));
            while (_rx.TryReceive(packet, out int length))
            {
                if (length != PacketLength || !HonestPacket.IsRight(packet, out ulong number) || number != (ulong)_received)
                    Journal.Fault($"The healthy port expected packet {_received} and got something else.");
                Volatile.Write(ref _received, _received + 1);
            }
        }
    }
}

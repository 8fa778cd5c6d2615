using System.Diagnostics;

namespace ZMemif.HostilePeer.Victims;

/// <summary>
/// A program that uses the attacked port in every way: one thread waits, receives in bursts and by leases that it keeps for
/// a while; another sends short packets, chained ones, and reservations. It believes no content that does not claim to be right.
/// </summary>
internal sealed class PortUser
{
    private const int MostLeases = 8;

    private readonly MemifPort _port;
    private readonly Thread[] _threads;
    private readonly byte[] _buffer = new byte[70_000];
    private readonly Queue<MemifLease> _leases = new();
    private volatile bool _isOver;
    private long _verified;
    private long _longestSend;
    private long _rounds;

    internal PortUser(MemifPort port)
    {
        _port = port;
        _threads = [new Thread(() => Guard(Receive)) { Name = "user receive" }, new Thread(() => Guard(Send)) { Name = "user send" }];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    /// <summary>Honest packets that came.</summary>
    internal long Verified => Volatile.Read(ref _verified);

    /// <summary>The longest time that a send took, in milliseconds: nobody may be blocked for ever.</summary>
    internal long LongestSend => Volatile.Read(ref _longestSend);

    /// <summary>How often the receiver came out of a wait: a measure of whether it sleeps when there is nothing to receive.</summary>
    internal long Rounds => Volatile.Read(ref _rounds);

    internal void Stop()
    {
        _isOver = true;
        foreach (Thread thread in _threads)
        {
            if (!thread.Join(TimeSpan.FromSeconds(10)))
                Journal.Fault($"The thread '{thread.Name}' is held by the port.");
        }
    }

    private static void Guard(Action action)
    {
        try
        {
            action();
        }
        catch (ObjectDisposedException)
        {
            // The port was closed: this is how a user learns.
        }
#pragma warning disable CA1031 // Whatever a peer makes a call throw is a finding.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Journal.Fault(e);
        }
    }

    private void Receive()
    {
        MemifRxQueue rx = _port.RxQueues[0];
        try
        {
            for (int round = 0; !_isOver; round++)
            {
                rx.Wait(TimeSpan.FromMilliseconds(5));
                Volatile.Write(ref _rounds, _rounds + 1);
                if (round % 4 == 0)
                    Lease(rx);
                else
                    ReceiveBurst(rx);
                if (_leases.Count > 0 && round % 8 == 0)
                    _leases.Dequeue().Dispose();
            }
        }
        finally
        {
            while (_leases.TryDequeue(out MemifLease lease))
                lease.Dispose();
        }
    }

    private void ReceiveBurst(MemifRxQueue rx)
    {
        if (rx.Acquire(32) == 0)
            return;
        while (rx.TryRead(out MemifPacket packet))
            Look(packet.CopyTo(0, _buffer), packet.Length);
        rx.Release();
    }

    private void Lease(MemifRxQueue rx)
    {
        if (_leases.Count >= MostLeases || !rx.TryLease(out MemifLease lease))
            return;
        Look(lease.CopyTo(0, _buffer), lease.Length);
        _leases.Enqueue(lease);
    }

    private void Look(int copied, int length)
    {
        if (copied != length)
            Journal.Fault($"A packet of {length} bytes gave {copied}.");
        ReadOnlySpan<byte> packet = _buffer.AsSpan(0, copied);
        if (HonestPacket.IsMarked(packet) && HonestPacket.IsRight(packet, out _))
            Volatile.Write(ref _verified, _verified + 1);
    }

    private void Send()
    {
        MemifTxQueue tx = _port.TxQueues[0];
        byte[] packet = new byte[4000];
        for (ulong number = 0; !_isOver; number++)
        {
            long began = Stopwatch.GetTimestamp();
            bool sent = number % 3 == 0 ? Reserve(tx, number) : Copy(tx, packet, number);
            long took = (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            if (took > _longestSend)
                Volatile.Write(ref _longestSend, took);
            if (!sent || number % 16 == 0)
                Thread.Sleep(1);
        }
    }

    private static bool Copy(MemifTxQueue tx, byte[] packet, ulong number)
    {
        int length = number % 10 == 1 ? packet.Length : HonestPacket.MinLength + (int)(number % 1000);
        HonestPacket.Write(packet.AsSpan(0, length), number);
        return tx.TrySend(packet.AsSpan(0, length));
    }

    private static bool Reserve(MemifTxQueue tx, ulong number)
    {
        if (!tx.TryReserve(HonestPacket.MinLength + 48, out Span<byte> buffer))
            return false;
        HonestPacket.Write(buffer, number);
        tx.Commit();
        return true;
    }
}

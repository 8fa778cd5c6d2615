using ZMemif.Queues;

namespace ZMemif;

/// <content>Counters: plain fields, written by the sender alone.</content>
public sealed partial class MemifTxQueue
{
    private ulong _packets;
    private ulong _bytes;
    private ulong _refusedRingFull;
    private ulong _refusedLinkDown;
    private ulong _refusedTooLong;
    private ulong _signalsSkipped;

    /// <summary>Packets put on the ring since the port was created.</summary>
    public ulong Packets => Volatile.Read(ref _packets);

    /// <summary>What the queue did so far. May be read from any thread.</summary>
    public MemifTxStatistics Statistics
    {
        get
        {
            TxWalk? walk = Volatile.Read(ref _walk);
            bool isMapped = walk is not null && walk.TryHold();
            var statistics = new MemifTxStatistics
            {
                Packets = Volatile.Read(ref _packets),
                Bytes = Volatile.Read(ref _bytes),
                RefusedRingFull = Volatile.Read(ref _refusedRingFull),
                RefusedLinkDown = Volatile.Read(ref _refusedLinkDown),
                RefusedTooLong = Volatile.Read(ref _refusedTooLong),
                SignalsSent = Volatile.Read(ref _signalsSent),
                SignalsSkipped = Volatile.Read(ref _signalsSkipped),
                Rekicks = Volatile.Read(ref _rekicks),
                Occupancy = isMapped ? walk!.Occupancy : 0,
                RingSize = isMapped ? walk!.RingSize : 0,
            };
            if (isMapped)
                walk!.Generation.Release();
            return statistics;
        }
    }

    private void CountRefusal(TxWalk walk)
    {
        if (walk.IsClosed || walk.Violation is not null)
            CountLinkDown();
        else if (walk.IsTooLong)
            Volatile.Write(ref _refusedTooLong, _refusedTooLong + 1);
        else
            Volatile.Write(ref _refusedRingFull, _refusedRingFull + 1);
    }

    private void CountLinkDown() => Volatile.Write(ref _refusedLinkDown, _refusedLinkDown + 1);
}

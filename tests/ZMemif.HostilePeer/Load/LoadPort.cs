namespace ZMemif.HostilePeer.Load;

/// <summary>The port that both ends of a link under full load have: two queues each way.</summary>
internal static class LoadPort
{
    internal const int Queues = 2;
    internal const int MaxLength = 1500;

    private const int SequenceBits = 40;

    internal static MemifPortOptions Options(MemifRole role) => new()
    {
        Role = role,
        RingSize = 256,
        TxQueues = Queues,
        RxQueues = Queues,
        ReceiveMode = MemifReceiveMode.Adaptive,
    };

    /// <summary>Packet numbers of one run of a process on one queue; they count from its base.</summary>
    internal static ulong FirstNumber() => (ulong)Environment.ProcessId << SequenceBits;

    /// <summary>Whether a number begins a run.</summary>
    internal static bool IsFirst(ulong number) => (number & ((1UL << SequenceBits) - 1)) == 0;

    /// <summary>Different lengths, some of them chained.</summary>
    internal static int LengthOf(ulong number) => HonestPacket.MinLength + (int)(number * 37 % (MaxLength - HonestPacket.MinLength));
}

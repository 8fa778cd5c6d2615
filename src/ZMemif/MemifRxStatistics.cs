using System.Runtime.InteropServices;

namespace ZMemif;

/// <summary>What a receive queue, or all of a port together, did since the port was created: a snapshot.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MemifRxStatistics
{
    /// <summary>Packets taken off the ring.</summary>
    public required ulong Packets { get; init; }

    /// <summary>Bytes taken off the ring.</summary>
    public required ulong Bytes { get; init; }

    /// <summary>
    /// Packets dropped because a piece of them lies outside the shared memory: what a client sent. This and the other reasons for a
    /// drop exclude each other, the first one found counts, and there are drops with <see cref="MemifMalformedPolicy.Drop"/> only.
    /// </summary>
    public required ulong DroppedOutsideMemory { get; init; }

    /// <summary>Packets dropped because a piece of them claims to be longer than the buffer that it was put in: what a server sent.</summary>
    public required ulong DroppedLongerThanBuffer { get; init; }

    /// <summary>Packets dropped because they are longer than 65,553 bytes.</summary>
    public required ulong DroppedTooLong { get; init; }

    /// <summary>Packets dropped because they were impossible, for any of these reasons. None of them is in <see cref="Packets"/>.</summary>
    public ulong Malformed => DroppedOutsideMemory + DroppedLongerThanBuffer + DroppedTooLong;

    /// <summary>Times a sleeper was woken by the peer.</summary>
    public required ulong Wakeups { get; init; }

    /// <summary>Slots of the ring that hold packets nobody has read.</summary>
    public required int Occupancy { get; init; }

    /// <summary>Slots of the ring; 0 while there is no connection.</summary>
    public required int RingSize { get; init; }

    internal static MemifRxStatistics Sum(MemifRxStatistics one, MemifRxStatistics other) => new()
    {
        Packets = one.Packets + other.Packets,
        Bytes = one.Bytes + other.Bytes,
        DroppedOutsideMemory = one.DroppedOutsideMemory + other.DroppedOutsideMemory,
        DroppedLongerThanBuffer = one.DroppedLongerThanBuffer + other.DroppedLongerThanBuffer,
        DroppedTooLong = one.DroppedTooLong + other.DroppedTooLong,
        Wakeups = one.Wakeups + other.Wakeups,
        Occupancy = one.Occupancy + other.Occupancy,
        RingSize = one.RingSize + other.RingSize,
    };
}

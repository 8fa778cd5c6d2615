using System.Numerics;
using System.Runtime.InteropServices;
using ZMemif.Control;

namespace ZMemif;

/// <summary>Configuration of a <see cref="MemifPort"/>. Directions are the port's own: "transmit" is what this program sends.</summary>
public sealed class MemifPortOptions
{
    /// <summary>The interface id, unique per socket and role. Both ends use the same one. Defaults to 0.</summary>
    public uint Id { get; set; }

    /// <summary>Which end this is. Defaults to <see cref="MemifRole.Client"/>.</summary>
    public MemifRole Role { get; set; }

    /// <summary>What a packet is; both ends must agree. Defaults to <see cref="MemifMode.Ethernet"/>.</summary>
    public MemifMode Mode { get; set; }

    /// <summary>The interface name shown to the peer; up to 31 bytes of UTF-8 are sent. Defaults to <c>memif</c> and the id.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// A secret that both ends must know: at most 24 bytes of UTF-8; peers written in C can use 23. It travels in plain
    /// text over the local socket. Defaults to none.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>Transmit queues, 1 to 255; a server's are the most that a client may bring. Defaults to 1.</summary>
    public int TxQueues { get; set; } = MemifDefaults.Queues;

    /// <summary>Receive queues, 1 to 255; a server's are the most that a client may bring. Defaults to 1.</summary>
    public int RxQueues { get; set; } = MemifDefaults.Queues;

    /// <summary>
    /// Slots per ring, a power of two from 1 to 32768; most servers take 16384 at most, and a larger ring is then made
    /// smaller. The client decides; a server ignores its own. Defaults to 1024.
    /// </summary>
    public int RingSize { get; set; } = MemifDefaults.RingSize;

    /// <summary>
    /// Bytes per packet buffer, 64 to 65535. The client decides; a server ignores its own. Defaults to 2048, which is
    /// also what DPDK expects at least.
    /// </summary>
    public int BufferSize { get; set; } = MemifDefaults.BufferSize;

    /// <summary>
    /// Bytes left free at the start of each of a client's buffers, so that a header can be put before the data without
    /// moving it: by <see cref="MemifTxQueue.TryPrepend"/> when sending, and by a peer that works on packets in place. Both
    /// directions have it, and each buffer holds so much less; less than <see cref="BufferSize"/>. Defaults to 0.
    /// </summary>
    public int Headroom { get; set; }

    /// <summary>
    /// Bytes of a cache line in a client's rings, 64 or 128. It is not negotiated, and a server of another build loses every
    /// packet: use what the server was built with. Defaults to 64 on x86-64 and 128 on ARM64. Servers infer it.
    /// </summary>
    public int CacheLineSize { get; set; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 128 : 64;

    /// <summary>How the receive queues wait. Defaults to <see cref="MemifReceiveMode.Interrupt"/>; each queue can change its own later.</summary>
    public MemifReceiveMode ReceiveMode { get; set; }

    /// <summary>What a server does with memory that its client can still shrink. Defaults to <see cref="MemifSealPolicy.Require"/>.</summary>
    public MemifSealPolicy Seals { get; set; }

    /// <summary>What happens when a received descriptor is impossible. Defaults to <see cref="MemifMalformedPolicy.Disconnect"/>.</summary>
    public MemifMalformedPolicy Malformed { get; set; }

    /// <summary>
    /// The largest memory region, in bytes, up to 4 GiB. Defaults to 256 MiB, which holds 63 queue pairs of the default
    /// geometry. A server maps no larger one: a client can announce memory that it has never touched; each page of it that a
    /// packet makes this process read is charged to whoever reads it first, which is this process. A client whose buffers
    /// need more makes several regions, as few as it can; the buffers of one queue stay together.
    /// </summary>
    public long MaxRegionBytes { get; set; } = 256L << 20;

    /// <summary>The most memory that a server maps for one client, in bytes. Defaults to 1 GiB.</summary>
    public long MaxTotalBytes { get; set; } = 1L << 30;

    /// <summary>The largest ring that a server accepts, in slots, a power of two up to 32768. Defaults to 16384, as everywhere.</summary>
    public int MaxRingSize { get; set; } = 1 << MemifLimits.UsualLog2RingSize;

    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    internal PortIdentity Validated(string applicationName)
    {
        Require(TxQueues, 1, MemifLimits.MaxQueues, nameof(TxQueues));
        Require(RxQueues, 1, MemifLimits.MaxQueues, nameof(RxQueues));
        Require(BufferSize, 64, ushort.MaxValue, nameof(BufferSize));
        Require(Headroom, 0, BufferSize - 1, nameof(Headroom));
        Require(MaxRegionBytes, 1, MemifLimits.MaxRegionBytes, nameof(MaxRegionBytes));
        Require(MaxTotalBytes, 1, long.MaxValue, nameof(MaxTotalBytes));
        if (CacheLineSize is not (64 or 128))
            throw Bad(nameof(CacheLineSize), $"{nameof(CacheLineSize)} must be 64 or 128, not {CacheLineSize}.");

        var geometry = new PortGeometry(TxQueues, RxQueues, Log2(RingSize, nameof(RingSize)), BufferSize, Headroom, CacheLineSize);
        if (Role == MemifRole.Client)
            RequireFewRegions(geometry);
        var policy = new PortPolicy(
            Seals, Malformed, (ulong)MaxRegionBytes, (ulong)MaxTotalBytes, Log2(MaxRingSize, nameof(MaxRingSize)));
        return new PortIdentity(
            Id, Role, Mode, Control.Secret.FromText(Secret), applicationName, Name ?? $"memif{Id}", geometry, policy);
    }

    private void RequireFewRegions(PortGeometry geometry)
    {
        int regions = new ClientLayout(geometry, (ulong)MaxRegionBytes).Regions.Count;
        if (regions > MemifLimits.MaxRegions)
        {
            throw Bad(
                nameof(MaxRegionBytes),
                $"{nameof(TxQueues)}, {nameof(RxQueues)}, {nameof(RingSize)} and {nameof(BufferSize)} together need {regions} regions of {nameof(MaxRegionBytes)}; there can be {MemifLimits.MaxRegions}.");
        }
    }

    private static int Log2(int slots, string name)
    {
        Require(slots, 1, 1 << MemifLimits.MaxLog2RingSize, name);
        return BitOperations.IsPow2(slots) ? BitOperations.Log2((uint)slots) : throw Bad(name, $"{name} must be a power of two, not {slots}.");
    }

    private static ArgumentException Bad(string name, string message) => new(message, name);

    private static void Require(long value, long least, long most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {least} to {most}.");
    }
}

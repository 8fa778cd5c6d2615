using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Links;

/// <summary>What an attacking client allocates: one region with a ring each way and a buffer per slot, and two events.</summary>
internal sealed class ClientArena
{
    internal const int Log2RingSize = 6;
    internal const int BufferSize = 2048;
    internal const ulong Bytes = 2 * (RingBytes + (RingSlots * (ulong)BufferSize));

    private const int RingSlots = 1 << Log2RingSize;
    private const uint RingBytes = 128 + (RingSlots * Descriptor.Bytes);

    private static readonly RingLayout s_layout = new(Log2RingSize, CacheLine: 64);

    /// <param name="file">The memory; kept by the arena.</param>
    /// <param name="bytes">Its size, at least <see cref="Bytes"/>, of which the beginning is used.</param>
    /// <param name="s2mEvent">Another descriptor in place of the sending ring's eventfd.</param>
    internal ClientArena(FileDescriptor file, ulong bytes = Bytes, FileDescriptor? s2mEvent = null)
    {
        Region = SharedRegion.Map(file, bytes, requireSeal: false);
        S2M = new Ring(Region, 0, s_layout);
        M2S = new Ring(Region, RingBytes, s_layout);
        S2M.Initialize();
        M2S.Initialize();
        S2MEvent = s2mEvent is null ? EventCounter.Create() : new EventCounter(s2mEvent);
    }

    internal SharedRegion Region { get; }

    internal Ring S2M { get; }

    internal Ring M2S { get; }

    internal EventCounter S2MEvent { get; }

    internal EventCounter M2SEvent { get; } = EventCounter.Create();

    internal AddRegionMessage RegionMessage => new(0, Region.Size);

    internal static AddRingMessage S2MRing => new(IsS2M: true, Index: 0, Region: 0, Offset: 0, Log2RingSize, PrivateHeaderSize: 0);

    internal static AddRingMessage M2SRing => S2MRing with { IsS2M = false, Offset = RingBytes };

    internal static ClientArena Sealed() => new(Native.MemoryFile(Bytes, Libc.F_SEAL_SHRINK));

    /// <summary>Where the sending buffers begin: what comes before are the rings.</summary>
    internal static uint BuffersBegin => 2 * RingBytes;

    internal uint SendBuffer(ushort index) => Buffer(index % RingSlots);

    internal Descriptor Posted(ushort index) => new() { Length = BufferSize, Offset = Buffer(RingSlots + (index % RingSlots)) };

    private static uint Buffer(int slot) => BuffersBegin + (uint)(slot * BufferSize);
}

using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif.Tests.Peers;

/// <summary>
/// A region with one ring and a buffer per slot, on which one or both sides are walks and the rest is played by the test
/// through <see cref="Ring"/>.
/// </summary>
internal sealed class RingBed : IDisposable
{
    internal const int BufferSize = 128;

    private readonly SharedRegion _region;
    private readonly EventCounter _event = EventCounter.Create();
    private readonly RingLayout _layout;
    private readonly List<QueueWalk> _walks = [];
    private Generation? _generation;

    internal RingBed(int log2Size)
    {
        _layout = new RingLayout(log2Size, CacheLine: 64);
        _region = SharedRegion.Create("memif", (ulong)(_layout.Bytes + (_layout.Slots * BufferSize)));
        _generation = new Generation([_region], [_event]);
        Ring = new Ring(_region, 0, _layout);
        Ring.Initialize();
    }

    /// <summary>The peer's hands in the shared memory.</summary>
    internal Ring Ring { get; }

    /// <summary>What walks that are made from now on do with impossible descriptors.</summary>
    internal MemifMalformedPolicy Malformed { get; init; }

    internal int Slots => _layout.Slots;

    internal ulong RegionBytes => _region.Size;

    internal EventCounter Event => _event;

    internal Generation Generation => _generation!;

    internal ServerRxWalk ServerReceives(bool owned = true)
    {
        var walk = new ServerRxWalk(_generation!, NewRing(), NewSignal(), Malformed);
        return owned ? Own(walk) : walk;
    }

    internal ServerTxWalk ServerSends() => Own(new ServerTxWalk(_generation!, NewRing(), NewSignal()));

    internal ClientRxWalk ClientReceives() => Own(new ClientRxWalk(_generation!, NewRing(), NewSignal(), Buffers, Malformed));

    internal ClientTxWalk ClientSends() => Own(new ClientTxWalk(_generation!, NewRing(), NewSignal(), Buffers));

    /// <summary>Where the buffer of a slot lies.</summary>
    internal uint BufferOf(uint index) => Buffers.OffsetOf(index);

    internal Span<byte> Bytes(uint offset, int length) => _region.Slice(offset, length);

    /// <summary>Writes a slot as a client does: a packet to send, or an empty buffer.</summary>
    internal void Write(uint index, uint length, bool more = false) =>
        Ring.WriteDescriptor(index, Buffers.Describe(index, (int)length, more));

    /// <summary>Writes and publishes single-slot packets, or posts empty buffers, from a head on.</summary>
    internal void Publish(ushort head, int count, uint length = 1)
    {
        for (int i = 0; i < count; i++)
            Write((ushort)(head + i), length);
        Ring.ReleaseHead((ushort)(head + count));
    }

    public void Dispose()
    {
        foreach (QueueWalk walk in _walks)
            walk.Close();
        _walks.Clear();
        _generation?.Release();
        _generation = null;
    }

    private BufferPool Buffers => new(Region: 0, (uint)_layout.Bytes, BufferSize, Headroom: 0, _layout.Slots);

    private Ring NewRing() => new(_region, 0, _layout);

    private QueueSignal NewSignal() => new(Ring, _event);

    private T Own<T>(T walk)
        where T : QueueWalk
    {
        _walks.Add(walk);
        return walk;
    }
}

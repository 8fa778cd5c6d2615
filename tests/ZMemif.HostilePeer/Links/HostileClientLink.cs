using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Links;

/// <summary>The attacker is the client: he made the memory, and owns head on both rings.</summary>
internal sealed class HostileClientLink : HostileLink
{
    private readonly ClientArena _arena;
    private ushort _posted;

    internal HostileClientLink(RawChannel channel, ClientArena arena)
        : base(channel, arena.Region, arena.S2M, arena.M2S, arena.S2MEvent, arena.M2SEvent) => _arena = arena;

    internal override int Free => Slots - (ushort)(Sent - VictimOut);

    internal override ushort Returned => (ushort)(Read + Slots);

    private protected override ushort Drained => Sent;

    /// <summary>Posts every receive buffer.</summary>
    internal void PostAll() => ReturnRead();

    /// <summary>Writes a slot of <see cref="HostileLink.In"/> as an empty buffer.</summary>
    internal void Post(ushort index) => In.WriteDescriptor(index, _arena.Posted(index));

    internal override void ReturnRead()
    {
        for (; _posted != Returned; _posted++)
            Post(_posted);
        SetIn(Returned);
    }

    internal override void StoreVictim(Ring ring, ushort value) => ring.ReleaseTail(value);

    internal override void WriteOut(ushort index, uint length, ushort flags = 0) =>
        Out.WriteDescriptor(index, new Descriptor { Flags = flags, Length = length, Offset = _arena.SendBuffer(index) });

    internal override Span<byte> OutBuffer(ushort index, int length) => Region.Slice(_arena.SendBuffer(index), length);

    private protected override Span<byte> InBuffer(ushort index, in Descriptor descriptor) =>
        Region.Slice(_arena.Posted(index).Offset, (int)Math.Min(descriptor.Length, ClientArena.BufferSize));

    private protected override ushort LoadVictim(Ring ring) => ring.AcquireTail();

    private protected override void StoreOwn(Ring ring, ushort value) => ring.ReleaseHead(value);
}

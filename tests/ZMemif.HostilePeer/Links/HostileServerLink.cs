using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Links;

/// <summary>The attacker is the server: he maps the victim's memory, and owns tail on both rings.</summary>
internal sealed class HostileServerLink(RawChannel channel, SharedRegion region, Ring s2m, Ring m2s, EventCounter s2mEvent, EventCounter m2sEvent)
    : HostileLink(channel, region, m2s, s2m, m2sEvent, s2mEvent)
{
    internal override int Free => (ushort)(VictimOut - Sent);

    internal override ushort Returned => Read;

    private protected override ushort Drained => (ushort)(Sent + Slots);

    internal override void StoreVictim(Ring ring, ushort value) => ring.ReleaseHead(value);

    internal override void WriteOut(ushort index, uint length, ushort flags = 0) => Out.WriteLengthAndFlags(index, length, flags);

    internal override Span<byte> OutBuffer(ushort index, int length) => Region.Slice(Out.ReadDescriptor(index).Offset, length);

    private protected override Span<byte> InBuffer(ushort index, in Descriptor descriptor) =>
        Region.Slice(descriptor.Offset, (int)descriptor.Length);

    private protected override ushort LoadVictim(Ring ring) => ring.AcquireHead();

    private protected override void StoreOwn(Ring ring, ushort value) => ring.ReleaseTail(value);
}

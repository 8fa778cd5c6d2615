using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ZMemif.Memory;

/// <summary>
/// One ring in shared memory: a pointer wrapper with few verbs, each with its memory order. It believes nothing that
/// it reads; the walks in <c>ZMemif.Queues</c> check. Valid while its <see cref="Generation"/> is held.
/// </summary>
internal sealed unsafe class Ring
{
    private readonly byte* _base;
    private readonly ushort* _tail;
    private readonly byte* _descriptors;
    private readonly uint _mask;
    private readonly SharedRegion _region;
    private readonly uint _offset;
    private readonly RingLayout _layout;

    /// <exception cref="ArgumentException">The ring leaves its region or is not aligned.</exception>
    internal Ring(SharedRegion region, uint offset, RingLayout layout)
    {
        if (offset % 8 != 0)
            throw new ArgumentException($"A ring must begin at a multiple of 8, not at {offset}.", nameof(offset));
        (_region, _offset, _layout) = (region, offset, layout);
        _base = region.AddressOf(offset, layout.Bytes);
        _tail = (ushort*)(_base + layout.TailOffset);
        _descriptors = _base + layout.DescriptorsOffset;
        _mask = (uint)layout.Slots - 1;
    }

    internal int Slots => (int)_mask + 1;

    internal uint Cookie => Volatile.Read(ref *(uint*)(_base + RingLayout.CookieOffset));

    private ref ushort Head => ref *(ushort*)(_base + RingLayout.HeadOffset);

    private ref ushort Flags => ref *(ushort*)(_base + RingLayout.FlagsOffset);

    /// <summary>Writes an empty ring: cookie, no flags, both counters zero.</summary>
    internal void Initialize()
    {
        Flags = 0;
        ResetCounters();
        Volatile.Write(ref *(uint*)(_base + RingLayout.CookieOffset), RingLayout.Cookie);
    }

    internal void ResetCounters()
    {
        Volatile.Write(ref Head, 0);
        Volatile.Write(ref *_tail, 0);
    }

    /// <summary>Acquire: pairs with the peer's release of head after it wrote the descriptors.</summary>
    internal ushort AcquireHead() => Volatile.Read(ref Head);

    /// <summary>Acquire: pairs with the peer's release of tail after it was done with the slots.</summary>
    internal ushort AcquireTail() => Volatile.Read(ref *_tail);

    /// <summary>Release: everything written to descriptors and buffers is visible before the new head.</summary>
    internal void ReleaseHead(ushort value) => Volatile.Write(ref Head, value);

    /// <summary>Release: every read of descriptors and buffers is done before the slots go back.</summary>
    internal void ReleaseTail(ushort value) => Volatile.Write(ref *_tail, value);

    /// <summary>Whether the receiver of this ring asked for no events.</summary>
    internal bool IsMasked => (Volatile.Read(ref Flags) & RingLayout.MaskInterrupt) != 0;

    /// <summary>For the receiver of this ring: wants no events (true) or wants them (false).</summary>
    internal void SetMask(bool masked) => Volatile.Write(ref Flags, masked ? RingLayout.MaskInterrupt : (ushort)0);

    /// <summary>
    /// Counters and mask, read from the file and not from the mapping: for the control thread, which must not wait for a peer. A
    /// touch of a page that the peer takes away waits until all of the hole is punched, which takes as long as the file is
    /// large; a read of the file does not, and finds zeroes.
    /// </summary>
    internal bool TryGlance(out RingGlance seen)
    {
        Span<byte> header = stackalloc byte[_layout.DescriptorsOffset];
        bool isRead = _region.TryReadFile(_offset, header);
        seen = isRead
            ? new RingGlance(
                BinaryPrimitives.ReadUInt16LittleEndian(header[RingLayout.HeadOffset..]),
                BinaryPrimitives.ReadUInt16LittleEndian(header[_layout.TailOffset..]),
                (BinaryPrimitives.ReadUInt16LittleEndian(header[RingLayout.FlagsOffset..]) & RingLayout.MaskInterrupt) != 0)
            : default;
        return isRead;
    }

    /// <summary>One copy of a slot; check and use the copy. The counter is free-running.</summary>
    internal Descriptor ReadDescriptor(uint index) =>
        Unsafe.ReadUnaligned<Descriptor>(_descriptors + ((index & _mask) * Descriptor.Bytes));

    /// <summary>Writes all fields of a slot; published by the next release of a counter.</summary>
    internal void WriteDescriptor(uint index, Descriptor descriptor) =>
        Unsafe.WriteUnaligned(_descriptors + ((index & _mask) * Descriptor.Bytes), descriptor);

    /// <summary>Writes length and flags only, as a server does in a slot that the client posted (§3.5).</summary>
    internal void WriteLengthAndFlags(uint index, uint length, ushort flags)
    {
        byte* slot = _descriptors + ((index & _mask) * Descriptor.Bytes);
        *(uint*)(slot + 4) = length;
        *(ushort*)slot = flags;
    }
}

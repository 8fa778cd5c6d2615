namespace ZMemif.Memory;

/// <summary>A ring's header as its file has it; see <see cref="Ring.TryGlance"/>.</summary>
internal readonly record struct RingGlance(ushort Head, ushort Tail, bool IsMasked);

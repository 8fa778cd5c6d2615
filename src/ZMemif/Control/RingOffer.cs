using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>A ring that a client announced, not yet opened.</summary>
internal readonly record struct RingOffer(AddRingMessage Message, EventCounter Event);

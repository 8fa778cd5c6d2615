using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif.Control;

/// <summary>A ring that this client made: its announcement, its memory, its event and its buffers.</summary>
internal sealed record ClientRing(AddRingMessage Announcement, Ring Ring, EventCounter Event, BufferPool Buffers);

namespace ZMemif;

/// <summary>Takes one received packet, in place: its content is volatile, and gone when the handler returns.</summary>
/// <param name="packet">The packet.</param>
public delegate void MemifPacketHandler(MemifPacket packet);

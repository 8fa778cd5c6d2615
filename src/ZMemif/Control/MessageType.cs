namespace ZMemif.Control;

/// <summary>The u16 at the start of every control message (§1.3).</summary>
internal enum MessageType : ushort
{
    None = 0,
    Ack = 1,
    Hello = 2,
    Init = 3,
    AddRegion = 4,
    AddRing = 5,
    Connect = 6,
    Connected = 7,
    Disconnect = 8,
}

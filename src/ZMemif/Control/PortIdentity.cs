namespace ZMemif.Control;

/// <summary>The configuration of a port as the handshake uses it. Directions are the port's own.</summary>
internal sealed record PortIdentity(
    uint Id,
    MemifRole Role,
    MemifMode Mode,
    Secret Secret,
    string ApplicationName,
    string InterfaceName,
    int TxQueues,
    int RxQueues,
    int Log2RingSize,
    int BufferSize);

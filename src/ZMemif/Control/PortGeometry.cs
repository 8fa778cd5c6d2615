namespace ZMemif.Control;

/// <summary>The memory that a client makes; a server uses the queue counts only. Directions are the port's own.</summary>
internal sealed record PortGeometry(int TxQueues, int RxQueues, int Log2RingSize, int BufferSize, int Headroom, int CacheLine);

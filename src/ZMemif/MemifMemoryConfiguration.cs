using System.Runtime.InteropServices;

namespace ZMemif;

/// <summary>The shared memory of a connection, as the two ends agreed on it.</summary>
/// <param name="TxQueues">Queues on which this end sends.</param>
/// <param name="RxQueues">Queues on which this end receives.</param>
/// <param name="RingSize">Slots of the first transmit ring; a server's client may have made others of another size.</param>
/// <param name="BufferSize">Bytes per packet buffer; null at a server, whose client decides for each buffer.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct MemifMemoryConfiguration(int TxQueues, int RxQueues, int RingSize, int? BufferSize);

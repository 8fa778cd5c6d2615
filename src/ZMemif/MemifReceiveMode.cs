namespace ZMemif;

/// <summary>How a receiver waits for packets.</summary>
public enum MemifReceiveMode
{
    /// <summary>Sleep at once when the ring is empty; the peer wakes the receiver with an event.</summary>
    Interrupt = 0,

    /// <summary>Spin for a short budget when the ring is empty, then sleep.</summary>
    Adaptive = 1,

    /// <summary>Never sleep: one processor core is busy for each queue.</summary>
    Busy = 2,
}

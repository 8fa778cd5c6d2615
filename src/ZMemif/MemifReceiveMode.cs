namespace ZMemif;

/// <summary>How a receiver waits for its ring: less processor time against less latency.</summary>
public enum MemifReceiveMode
{
    /// <summary>Sleeps as soon as the ring is empty; the peer wakes it through an eventfd.</summary>
    Interrupt,

    /// <summary>Spins for a short budget after the ring ran empty, then sleeps.</summary>
    Adaptive,

    /// <summary>Never sleeps: lowest latency, one whole core.</summary>
    Busy,
}

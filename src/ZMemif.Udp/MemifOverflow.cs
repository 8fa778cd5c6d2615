namespace ZMemif.Udp;

/// <summary>What happens to a datagram whose socket has a full inbox.</summary>
public enum MemifOverflow
{
    /// <summary>The newest datagram is dropped and counted, as the kernel does.</summary>
    Drop,

    /// <summary>The ring is not drained until there is room, which holds back every socket of the interface and at last the sender.</summary>
    Hold,
}

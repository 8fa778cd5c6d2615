namespace ZMemif.Udp;

/// <summary>Who answers for UDP checksums.</summary>
public enum MemifChecksumMode
{
    /// <summary>Checksums are verified on receive and computed on send.</summary>
    Full,

    /// <summary>The peer is trusted in both directions: nothing is verified and nothing is computed.</summary>
    Offload,
}

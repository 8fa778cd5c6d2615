namespace ZMemif.Udp.Wire;

/// <summary>Why a packet with these options is not accepted.</summary>
internal enum Ipv4OptionsError
{
    None,

    /// <summary>An option's length is impossible, or leads beyond the header.</summary>
    Malformed,

    /// <summary>A loose or strict source route.</summary>
    SourceRoute,
}

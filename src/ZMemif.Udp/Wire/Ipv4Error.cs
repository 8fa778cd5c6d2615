namespace ZMemif.Udp.Wire;

/// <summary>Why bytes are not an IPv4 packet, in the order the checks are made.</summary>
internal enum Ipv4Error
{
    None,

    /// <summary>Fewer than 20 bytes.</summary>
    TooShort,

    /// <summary>The version is not 4.</summary>
    BadVersion,

    /// <summary>The header claims fewer than 20 bytes.</summary>
    BadHeaderLength,

    /// <summary>The total length does not even cover the header.</summary>
    BadTotalLength,

    /// <summary>The total length, and perhaps the header's, claims more bytes than there are.</summary>
    Truncated,

    /// <summary>The header checksum does not match.</summary>
    BadChecksum,
}

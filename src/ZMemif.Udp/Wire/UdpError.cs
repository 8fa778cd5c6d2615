namespace ZMemif.Udp.Wire;

/// <summary>Why bytes are not a UDP datagram, in the order the checks are made.</summary>
internal enum UdpError
{
    None,

    /// <summary>Fewer than 8 bytes.</summary>
    TooShort,

    /// <summary>The length field is below 8, or claims more bytes than the IP packet carries.</summary>
    BadLength,
}

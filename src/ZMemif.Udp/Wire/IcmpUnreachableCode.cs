namespace ZMemif.Udp.Wire;

/// <summary>The code of a destination unreachable message (RFC 792).</summary>
internal enum IcmpUnreachableCode : byte
{
    Network = 0,
    Host = 1,
    Protocol = 2,
    Port = 3,

    /// <summary>The packet was too long for the next link and had DF set; the message tells that link's MTU (RFC 1191 §4).</summary>
    FragmentationNeeded = 4,
}

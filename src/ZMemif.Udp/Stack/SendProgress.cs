using System.Runtime.InteropServices;

namespace ZMemif.Udp.Stack;

/// <summary>
/// How far a datagram has got that goes out in fragments, where the ring cannot hold them all at once: kept by the sender from
/// one attempt to the next. The default is that of a sender who does not wait: everything at once, or nothing.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct SendProgress
{
    /// <summary>The sender comes again when there is room, so that a datagram may go out part by part.</summary>
    internal bool MayWait { get; init; }

    /// <summary>Of the whole IPv4 payload, the bytes that are on the ring.</summary>
    internal int Sent { get; set; }

    /// <summary>Fragments on the ring.</summary>
    internal int Fragments { get; set; }

    /// <summary>Bytes in each fragment but the last; settled with the first, as is <see cref="Identification"/>.</summary>
    internal int FragmentLength { get; set; }

    /// <summary>What its fragments have in common.</summary>
    internal ushort Identification { get; set; }

    /// <summary>Some of the datagram is on the ring, and some is not.</summary>
    internal readonly bool IsPartial => Fragments > 0;
}

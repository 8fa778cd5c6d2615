using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// An IPv4 packet being written: into the ring's own memory, or, while the neighbor's address is unknown, into an array
/// that will wait for it. Ended by <see cref="Ipv4Protocol.Commit"/>, exactly once.
/// </summary>
internal readonly ref struct OutgoingPacket
{
    /// <summary>What follows the IPv4 header; to be written completely.</summary>
    internal required Span<byte> Payload { get; init; }

    /// <summary>The queue whose reservation this is; null for a packet that will wait.</summary>
    internal TransmitQueue? Queue { get; init; }

    /// <summary>The whole frame of a packet that will wait.</summary>
    internal byte[]? Waiting { get; init; }

    /// <summary>Its next hop, for whose address it may have to wait.</summary>
    internal Ipv4Address NextHop { get; init; }
}

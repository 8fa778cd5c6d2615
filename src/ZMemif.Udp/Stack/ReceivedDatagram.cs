using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>The headers of a datagram on its way to a socket, parsed from a private copy.</summary>
internal readonly struct ReceivedDatagram
{
    internal required Ipv4Address Source { get; init; }

    internal required Ipv4Address Destination { get; init; }

    internal required ushort SourcePort { get; init; }

    internal required ushort DestinationPort { get; init; }

    /// <summary>The UDP header to verify the payload with; default when the payload needs no verification.</summary>
    internal UdpPacket Header { get; init; }

    /// <summary>Whether the datagram came from outside and its checksum has to be verified.</summary>
    internal bool IsFromLink { get; init; }

    /// <summary>Whether the checksum fits the sum of the copied payload.</summary>
    internal bool Verify(ulong payloadSum) => !IsFromLink || Header.VerifyChecksum(Source, Destination, payloadSum);
}

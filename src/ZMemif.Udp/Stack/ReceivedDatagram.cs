using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>The headers of a datagram on its way to a socket, parsed from a private copy.</summary>
internal readonly struct ReceivedDatagram
{
    internal required Ipv4Address Source { get; init; }

    internal required Ipv4Address Destination { get; init; }

    internal required ushort SourcePort { get; init; }

    internal required ushort DestinationPort { get; init; }

    internal byte TimeToLive { get; init; }

    internal byte TypeOfService { get; init; }

    /// <summary>The UDP header to verify the payload with, unless that is not needed.</summary>
    internal UdpPacket Header { get; init; }

    /// <summary>The payload needs no verification: it never left this host, or the peer is trusted with that.</summary>
    internal bool IsVerified { get; init; }

    /// <summary>Copies the payload, and verifies the copy: what it is copied from may change at any time.</summary>
    /// <param name="payload">The payload; every byte is read once.</param>
    /// <param name="copy">At least as long.</param>
    /// <returns>Whether the checksum is right, or none is needed.</returns>
    internal bool TryCopy(scoped ReadOnlySpan<byte> payload, scoped Span<byte> copy)
    {
        if (!IsVerified)
            return Header.VerifyChecksum(Source, Destination, InternetChecksum.CopyAndSum(payload, copy));
        payload.CopyTo(copy);
        return true;
    }
}

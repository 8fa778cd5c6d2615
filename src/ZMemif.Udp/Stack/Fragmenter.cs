using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Cuts a packet that is longer than its way takes (RFC 791 §3.2). The payload is copied once, into the ring. All fragments get
/// their slots at once; only where the ring can never hold them all do they go part by part, and only for a sender who waits.
/// </summary>
internal sealed class Fragmenter(LinkHeader linkHeader, InterfaceCounters counters)
{
    private readonly int _headersLength = linkHeader.Length + Ipv4Packet.MinHeaderLength;

    /// <summary>Who names what may be cut.</summary>
    internal Identifications Identifications { get; } = new();

    /// <summary>Sends a packet, or as much of it as may be now.</summary>
    /// <param name="queue">The way out.</param>
    /// <param name="station">The next hop.</param>
    /// <param name="header">The header of the whole packet; its length and fragment fields are not looked at.</param>
    /// <param name="head">The first part of the payload: the 8 bytes of a transport header.</param>
    /// <param name="body">The rest of the payload.</param>
    /// <param name="mtu">The longest fragment in bytes, header included.</param>
    /// <param name="progress">How far it has got.</param>
    /// <returns><see cref="SendStatus.Sent"/> when all of it is on the ring.</returns>
    internal SendStatus Send(
        TransmitQueue queue, MacAddress station, in Ipv4HeaderFields header, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, int mtu, ref SendProgress progress)
    {
        if (!progress.IsPartial)
            progress.FragmentLength = (mtu - Ipv4Packet.MinHeaderLength) / Ipv4Packet.FragmentUnit * Ipv4Packet.FragmentUnit;
        int total = head.Length + body.Length;
        int left = (total - progress.Sent + progress.FragmentLength - 1) / progress.FragmentLength;
        SendStatus status = queue.TryBeginBurst(left, _headersLength + progress.FragmentLength, progress, out int count);
        if (status != SendStatus.Sent)
            return status;

        if (!progress.IsPartial)
            progress.Identification = Identifications.Next(header.Source, header.Destination, header.Protocol);
        for (int i = 0; i < count; i++)
        {
            int offset = progress.Sent + (i * progress.FragmentLength);
            int length = Math.Min(progress.FragmentLength, total - offset);
            if (!queue.TryReserveNext(_headersLength + length, out Span<byte> frame))
            {
                queue.GiveUpBurst();
                return SendStatus.RingFull;
            }

            linkHeader.Write(frame, station, EtherType.IPv4);
            WriteHeader(frame[linkHeader.Length..], header, progress.Identification, offset, length, offset + length < total);
            CopyPart(head, body, offset, frame[_headersLength..]);
        }

        int sent = queue.CommitBurst();
        progress.Fragments += sent;
        progress.Sent = Math.Min(total, progress.Sent + (sent * progress.FragmentLength));
        if (progress.Sent < total)
            return SendStatus.RingFull;
        counters.FragmentMade(progress.Fragments - 1);
        return SendStatus.Sent;
    }

    /// <summary>Sends a packet that lies ready and is too long for its way; a part of it that gets no further is counted.</summary>
    /// <returns>False when nothing of it was sent.</returns>
    internal bool TrySend(TransmitQueue queue, MacAddress station, Ipv4Packet packet, ReadOnlySpan<byte> payload, int mtu)
    {
        SendProgress progress = default;
        SendStatus status = Send(queue, station, packet.Fields, default, payload, mtu, ref progress);
        if (status != SendStatus.Sent && progress.IsPartial)
            Abandon(progress);
        return status == SendStatus.Sent || progress.IsPartial;
    }

    /// <summary>
    /// The rest of a packet will not be sent. To the balance it is one more fragment, and that one is dropped.
    /// </summary>
    internal void Abandon(SendProgress progress)
    {
        counters.FragmentMade(progress.Fragments);
        counters.Drop(MemifDropReason.PartialDatagram);
    }

    private static void WriteHeader(Span<byte> destination, in Ipv4HeaderFields whole, ushort identification, int offset, int length, bool isMore) =>
        Ipv4Packet.WriteHeader(destination, whole with
        {
            TotalLength = (ushort)(Ipv4Packet.MinHeaderLength + length),
            Identification = identification,
            DontFragment = false,
            MoreFragments = isMore,
            FragmentOffset = offset,
        });

    /// <summary>Fills the destination from what is at this offset of both parts together.</summary>
    private static void CopyPart(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body, int offset, Span<byte> destination)
    {
        if (offset < head.Length)
        {
            head = head[offset..];
            head.CopyTo(destination);
            destination = destination[head.Length..];
            offset = 0;
        }
        else
        {
            offset -= head.Length;
        }

        body.Slice(offset, destination.Length).CopyTo(destination);
    }
}

using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// Which sockets get a datagram: one; or, when it is for a group or for everybody, each that matches (RFC 1122 §4.1.3.5).
/// Whatever is handed over has one fate, and that is counted here.
/// </summary>
internal sealed class UdpDelivery(StackIdentity identity, PortTable ports, GroupTable groups, InterfaceCounters counters)
{
    /// <summary>Delivers a datagram.</summary>
    /// <param name="datagram">Its headers.</param>
    /// <param name="payload">Its payload, perhaps in volatile memory: each socket reads it once, and verifies what it has read.</param>
    /// <param name="direct">The call for which it was taken off the link, if any.</param>
    /// <returns>Whether there was a socket for it.</returns>
    internal bool Deliver(scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload, ref DirectReceive direct)
    {
        if (IsForMany(datagram.Destination))
        {
            bool hasSocket = DeliverToEach(datagram, payload, areAllCopies: false, ref direct);
            if (!hasSocket)
                counters.Drop(MemifDropReason.NoSocket);
            return hasSocket;
        }

        IDatagramSink? sink = ports.Find(datagram.Destination, datagram.DestinationPort, datagram.Source, datagram.SourcePort);
        if (sink is null)
            counters.Drop(MemifDropReason.NoSocket);
        else
            Deliver(sink, datagram, payload, ref direct);
        return sink is not null;
    }

    /// <summary>Delivers copies of a datagram that leaves the host, but is for sockets of this host, too.</summary>
    internal void DeliverCopies(scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload)
    {
        DirectReceive nobody = default;
        DeliverToEach(datagram, payload, areAllCopies: true, ref nobody);
    }

    /// <summary>Whether somebody who would get the datagram has no room, and wants its sender to wait.</summary>
    internal bool HoldsBack(in ReceivedDatagram datagram)
    {
        if (!IsForMany(datagram.Destination))
            return ports.Find(datagram.Destination, datagram.DestinationPort, datagram.Source, datagram.SourcePort) is { HoldsBack: true };
        PortTable.Matches matches = MatchesFor(datagram);
        while (matches.TryNext(out IDatagramSink? sink))
        {
            if (sink.HoldsBack && IsWantedBy(sink, datagram))
                return true;
        }

        return false;
    }

    /// <summary>Whether datagrams to this address are for everybody who matches.</summary>
    internal bool IsForMany(Ipv4Address destination) =>
        destination.IsMulticast || identity.IsBroadcast(destination) || destination.IsLoopbackBroadcast;

    private bool DeliverToEach(scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload, bool areAllCopies, ref DirectReceive direct)
    {
        bool isCopy = areAllCopies;
        PortTable.Matches matches = MatchesFor(datagram);
        while (matches.TryNext(out IDatagramSink? sink))
        {
            if (!IsWantedBy(sink, datagram))
                continue;
            if (isCopy)
                counters.DatagramCopied();
            isCopy = true;
            Deliver(sink, datagram, payload, ref direct);
        }

        return isCopy;
    }

    private PortTable.Matches MatchesFor(in ReceivedDatagram datagram) =>
        ports.FindAll(datagram.Destination, datagram.DestinationPort, datagram.Source, datagram.SourcePort);

    private bool IsWantedBy(IDatagramSink sink, in ReceivedDatagram datagram) =>
        !datagram.Destination.IsMulticast || groups.Accepts(sink, datagram.Destination, datagram.Source);

    private void Deliver(IDatagramSink sink, scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload, ref DirectReceive direct)
    {
        if (sink.Deliver(datagram, payload, ref direct) is { } reason)
            counters.Drop(reason);
        else
            counters.DatagramDelivered();
    }
}

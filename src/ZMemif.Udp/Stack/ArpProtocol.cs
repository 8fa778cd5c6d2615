using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>ARP (RFC 826): answers for the own address, asks for neighbors, and learns from what passes.</summary>
internal sealed class ArpProtocol
{
    private readonly StackIdentity _identity;
    private readonly LinkOutput _output;
    private readonly InterfaceCounters _counters;

    internal ArpProtocol(StackIdentity identity, LinkOutput output, InterfaceCounters counters, TimeProvider time, Action scheduled)
    {
        _identity = identity;
        _output = output;
        _counters = counters;
        Neighbors = new NeighborCache(time, counters, Request, scheduled);
    }

    internal NeighborCache Neighbors { get; }

    /// <summary>Takes one packet, from a private copy.</summary>
    internal void Handle(ReadOnlySpan<byte> bytes)
    {
        if (!ArpPacket.TryParse(bytes, out ArpPacket packet) || packet.SenderMac.IsMulticast)
        {
            _counters.Drop(MemifDropReason.BadArp);
            return;
        }

        _counters.FrameConsumed();
        bool isForUs = packet.TargetAddress == _identity.Address;
        if (IsNeighbor(packet.SenderAddress))
            Neighbors.Learn(packet.SenderAddress, packet.SenderMac, isForUs, SendParked);
        if (isForUs && packet.Operation == ArpOperation.Request)
            Send(ArpOperation.Reply, packet.SenderMac, packet.SenderAddress);
    }

    /// <summary>Tells the link who has the own address, so that others replace what they remember (RFC 5227 §2.3).</summary>
    internal void Announce() => Send(ArpOperation.Request, MacAddress.Zero, _identity.Address);

    private void Request(Ipv4Address address) => Send(ArpOperation.Request, MacAddress.Zero, address);

    // A probe (RFC 5227) has the sender 0.0.0.0; our own address from elsewhere is a conflict: neither is a neighbor.
    private bool IsNeighbor(Ipv4Address address) =>
        _identity.Prefix.Contains(address) && address != _identity.Address && !_identity.IsBroadcast(address) && !address.IsAny;

    private void Send(ArpOperation operation, MacAddress targetMac, Ipv4Address target)
    {
        MacAddress to = targetMac == MacAddress.Zero ? MacAddress.Broadcast : targetMac;
        _output.TryAnswer(ArpPacket.Length, to, EtherType.Arp, (operation, _identity, targetMac, target), static (bytes, packet) =>
            ArpPacket.Write(bytes, packet.operation, packet._identity.Mac, packet._identity.Address, packet.targetMac, packet.target));
    }

    private void SendParked(MacAddress mac, byte[] frame)
    {
        mac.Write(frame);
        if (!_output.For(0).TrySend(frame))
            _counters.Drop(MemifDropReason.ParkedNotSent);
    }
}

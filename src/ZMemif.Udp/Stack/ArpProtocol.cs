using ZMemif.Udp.Diagnostics;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// ARP (RFC 826, RFC 5227, RFC 1122 §2.3.2): answers for the own address and defends it, asks for neighbors, and learns
/// from what passes. With a shared address it asks and learns only: the answers are the other holder's.
/// </summary>
internal sealed class ArpProtocol
{
    private readonly StackIdentity _identity;
    private readonly LinkOutput _output;
    private readonly ParkedOutput _parked;
    private readonly InterfaceCounters _counters;
    private readonly ArpAnnouncer _announcer;

    internal ArpProtocol(StackIdentity identity, LinkOutput output, ParkedOutput parked, InterfaceCounters counters, TimeProvider time, Action scheduled)
    {
        _identity = identity;
        _output = output;
        _parked = parked;
        _counters = counters;
        _announcer = new ArpAnnouncer(time, SendAnnouncement, scheduled);
        Neighbors = new NeighborCache(time, counters, Request, scheduled, ParkedOutput.IsAnswer);
    }

    internal NeighborCache Neighbors { get; }

    /// <summary>
    /// Another station, named here, claims the own address. Called on the thread that received the claim, at most once in
    /// <see cref="ArpAnnouncer.DefendInterval"/>; every claim is counted.
    /// </summary>
    internal Action<MacAddress>? AddressConflict { get; set; }

    /// <summary>When <see cref="Tick"/> may have something to do, as a timestamp of the clock; null for never.</summary>
    internal long? NextDeadline => (_announcer.NextDeadline, Neighbors.NextDeadline) switch
    {
        ({ } first, { } second) => Math.Min(first, second),
        var (first, second) => first ?? second,
    };

    internal void Tick()
    {
        _announcer.Tick();
        Neighbors.Tick();
    }

    /// <summary>Takes one packet, from a private copy.</summary>
    internal void Handle(ReadOnlySpan<byte> bytes)
    {
        if (!ArpPacket.TryParse(bytes, out ArpPacket packet) || !MakesSense(packet))
        {
            _counters.Drop(MemifDropReason.BadArp);
            return;
        }

        _counters.FrameConsumed();
        if (packet.SenderMac == _identity.Mac)
            return;
        if (packet.SenderAddress == _identity.Address)
            HandleConflict(packet.SenderMac);
        else
            HandleNeighbor(packet);
    }

    /// <summary>Tells the link who has the own address, so that others replace what they remember.</summary>
    internal void Announce()
    {
        if (!_identity.IsShared)
            _announcer.Begin();
    }

    /// <summary>Sets a neighbor's station for good.</summary>
    internal void SetPermanent(Ipv4Address address, MacAddress mac) => Neighbors.SetPermanent(address, mac, _parked.Send);

    // Of other operations (RFC 903, RFC 2390) no sender is asked for, so none says anything about a neighbor.
    private static bool MakesSense(ArpPacket packet) =>
        packet.Operation is ArpOperation.Request or ArpOperation.Reply && !packet.SenderMac.IsMulticast && packet.SenderMac != MacAddress.Zero;

    private void HandleNeighbor(ArpPacket packet)
    {
        bool isRequestToUs = packet.Operation == ArpOperation.Request && packet.TargetAddress == _identity.Address;
        if (IsNeighbor(packet.SenderAddress))
            Neighbors.Learn(packet.SenderAddress, packet.SenderMac, isRequestToUs, _parked.Send);
        if (isRequestToUs && !_identity.IsShared)
            TrySend(ArpOperation.Reply, packet.SenderMac, packet.SenderMac, packet.SenderAddress);
    }

    // With a shared address the other holder's packets look like this, and it looks after conflicts.
    private void HandleConflict(MacAddress claimant)
    {
        if (_identity.IsShared)
            return;
        _counters.AddressConflict();
        if (_announcer.TryDefend())
            AddressConflict?.Invoke(claimant);
    }

    // A probe (RFC 5227 §2.1) has the sender 0.0.0.0.
    private bool IsNeighbor(Ipv4Address address) =>
        _identity.Prefix.Contains(address) && !_identity.IsBroadcast(address) && !address.IsAny;

    private void SendAnnouncement() => TrySend(ArpOperation.Request, MacAddress.Broadcast, MacAddress.Zero, _identity.Address);

    private bool Request(NeighborRequest request) => TrySend(ArpOperation.Request, request.Station, MacAddress.Zero, request.Address);

    private bool TrySend(ArpOperation operation, MacAddress to, MacAddress targetMac, Ipv4Address target) => _output.TryAnswer(
        ArpPacket.Length, to, EtherType.Arp, (operation, _identity, targetMac, target), static (bytes, packet) =>
            ArpPacket.Write(bytes, packet.operation, packet._identity.Mac, packet._identity.Address, packet.targetMac, packet.target));
}

namespace ZMemif.Udp.Differential;

/// <summary>The sections, with what each needs.</summary>
internal static class Catalog
{
    public static Section[] Sections { get; } =
    [
        new(Condition.Isolated, ConstructorProbes.Rows),
        new(Condition.Isolated, UnconnectedClientProbes.Rows),
        new(Condition.Isolated, ConnectedClientProbes.Rows),
        new(Condition.Isolated, DisposedClientProbes.Rows),
        new(Condition.Isolated, ClientSocketProbes.Rows),
        new(Condition.Isolated, DefaultProbes.Rows),
        new(Condition.Isolated, SetterProbes.Rows),
        new(Condition.Isolated, StateProbes.Rows),
        new(Condition.Isolated, SendProbes.Rows),
        new(Condition.Isolated, SendErrorProbes.Rows),
        new(Condition.Isolated, ReceiveProbes.Rows),
        new(Condition.Isolated, ReceiveMoreProbes.Rows),
        new(Condition.Isolated, ConnectProbes.Rows),
        new(Condition.Routed, SharingProbes.Rows),
        new(Condition.Routed, BroadcastProbes.Rows),
        // A group that one socket joined reaches others of the host too.
        new(Condition.Routed, MulticastProbes.Rows, Alone: true),
        new(Condition.Routed, MulticastOptionProbes.Rows, Alone: true),
        new(Condition.Routed, OptionMatrixProbes.Rows),
        new(Condition.Routed, OptionProbes.Rows),
        new(Condition.Routed, TimeoutProbes.Rows),
        new(Condition.Routed, CancellationProbes.Rows),
        new(Condition.Routed, PendingCloseProbes.Rows),
        new(Condition.Routed, DisposedSocketProbes.Rows),
        new(Condition.Routed, PollProbes.Rows),
        new(Condition.Routed, EventArgsProbes.Rows),
        new(Condition.Routed, ApmProbes.Rows),
        new(Condition.Routed, PacketInformationProbes.Rows),
        new(Condition.Routed, Ipv6Probes.Rows),
        new(Condition.Routed, MiscellaneousProbes.Rows),
        new(Condition.Routed, CapacityProbes.Rows),
    ];
}

namespace ZMemif.Udp.Differential;

/// <summary>All probes, and where each group of them runs.</summary>
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
        new(Condition.Isolated, ShapeProbes.Rows),
        new(Condition.Isolated, CheckOrderProbes.Rows),
        // What was learned about a path's MTU stays for all sockets.
        new(Condition.Isolated, IcmpProbes.Rows, Alone: true),

        new(Condition.Routed, SharingProbes.Rows),
        new(Condition.Routed, BroadcastProbes.Rows),
        new(Condition.Routed, OptionMatrixProbes.Rows),
        new(Condition.Routed, OptionProbes.Rows),
        new(Condition.Routed, TimeoutProbes.Rows),
        new(Condition.Routed, CancellationProbes.Rows),
        new(Condition.Routed, PendingCloseProbes.Rows),
        new(Condition.Routed, PendingClientCloseProbes.Rows),
        new(Condition.Routed, DisposedSocketProbes.Rows),
        new(Condition.Routed, PollProbes.Rows),
        new(Condition.Routed, EventArgsProbes.Rows),
        new(Condition.Routed, ApmProbes.Rows),
        new(Condition.Routed, PacketInformationProbes.Rows),
        new(Condition.Routed, Ipv6Probes.Rows),
        new(Condition.Routed, MiscellaneousProbes.Rows),
        new(Condition.Routed, CapacityProbes.Rows),
        new(Condition.Routed, ReconnectProbes.Rows),
        new(Condition.Routed, AssertedAsyncProbes.Rows),
        new(Condition.Routed, AssertedSharingProbes.Rows),
        new(Condition.Routed, AssertedSelectProbes.Rows),
        new(Condition.Routed, AssertedEventArgsProbes.Rows),
        // A group that one socket joined reaches others of the host too.
        new(Condition.Routed, MulticastProbes.Rows, Alone: true),
        new(Condition.Routed, MulticastOptionProbes.Rows, Alone: true),
        new(Condition.Routed, FollowUpProbes.Rows, Alone: true),
        new(Condition.Routed, AssertedOtherProbes.Rows, Alone: true),
        // These count for the whole process.
        new(Condition.Routed, AllocationProbes.Rows, Alone: true),
        new(Condition.Routed, CounterProbes.Rows, Alone: true),

        new(Condition.SmallMtu, FragmentationProbes.Rows),
        new(Condition.SecondInterface, SecondInterfaceProbes.Rows, Alone: true),
        new(Condition.Ipv4Only, Ipv4OnlyProbes.Rows),
        new(Condition.SlowTransmit, BackPressureProbes.Rows, Alone: true),
    ];

    /// <summary>Refuses two probes for one row, and a probe that stands at another row's id.</summary>
    public static void Check(IEnumerable<Row> rows)
    {
        Dictionary<string, string> probed = Sections.SelectMany(section => section.Probes).ToDictionary(probe => probe.Id, probe => probe.Call);
        foreach (Row row in rows)
        {
            if (probed.Remove(row.Id, out string? call) && call != row.Call)
                throw new InvalidOperationException($"{row.Id} probes «{call}», but the row is «{row.Call}»");
        }

        if (probed.Count > 0)
            throw new InvalidOperationException($"no such row: {string.Join(", ", probed.Keys)}");
    }
}

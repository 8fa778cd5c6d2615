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
    ];
}

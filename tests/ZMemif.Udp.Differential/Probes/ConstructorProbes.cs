namespace ZMemif.Udp.Differential;

/// <summary>Constructors of <c>UdpClient</c>.</summary>
internal static class ConstructorProbes
{
    private const string Nowhere = "no.such.host.invalid";

    public static Probe[] Rows { get; } =
    [
        new("A-001", "new UdpClient()",
            b => Made(b, () => new UdpClient(), c => $"{c.Client.AddressFamily}/{c.Client.SocketType}/{c.Client.ProtocolType} {State(c.Client)}")),
        new("A-002", "new UdpClient(InterNetwork)", b => Made(b, () => new UdpClient(AddressFamily.InterNetwork), Family)),
        new("A-003", "new UdpClient(InterNetworkV6)", b => Made(b, () => new UdpClient(AddressFamily.InterNetworkV6), Family)),
        new("A-004", "new UdpClient(Unix)", b => Made(b, () => new UdpClient(AddressFamily.Unix), Family)),
        new("A-005", "new UdpClient(Unspecified)", b => Made(b, () => new UdpClient(AddressFamily.Unspecified), Family)),
        new("A-006", "new UdpClient(-1)", b => Made(b, () => new UdpClient(-1), Bound)),
        new("A-007", "new UdpClient(65536)", b => Made(b, () => new UdpClient(65536), Bound)),
        new("A-008", "new UdpClient(0)", b => Made(b, () => new UdpClient(0), Bound)),
        new("A-009", "new UdpClient(0, V6)",
            b => Made(b, () => new UdpClient(0, AddressFamily.InterNetworkV6), c => $"{Bound(c)} DualMode={c.Client.DualMode}")),
        new("A-010", "new UdpClient(-1, Unix)", b => Made(b, () => new UdpClient(-1, AddressFamily.Unix), Bound)),
        new("A-011", "new UdpClient(0, Unix)", b => Made(b, () => new UdpClient(0, AddressFamily.Unix), Bound)),
        new("A-012", "new UdpClient((IPEndPoint)null)", b => Made(b, () => new UdpClient((IPEndPoint)null!), Bound)),
        new("A-013", "new UdpClient(127.0.0.1:0)", b => Made(b, () => new UdpClient(Loop(0)), Bound)),
        new("A-014", "new UdpClient(10.99.99.99:0)", b => BoundTo(b, "10.99.99.99")),
        new("A-015", "new UdpClient(255.255.255.255:0)", b => BoundTo(b, "255.255.255.255")),
        new("A-016", "new UdpClient(239.1.2.3:0)", b => BoundTo(b, "239.1.2.3")),
        new("A-017", "new UdpClient(127.0.0.2:0)", b => BoundTo(b, "127.0.0.2")),
        new("A-018", "new UdpClient(port in use)", b => Made(b, () => new UdpClient(At(b.Bound(IPAddress.Any)).Port), Bound)),
        new("A-019", "new UdpClient(null,0)", b => Made(b, () => new UdpClient(null!, 0), Bound)),
        new("A-020", "new UdpClient(\"127.0.0.1\",-1)", b => Made(b, () => new UdpClient("127.0.0.1", -1), Bound)),
        new("A-021", "new UdpClient(\"127.0.0.1\",66000)", b => Made(b, () => new UdpClient("127.0.0.1", 66000), Bound)),
        new("A-022", "new UdpClient(\"127.0.0.1\",0)", b => ConnectedTo(b, "127.0.0.1", 0)),
        new("A-023", "new UdpClient(\"127.0.0.1\",9)", b => ConnectedTo(b, "127.0.0.1", 9)),
        new("A-024", "new UdpClient(\"\",9)", b => ConnectedTo(b, "", 9)),
        new("A-025", "new UdpClient(\"localhost\",9)", b => ConnectedTo(b, "localhost", 9)),
        new("A-026", "new UdpClient(\"::1\",9)", b => ConnectedTo(b, "::1", 9)),
        new("A-027", "new UdpClient(\"255.255.255.255\",9)", b => ConnectedTo(b, "255.255.255.255", 9)),
        new("A-028", "new UdpClient(\"no.such.host.invalid\",9)", b => ConnectedTo(b, Nowhere, 9)),
    ];

    private static string Made(Bench b, Func<UdpClient> construct, Func<UdpClient, string> show) => Try(() => show(b.Keep(construct())));

    private static string Family(UdpClient client)
    {
        AddressFamily family = client.Client.AddressFamily;
        return $"{family} DualMode={(family == AddressFamily.InterNetworkV6 ? client.Client.DualMode : "n/a")}";
    }

    private static string Bound(UdpClient client) => State(client.Client);

    private static string BoundTo(Bench b, string address) => Made(b, () => new UdpClient(new IPEndPoint(IPAddress.Parse(address), 0)), Bound);

    private static string ConnectedTo(Bench b, string host, int port) => Try(() =>
    {
        DUdp client = b.Keep(new DUdp(host, port));
        return $"Active={client.IsActive} {State(client.Client)}";
    });
}

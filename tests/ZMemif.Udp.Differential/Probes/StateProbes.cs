namespace ZMemif.Udp.Differential;

/// <summary>End points and flags of a <c>Socket</c> as it is bound, used and connected.</summary>
internal static class StateProbes
{
    private static readonly byte[] s_four = Bytes(4);

    public static Probe[] Rows { get; } =
    [
        new("C-001", "State", b => State(b.Fresh())),
        new("C-002", "State", b => State(b.Bound(IPAddress.Any))),
        new("C-003", "State", b => State(b.Bound())),
        new("C-004", "State", b => After(b.Fresh(), s => s.SendTo(s_four, b.Sink()))),
        new("C-005", "State", b => AfterKeepingPort(b.Bound(IPAddress.Any), s => s.SendTo(s_four, b.Sink()))),
        new("C-006", "State", b => After(b.Fresh(), s => s.Connect(b.Sink()))),
        new("C-007", "State", b => AfterKeepingPort(b.Bound(IPAddress.Any), s => s.Connect(b.Sink()))),
        new("C-008", "State", b =>
        {
            Socket socket = b.Fresh();
            socket.SendTo(s_four, b.Sink());
            return AfterKeepingPort(socket, s => s.Connect(b.Sink()));
        }),
        new("C-009", "LocalEndPoint same instance twice", b =>
        {
            Socket socket = b.Bound();
            return Value(ReferenceEquals(socket.LocalEndPoint, socket.LocalEndPoint));
        }),
        new("C-010", "RemoteEndPoint same instance twice", b =>
        {
            IPEndPoint peer = b.Sink();
            Socket socket = b.Connected(peer);
            return $"{ReferenceEquals(socket.RemoteEndPoint, socket.RemoteEndPoint)} same as arg: {ReferenceEquals(socket.RemoteEndPoint, peer)}";
        }),
        new("C-011", "State", b =>
        {
            Socket socket = b.Fresh();
            Task<int> sending = socket.SendToAsync(s_four, b.Sink());
            return $"{Name(socket.LocalEndPoint)} completed={sending.IsCompleted}";
        }),
        new("C-012", "State", b => AfterFailure(b.Fresh(), s => s.SendTo(s_four, new IPEndPoint(IPAddress.Parse("127.255.255.255"), 9)))),
        new("C-013", "State", b => AfterFailure(b.Fresh(), s => s.SendTo(s_four, new IPEndPoint(IPAddress.Parse("192.0.2.99"), 9)))),
        new("C-014", "State", b => AfterFailure(b.Fresh(), s => s.Connect(new IPEndPoint(IPAddress.Parse("192.0.2.99"), 9)))),
        new("C-015", "State", b => AfterFailure(b.Bound(), s => s.Shutdown(SocketShutdown.Both))),
        new("C-016", "State", b => AfterDispose(b.Disposed())),
        new("C-017", "Ephemeral port range", b =>
        {
            int[] ports = [.. Enumerable.Range(0, 8).Select(_ => At(b.Bound()).Port)];
            return $"{ports.All(port => port is >= 32768 and <= 60999)} distinct={ports.Distinct().Count() == ports.Length}";
        }),
        new("C-018", "Port reusable immediately after Close", b => Value(At(b.Bound(port: b.ClosedPort().Port)).Port > 0)),
        new("C-019", "Bind twice", b => Try(() => b.Bound().Bind(Loop(0)))),
        new("C-020", "Bind after implicit bind (SendTo)", b =>
        {
            Socket socket = b.Fresh();
            socket.SendTo(s_four, b.Sink());
            return Try(() => socket.Bind(Loop(0)));
        }),
        new("C-021", "Bind after Connect", b => Try(() => b.Connected(b.Sink()).Bind(Loop(0)))),
        new("C-022", "Bind(null)", b => Try(() => b.Fresh().Bind(null!))),
        new("C-023", "Bind(DnsEndPoint)", b => Try(() => b.Fresh().Bind(new DnsEndPoint("localhost", 0)))),
        new("C-024", "Bind([::1]:0)", b => Try(() => b.Fresh().Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0)))),
        new("C-025", "Bind privileged port 80 as root", b => Value(b.Bound(port: 80).LocalEndPoint)),
    ];

    private static string After(Socket socket, Action<Socket> act)
    {
        act(socket);
        return State(socket);
    }

    private static string AfterKeepingPort(Socket socket, Action<Socket> act)
    {
        int port = At(socket).Port;
        return $"{After(socket, act)} samePort={At(socket).Port == port}";
    }

    private static string AfterFailure(Socket socket, Action<Socket> act) => $"{Try(() => act(socket))} {State(socket)}";

    private static string AfterDispose(Socket socket) =>
        $"{State(socket)} Ttl={Try(() => socket.Ttl)} AF={Try(() => socket.AddressFamily.ToString())} type={Try(() => socket.SocketType.ToString())}"
        + $" Handle={Try(() => socket.Handle)} RBS={Try(() => socket.ReceiveBufferSize)} RT={Try(() => socket.ReceiveTimeout)}"
        + $" DF={Try(() => socket.DontFragment)} MCL={Try(() => socket.MulticastLoopback)} EB={Try(() => socket.EnableBroadcast)}"
        + $" EAU={Try(() => socket.ExclusiveAddressUse)}";
}

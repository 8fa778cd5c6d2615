namespace ZMemif.Udp.Differential;

/// <summary>IPv6 and dual-mode sockets, which an IPv4-only host does not have.</summary>
internal static class Ipv6Probes
{
    private static readonly byte[] s_three = Bytes(3);

    public static Probe[] Rows { get; } =
    [
        new("P-001", "new Socket(Dgram,Udp)", b =>
        {
            Socket socket = Dual(b);
            return $"{socket.AddressFamily} DualMode={socket.DualMode}";
        }),
        new("P-002", "dual-mode Bind(Any:0) v4 ep", b => Try(() =>
        {
            Socket socket = Dual(b);
            socket.Bind(Any);
            return socket.LocalEndPoint;
        })),
        new("P-003", "dual-mode Bind(IPv6Any) receives IPv4",
            b => Received(b, new IPEndPoint(IPAddress.IPv6Any, 0), from => $"{((IPEndPoint)from).Address}")),
        new("P-004", "dual-mode ReceiveFrom(ref IPv4 ep)", b => Try(() =>
        {
            Socket socket = Dual(b);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
            b.Fresh().SendTo(s_three, Loop(At(socket).Port));
            EndPoint from = Any;
            return $"{socket.ReceiveFrom(new byte[64], ref from)} {((IPEndPoint)from).Address}";
        })),
        new("P-005", "dual-mode SendTo IPv4 ep", b =>
        {
            Socket socket = Dual(b);
            return $"{Try(() => socket.SendTo(s_three, b.Sink()))} local={Name(socket.LocalEndPoint)}";
        }),
        new("P-006", "UdpClient(V6) DualMode=false SendTo IPv4", b => Try(() => Client(b).Client.SendTo(s_three, b.Sink()))),
        new("P-007", "UdpClient(V6) DualMode=true Send(\"127.0.0.1\")", b => Try(() =>
        {
            UdpClient client = Client(b);
            client.Client.DualMode = true;
            return client.Send(s_three, 3, "127.0.0.1", b.Sink().Port);
        })),
        new("P-008", "UdpClient(V6) JoinMulticastGroup(ff02::1)", b => Try(() => Client(b).JoinMulticastGroup(IPAddress.Parse("ff02::1")))),
        new("P-009", "UdpClient(V6) JoinMulticastGroup(239.., local)",
            b => Try(() => Client(b).JoinMulticastGroup(IPAddress.Parse("239.1.2.3"), IPAddress.Loopback))),
        new("P-010", "UdpClient(V6).DontFragment get/set", b => $"{Try(() => Client(b).DontFragment)} ; {Try(() => Client(b).DontFragment = true)}"),
        new("P-011", "UdpClient(V6).Ttl / MulticastLoopback / EnableBroadcast",
            b => $"{Try(() => Client(b).Ttl)}/{Try(() => Client(b).MulticastLoopback)}/{Try(() => Client(b).EnableBroadcast)}"),
    ];

    private static Socket Dual(Bench b) => b.Keep(new Socket(SocketType.Dgram, ProtocolType.Udp));

    private static UdpClient Client(Bench b) => b.Keep(new UdpClient(AddressFamily.InterNetworkV6));

    private static string Received(Bench b, IPEndPoint local, Func<EndPoint, string> show) => Try(() =>
    {
        Socket socket = Dual(b);
        socket.Bind(local);
        b.Fresh().SendTo(s_three, Loop(At(socket).Port));
        EndPoint from = new IPEndPoint(IPAddress.IPv6Any, 0);
        socket.ReceiveFrom(new byte[64], ref from);
        return show(from);
    });
}

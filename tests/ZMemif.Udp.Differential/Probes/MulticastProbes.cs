namespace ZMemif.Udp.Differential;

/// <summary>Joining groups through <c>UdpClient</c>, and who gets what is sent to them: H2-001 to H2-022.</summary>
internal static class MulticastProbes
{
    private static readonly byte[] s_five = Bytes(5);
    private static readonly IPAddress s_group = IPAddress.Parse("239.1.2.3");

    public static Probe[] Rows { get; } =
    [
        new("H2-001", "Join + send + receive", b =>
        {
            DUdp receiver = b.BoundClient(IPAddress.Any);
            receiver.JoinMulticastGroup(s_group);
            Send(b, At(receiver).Port);
            IPEndPoint? from = null;
            return $"byte[{receiver.Receive(ref from).Length}] from {Name(from)}";
        }),
        new("H2-002", "No join (bound Any), other socket in same host joined", b =>
        {
            DUdp joined = Sharing(b, IPAddress.Any, 0), stranger = Sharing(b, IPAddress.Any, At(joined).Port);
            joined.JoinMulticastGroup(s_group);
            Send(b, At(joined).Port);
            return $"joined={joined.Available} notjoined={stranger.Available}";
        }),
        new("H2-003", "No join at all", b =>
        {
            DUdp stranger = b.BoundClient(IPAddress.Any);
            Send(b, At(stranger).Port);
            return Value(stranger.Available);
        }),
        new("H2-004", "Bound to 127.0.0.1 and joined", b =>
        {
            DUdp receiver = b.BoundClient();
            receiver.JoinMulticastGroup(s_group);
            Send(b, At(receiver).Port);
            return Value(receiver.Available);
        }),
        new("H2-005", "Bound to group addr and joined", b =>
        {
            DUdp receiver = b.BoundClient(s_group);
            receiver.JoinMulticastGroup(s_group);
            Send(b, At(receiver).Port);
            int multicast = receiver.Available;
            b.Fresh().SendTo(s_five, Loop(At(receiver).Port));
            return $"{multicast} unicast too? {receiver.Available}";
        }),
        new("H2-006", "Two joined receivers same port", b =>
        {
            DUdp first = Sharing(b, IPAddress.Any, 0), second = Sharing(b, IPAddress.Any, At(first).Port);
            first.JoinMulticastGroup(s_group);
            second.JoinMulticastGroup(s_group);
            Send(b, At(first).Port);
            return $"{first.Available},{second.Available}";
        }),
        new("H2-007", "MulticastLoopback=false on sender", b => Received(b, (_, sender) => sender.MulticastLoopback = false)),
        new("H2-008", "MulticastLoopback=false on receiver only", b => Received(b, (receiver, _) => receiver.MulticastLoopback = false)),
        new("H2-009", "Own multicast received", b =>
        {
            DUdp client = Joined(b);
            client.Send(s_five, 5, new IPEndPoint(s_group, At(client).Port));
            return $"received={client.Available}";
        }),
        new("H2-010", "Join twice same group", b => Try(() => Joined(b).JoinMulticastGroup(s_group))),
        new("H2-011", "Join same group two interfaces addr", b => Try(() => Joined(b).JoinMulticastGroup(s_group, IPAddress.Loopback))),
        new("H2-012", "Drop not joined", b => Try(() => b.BoundClient(IPAddress.Any).DropMulticastGroup(s_group))),
        new("H2-013", "Drop after join", b => Received(b, (receiver, _) => receiver.DropMulticastGroup(s_group))),
        new("H2-014", "Drop twice", b =>
        {
            DUdp client = Joined(b);
            client.DropMulticastGroup(s_group);
            return Try(() => client.DropMulticastGroup(s_group));
        }),
        new("H2-015", "Join(g, localAddress not local)",
            b => Try(() => b.BoundClient(IPAddress.Any).JoinMulticastGroup(s_group, IPAddress.Parse("10.9.9.9")))),
        new("H2-016", "Join(g, 127.0.0.1)",
            b => AvailableAfter(b.BoundClient(IPAddress.Any), c => c.JoinMulticastGroup(s_group, IPAddress.Loopback))),
        new("H2-017", "Join(g, ttl 7)", b =>
        {
            DUdp client = b.BoundClient(IPAddress.Any);
            client.JoinMulticastGroup(s_group, 7);
            return $"{client.Client.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive)} Ttl={client.Ttl}";
        }),
        new("H2-018", "Join before bind", b =>
        {
            DUdp client = b.Client();
            client.JoinMulticastGroup(s_group);
            return State(client.Client);
        }),
        new("H2-019", "Join(10.0.0.1)", b => Try(() => b.Client().JoinMulticastGroup(IPAddress.Parse("10.0.0.1")))),
        new("H2-020", "Join(224.0.0.1)", b => AvailableAfter(b.Client(), c => c.JoinMulticastGroup(IPAddress.Parse("224.0.0.1")))),
        new("H2-021", "Join many groups", b =>
        {
            DUdp client = b.Client();
            int joined = 0;
            string result = "ok";
            for (; joined < 100 && result == "ok"; joined++)
                result = Try(() => client.JoinMulticastGroup(new IPAddress([239, 7, 7, (byte)joined])));

            return $"{joined - 1} then {result[2..]}";
        }),
        new("H2-022", "JoinMulticastGroup(int ifindex 1, 239.x)", b => Try(() => b.Client().JoinMulticastGroup(1, s_group))),
    ];

    public static void Send(Bench b, int port) => b.Fresh().SendTo(s_five, new IPEndPoint(s_group, port));

    private static DUdp Joined(Bench b)
    {
        DUdp client = b.BoundClient(IPAddress.Any);
        client.JoinMulticastGroup(s_group);
        return client;
    }

    private static DUdp Sharing(Bench b, IPAddress address, int port)
    {
        DUdp client = b.Client();
        client.ExclusiveAddressUse = false;
        client.Client.Bind(new IPEndPoint(address, port));
        return client;
    }

    private static string Received(Bench b, Action<UdpClient, UdpClient> prepare)
    {
        DUdp receiver = Joined(b), sender = b.Client();
        prepare(receiver, sender);
        sender.Send(s_five, 5, new IPEndPoint(s_group, At(receiver).Port));
        return $"received={receiver.Available}";
    }

    private static string AvailableAfter(UdpClient client, Action<UdpClient> join) => Try(() =>
    {
        join(client);
        return client.Available;
    });
}

namespace ZMemif.Udp.Differential;

/// <summary>Sending to broadcast addresses, and who gets it.</summary>
internal static class BroadcastProbes
{
    private static readonly byte[] s_five = Bytes(5);

    public static Probe[] Rows { get; } =
    [
        new("H-001", "SendTo 255.255.255.255", b =>
        {
            Socket socket = b.Fresh();
            return $"{Try(() => socket.SendTo(s_five, Limited(9)))} {Value(socket.LocalEndPoint)}";
        }),
        new("H-002", "SendTo 127.255.255.255", b => Try(() => b.Fresh().SendTo(s_five, Directed(9)))),
        new("H-003", "SendToAsync 255.255.255.255", b =>
        {
            Socket socket = b.Fresh();
            return $"{Try(() => socket.SendToAsync(s_five, Limited(9)))} {Value(socket.LocalEndPoint)}";
        }),
        new("H-004", "Broadcast delivery 127.255.255.255", b =>
        {
            Socket any = SharingProbes.Reuse(b.Fresh()), unicast = SharingProbes.Reuse(b.Fresh()), broadcast = SharingProbes.Reuse(b.Fresh());
            any.Bind(Any);
            unicast.Bind(Loop(At(any).Port));
            broadcast.Bind(Directed(At(any).Port));
            Socket sender = b.Fresh();
            sender.EnableBroadcast = true;
            sender.SendTo(s_five, Directed(At(any).Port));
            return $"Any={any.Available} 127.0.0.1={unicast.Available} bcastaddr={broadcast.Available}";
        }),
        new("H-005", "UdpClient.Send to 255.255.255.255", b => ByClient(b, (client, port) => client.Send(s_five, 5, Limited(port)))),
        new("H-006", "UdpClient.Connect(255.255.255.255)+Send", b =>
        {
            DUdp client = b.Client();
            string sent = ByClient(b, client, (c, port) =>
            {
                c.Connect(Limited(port));
                return c.Send(s_five, 5);
            });
            return $"{sent} remote={Value(client.Client.RemoteEndPoint)}";
        }),
        new("H-007", "UdpClient.Send(\"255.255.255.255\")", b => ByClient(b, (client, port) => client.Send(s_five, 5, "255.255.255.255", port))),
        new("H-008", "EnableBroadcast=false after auto", b =>
        {
            DUdp client = b.Client();
            client.Send(s_five, 5, Limited(9));
            client.EnableBroadcast = false;
            return $"{Try(() => client.Send(s_five, 5, Limited(9)))} EB={client.EnableBroadcast}";
        }),
        new("H-009", "new UdpClient(\"255.255.255.255\",9)", b => Try(() => b.Keep(new UdpClient("255.255.255.255", 9)))),
        new("H-010", "Broadcast sender receives own", b =>
        {
            Socket socket = b.Bound(IPAddress.Any);
            socket.EnableBroadcast = true;
            socket.SendTo(s_five, Directed(At(socket).Port));
            return Try(() => socket.Receive(new byte[64]));
        }),
    ];

    private static IPEndPoint Limited(int port) => new(IPAddress.Broadcast, port);

    private static IPEndPoint Directed(int port) => new(IPAddress.Parse("127.255.255.255"), port);

    private static string ByClient(Bench b, Func<UdpClient, int, object> send) => ByClient(b, b.Client(), send);

    private static string ByClient(Bench b, UdpClient client, Func<UdpClient, int, object> send)
    {
        Socket receiver = b.Bound(IPAddress.Any);
        string sent = Try(() => send(client, At(receiver).Port));
        return $"{sent} EnableBroadcast={client.EnableBroadcast} received={Try(() => receiver.Receive(new byte[64]))}";
    }
}

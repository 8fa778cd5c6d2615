namespace ZMemif.Udp.Differential;

/// <summary>Connecting and disconnecting.</summary>
internal static class ConnectProbes
{
    private static readonly byte[] s_three = Bytes(3);

    public static Probe[] Rows { get; } =
    [
        new("F-001", "source filtering", b =>
        {
            Socket a = b.Bound(), other = b.Bound(), socket = b.Connected(At(a));
            other.SendTo(s_three, At(socket));
            string fromOther = Receive(socket);
            a.SendTo(Bytes(5), At(socket));
            return $"from b: {fromOther} ; from a: {Receive(socket)}";
        }),
        new("F-002", "queued before Connect", b =>
        {
            Socket a = b.Bound(), other = b.Bound(), socket = b.Bound();
            other.SendTo(s_three, At(socket));
            socket.Connect(At(a));
            EndPoint from = Any;
            return $"{Try(() => socket.ReceiveFrom(new byte[64], ref from))} from b? {from.Equals(other.LocalEndPoint)}";
        }),
        new("F-003", "ReceiveFrom on connected", b =>
        {
            Socket a = b.Bound(), socket = b.Connected(At(a));
            a.SendTo(s_three, At(socket));
            EndPoint from = Any;
            return $"{Try(() => socket.ReceiveFrom(new byte[64], ref from))} {from.Equals(a.LocalEndPoint)}";
        }),
        new("F-004", "Connect again to another", b =>
        {
            Socket other = b.Bound(), socket = b.Connected(b.Sink());
            int port = At(socket).Port;
            socket.Connect(At(other));
            socket.Send(s_three);
            return $"port kept={At(socket).Port == port} remote=b {At(other).Equals(socket.RemoteEndPoint)} b got {Receive(other)}";
        }),
        new("F-005", "Connect(0.0.0.0:port)", b =>
        {
            Socket a = b.Bound(), socket = b.Connected(new IPEndPoint(IPAddress.Any, At(a).Port));
            return $"{State(socket)} send {Try(() => socket.Send(s_three))} a got {Receive(a)}";
        }),
        new("F-006", "Connect(0.0.0.0:0)", b =>
        {
            Socket socket = b.Connected(Any);
            return $"{State(socket)} send {Try(() => socket.Send(s_three))}";
        }),
        new("F-007", "Connect(127.0.0.1:0)", b =>
        {
            Socket socket = b.Connected(Loop(0));
            return $"Conn={socket.Connected} Local={Name(socket.LocalEndPoint)} Send={Try(() => socket.Send(s_three))}"
                + $" Remote={Try(() => socket.RemoteEndPoint)} Conn={socket.Connected}";
        }),
        new("F-008", "Connect(null)", b => Try(() => b.Fresh().Connect(null!))),
        new("F-009", "Connect([::1]:9)", b => Try(() => b.Fresh().Connect(V6))),
        new("F-010", "Connect(IPAddress v6,9)", b => Try(() => b.Fresh().Connect(IPAddress.IPv6Loopback, 9))),
        new("F-011", "Connect(IPAddress null,9)", b => Try(() => b.Fresh().Connect((IPAddress)null!, 9))),
        new("F-012", "Connect(string,9)", b => After(b, s => s.Connect("localhost", 9))),
        new("F-013", "Connect(string null)", b => Try(() => b.Fresh().Connect((string)null!, 9))),
        new("F-014", "Connect(string,-1)", b => Try(() => b.Fresh().Connect("localhost", -1))),
        new("F-015", "Connect(\"\",9)", b => After(b, s => s.Connect("", 9))),
        new("F-016", "Connect(IPAddress[])", b => After(b, s => s.Connect([IPAddress.Loopback], 9))),
        new("F-017", "Connect(IPAddress[0])", b => Try(() => b.Fresh().Connect(Array.Empty<IPAddress>(), 9))),
        new("F-018", "Connect(IPAddress[] null)", b => Try(() => b.Fresh().Connect((IPAddress[])null!, 9))),
        new("F-019", "Connect(IPAddress[]{::1})", b => Try(() => b.Fresh().Connect([IPAddress.IPv6Loopback], 9))),
        new("F-020", "Connect(DnsEndPoint localhost)", b => After(b, s => s.Connect(new DnsEndPoint("localhost", 9)))),
        new("F-021", "Connect(255.255.255.255:9)", b => After(b, s => s.Connect(Far("255.255.255.255")))),
        new("F-022", "Connect(127.255.255.255:9)", b => After(b, s => s.Connect(Far("127.255.255.255")))),
        new("F-023", "Connect(127.255.255.255:9)", b => After(b, s =>
        {
            s.EnableBroadcast = true;
            s.Connect(Far("127.255.255.255"));
        })),
        new("F-024", "Connect(239.1.2.3:9)", b => After(b, s => s.Connect(Far("239.1.2.3")))),
        new("F-025", "Connect(192.0.2.99:9)", b => After(b, s => s.Connect(Far("192.0.2.99")))),
        new("F-026", "ConnectAsync(ep)", b =>
        {
            Socket socket = b.Fresh();
            Task connecting = socket.ConnectAsync(b.Sink());
            return $"IsCompleted={connecting.IsCompleted} {State(socket)}";
        }),
        new("F-027", "ConnectAsync(ep, ct cancelled)", b => Try(() => b.Fresh().ConnectAsync(b.Sink(), Cancelled))),
        new("F-028", "ConnectAsync(no route)", b => Try(() => b.Fresh().ConnectAsync(Far("192.0.2.99")))),
        new("F-029", "ConnectAsync(v6 ep)", b => Try(() => b.Fresh().ConnectAsync(V6))),
        new("F-030", "ConnectAsync(\"localhost\",9)", b => After(b, s => s.ConnectAsync("localhost", 9).Wait())),
        new("F-031", "BeginConnect/EndConnect", b => After(b, s => s.EndConnect(s.BeginConnect(b.Sink(), null, null)))),
        new("F-032", "Disconnect(false)", b => AfterConnected(b, s => s.Disconnect(false))),
        new("F-033", "Disconnect(true)", b => AfterConnected(b, s => s.Disconnect(true))),
        new("F-034", "Disconnect(true)", b => Try(() => b.Bound().Disconnect(true))),
        new("F-035", "Disconnect then Connect", b => AfterConnected(b, s =>
        {
            s.Disconnect(true);
            s.Connect(b.Sink());
        })),
        new("F-036", "Disconnect then SendTo", b =>
        {
            Socket socket = b.Connected(b.Sink());
            socket.Disconnect(true);
            return $"{Try(() => socket.SendTo(s_three, b.Sink()))} {State(socket)}";
        }),
        new("F-037", "DisconnectAsync(true)", b =>
        {
            Socket socket = b.Connected(b.Sink());
            return $"{Try(() => socket.DisconnectAsync(true))} {State(socket)}";
        }),
        new("F-038", "Connect disposed", b => Try(() => b.Disposed().Connect(b.Sink()))),
        new("F-039", "UdpClient.Connect then Receive from other source", b =>
        {
            DUdp client = b.ConnectedClient();
            b.Fresh().SendTo(s_three, At(client));
            IPEndPoint? from = null;
            return Try(() => client.Receive(ref from));
        }),
        new("F-040", "UdpClient.Connect twice", b =>
        {
            DUdp client = b.ConnectedClient();
            IPEndPoint second = b.Sink();
            client.Connect(second);
            return Value(second.Equals(client.Client.RemoteEndPoint));
        }),
        new("F-041", "UdpClient.Connect(Broadcast)", b => AfterBroadcast(b, c => c.Connect(Far("255.255.255.255")))),
        new("F-042", "UdpClient.Send to Broadcast", b => AfterBroadcast(b, c => c.Send(s_three, 3, Far("255.255.255.255")))),
        new("F-043", "UdpClient.SendAsync(ROM) to Broadcast",
            b => AfterBroadcast(b, c => c.SendAsync(s_three.AsMemory(), Far("255.255.255.255")).AsTask().GetAwaiter().GetResult())),
        new("F-044", "UdpClient.Send to 127.255.255.255", b => AfterBroadcast(b, c => c.Send(s_three, 3, Far("127.255.255.255")))),
    ];

    private static IPEndPoint Far(string address) => new(IPAddress.Parse(address), 9);

    private static string Receive(Socket socket) => Try(() => socket.Receive(new byte[64]));

    private static string After(Bench b, Action<Socket> act) => Try(() =>
    {
        Socket socket = b.Fresh();
        act(socket);
        return State(socket);
    });

    private static string AfterConnected(Bench b, Action<Socket> act) => Try(() =>
    {
        Socket socket = b.Connected(b.Sink());
        act(socket);
        return State(socket);
    });

    private static string AfterBroadcast(Bench b, Action<UdpClient> act)
    {
        DUdp client = b.Client();
        return $"{Try(() => act(client))} EnableBroadcast={client.EnableBroadcast}";
    }
}

namespace ZMemif.Udp.Differential;

/// <summary>Connecting again, disconnecting, and what programs in the wild rely on.</summary>
internal static class ReconnectProbes
{
    private static readonly byte[] s_three = Bytes(3);

    public static Probe[] Rows { get; } =
    [
        new("AA-001", "connected a → ConnectAsync(b)",
            b => Reconnect(b, (s, other) => Try(() => s.ConnectAsync(other)), s => $" Conn={s.Connected}")),
        new("AA-002", "connected a → BeginConnect(b)",
            b => Reconnect(b, (s, other) => Quoted(() => s.EndConnect(s.BeginConnect(other, null, null))), _ => "")),
        new("AA-003", "connected a → ConnectAsync(SAEA b)", b => Reconnect(
            b,
            (s, other) =>
            {
                SocketAsyncEventArgs e = new EventArgsOperation(b, other).Args;
                return $"{s.ConnectAsync(e)} err={e.SocketError}";
            },
            _ => "")),
        new("AA-004", "connected → Connect(Any:0)", b => ConnectToAny(b, s => s.Connect(Any))),
        new("AA-005", "connected → ConnectAsync(Any:0)", b => ConnectToAny(b, s => s.ConnectAsync(Any).Wait())),
        new("AA-006", "connected → Begin/EndConnect(Any:0)", b => ConnectToAny(b, s => s.EndConnect(s.BeginConnect(Any, null, null)))),
        new("AA-007", "connected → Disconnect(true)", b =>
        {
            // Its port is 0 now, and nobody can send there.
            Socket socket = b.Bound();
            socket.Connect(b.Sink());
            socket.Disconnect(true);
            return Try(() => b.Fresh().SendTo(s_three, Loop(At(socket).Port)));
        }),
        new("AA-008", "connected → Disconnect(true)", b =>
        {
            Socket socket = b.Bound();
            IPEndPoint bound = At(socket);
            socket.Connect(b.Sink());
            socket.Disconnect(true);
            b.Fresh().SendTo(s_three, bound);
            return $"Local={Name(socket.LocalEndPoint)} recv={Receive(socket)}";
        }),
        new("AA-009", "connected → Disconnect(false) then SendTo/Receive", b =>
        {
            Socket socket = b.Connected(b.Sink());
            socket.Disconnect(false);
            return $"SendTo={Try(() => socket.SendTo(s_three, b.Sink()))} Receive={Receive(socket)}";
        }),
        new("AA-010", "after ConnectionRefused: Connected=false; Receive from peer that appears", b =>
        {
            Socket socket = Refused(b, out IPEndPoint closed);
            bool connected = socket.Connected;
            b.Bound(port: closed.Port).SendTo(s_three, At(socket));
            return $"Conn={connected} Receive={Receive(socket)} Send={Try(() => socket.Send(s_three))}";
        }),
        new("AA-011", "after ConnectionRefused: Connect again", b =>
        {
            Socket socket = Refused(b, out _);
            return $"{Try(() => socket.Connect(b.Sink()))} Conn={socket.Connected} Remote={Value(socket.RemoteEndPoint)}";
        }),
        new("AA-012", "Receive(list of 1200 one-byte segments)", b =>
        {
            int received = b.Queued().Receiver.Receive(Segments(1200), SocketFlags.None, out SocketError error);
            return $"{received} err={error}";
        }),
        new("AA-013", "UdpReceiveResult equality", _ =>
        {
            byte[] buffer = Bytes(4);
            bool same = new UdpReceiveResult(buffer, Loop(9)).Equals(new UdpReceiveResult(buffer, Loop(9)));
            return $"{same}/{new UdpReceiveResult(buffer, Loop(9)).Equals(new UdpReceiveResult(Bytes(4), Loop(9)))}";
        }),
        new("AA-014", "SocketReceiveFromResult default", _ => Value(default(SocketReceiveFromResult) is { ReceivedBytes: 0, RemoteEndPoint: null })),
        new("AA-015", "SendTo 0-length then Poll/Available/Receive order", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            foreach (int size in (int[])[2, 0, 4])
                sender.Send(Bytes(size));

            List<int> each = [];
            while (receiver.Poll(0, SelectMode.SelectRead))
                each.AddRange([receiver.Available, receiver.Receive(new byte[64])]);

            return Value(each);
        }),
        new("AA-016", "UdpClient.Available with zero-length at head", b =>
        {
            DUdp client = b.BoundClient();
            Socket sender = b.Connected(At(client));
            sender.Send(Array.Empty<byte>());
            sender.Send(s_three);
            return Value(client.Available);
        }),
        new("AA-017", "SIPSorcery pattern: BeginReceiveFrom callback then while(Available>0) ReceiveFrom", DrainFromCallback),
        new("AA-019", "Dns in SendAsync(byte[],int,host,port)",
            b => $"returned {b.Client().SendAsync(s_three, 3, "localhost", b.Sink().Port).Status}"),
        new("AA-020", "Handle/SafeHandle type", b =>
        {
            Socket socket = b.Fresh();
            return $"{socket.SafeHandle.GetType()} IsInvalid={socket.SafeHandle.IsInvalid} fd>0={socket.Handle > 0}";
        }),
        new("AA-021", "Connect after touching Handle",
            b => $"{AfterHandle(b, s => s.Connect("localhost", 9))} ; {AfterHandle(b, s => s.Connect([IPAddress.Loopback], 9))}"),
        new("AA-022", "IPv4-mapped IPv6 destination on IPv4 socket",
            b => Try(() => b.Fresh().SendTo(s_three, new IPEndPoint(IPAddress.Loopback.MapToIPv6(), 9)))),
        new("AA-023", "custom EndPoint subclass", b => Try(() => b.Fresh().SendTo(s_three, new CustomEndPoint(b.Sink())))),
    ];

    public static List<ArraySegment<byte>> Segments(int count) => [.. Enumerable.Range(0, count).Select(_ => new ArraySegment<byte>(new byte[1]))];

    private static string Receive(Socket socket) => Try(() => socket.Receive(new byte[64]));

    private static string Quoted(Action act) => Try(act) is var result && result == "ok" ? "\"ok\"" : result;

    private static string Reconnect(Bench b, Func<Socket, EndPoint, string> connect, Func<Socket, string> more)
    {
        Socket socket = b.Connected(b.Sink());
        IPEndPoint other = b.Sink();
        return $"{connect(socket, other)} remote=b? {other.Equals(socket.RemoteEndPoint)}{more(socket)}";
    }

    private static string ConnectToAny(Bench b, Action<Socket> connect)
    {
        Socket other = b.Bound(), socket = b.Connected(b.Sink());
        string result = Quoted(() => connect(socket));
        other.SendTo(s_three, Loop(At(socket).Port));
        return $"{result} Conn={socket.Connected} Remote={Try(() => socket.RemoteEndPoint)} Local={Name(socket.LocalEndPoint)}"
            + $" recv-from-b={Receive(socket)} Send={Try(() => socket.Send(s_three))}";
    }

    private static Socket Refused(Bench b, out IPEndPoint closed)
    {
        closed = b.ClosedPort();
        Socket socket = b.Connected(closed);
        socket.Send(s_three);
        Try(() => socket.Send(s_three));
        return socket;
    }

    private static string DrainFromCallback(Bench b)
    {
        (Socket receiver, Socket sender) = b.Pair();
        using var drained = new ManualResetEventSlim();
        int count = 0;
        EndPoint from = Any;
        using var allSent = new ManualResetEventSlim();
        receiver.BeginReceiveFrom(new byte[64], 0, 64, SocketFlags.None, ref from, ar =>
        {
            EndPoint remote = Any;
            receiver.EndReceiveFrom(ar, ref remote);
            count++;
            allSent.Wait(1000);
            for (; receiver.Available > 0; count++)
                receiver.ReceiveFrom(new byte[64], ref remote);

            drained.Set();
        }, null);
        for (int i = 0; i < 5; i++)
            sender.Send(s_three);

        allSent.Set();
        drained.Wait(1000);
        return Value(count);
    }

    private static string AfterHandle(Bench b, Action<Socket> connect)
    {
        Socket socket = b.Fresh();
        return socket.Handle > 0 && !socket.SafeHandle.IsInvalid ? Quoted(() => connect(socket)) : "no handle";
    }

    private sealed class CustomEndPoint(IPEndPoint inner) : EndPoint
    {
        public override AddressFamily AddressFamily => inner.AddressFamily;

        public override SocketAddress Serialize() => inner.Serialize();

        public override EndPoint Create(SocketAddress socketAddress) => new CustomEndPoint((IPEndPoint)inner.Create(socketAddress));
    }
}

namespace ZMemif.Udp.Differential;

/// <summary>Begin and End.</summary>
internal static class ApmProbes
{
    private const SocketFlags None = SocketFlags.None;

    public static Probe[] Rows { get; } =
    [
        new("N-001", "BeginReceiveFrom", b =>
        {
            (Socket receiver, Socket sender) = b.Queued();
            EndPoint from = Any, endFrom = Any;
            IAsyncResult begun = receiver.BeginReceiveFrom(new byte[64], 0, 64, None, ref from, null, "st");
            int received = receiver.EndReceiveFrom(begun, ref endFrom);
            return $"sync={begun.CompletedSynchronously} ep={Name(from)} isSender={from.Equals(sender.LocalEndPoint)} state={begun.AsyncState}"
                + $" End={received} {endFrom.Equals(sender.LocalEndPoint)}";
        }),
        new("N-002", "BeginReceiveFrom", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            EndPoint from = Any, endFrom = Any;
            IAsyncResult begun = receiver.BeginReceiveFrom(new byte[64], 0, 64, None, ref from, null, null);
            sender.Send(Bytes(10));
            int received = receiver.EndReceiveFrom(begun, ref endFrom);
            return $"n={received} begin-ep={Name(from)} end-ep isSender={endFrom.Equals(sender.LocalEndPoint)} sync={begun.CompletedSynchronously}";
        }),
        new("N-003", "BeginReceiveFrom null ep", b => Try(() => BeginFrom(b.Bound(), null!))),
        new("N-004", "BeginReceiveFrom v6 ep", b => Try(() => BeginFrom(b.Bound(), V6))),
        new("N-005", "EndReceiveFrom(null)", b => Try(() => EndFrom(b.Bound(), null!, Any))),
        new("N-006", "EndReceiveFrom(foreign)", b => Try(() => EndFrom(b.Bound(), Task.FromResult(0), Any))),
        new("N-007", "EndReceiveFrom null ep", b => Try(() => BeginAndEndFrom(b.Queued().Receiver, null!))),
        new("N-008", "EndReceiveFrom v6 ep", b => Try(() => BeginAndEndFrom(b.Queued().Receiver, V6))),
        new("N-009", "EndReceiveFrom twice", b =>
        {
            (Socket receiver, _) = b.Queued();
            IAsyncResult begun = BeginFrom(receiver, Any);
            return $"{Try(() => EndFrom(receiver, begun, Any))} ; {Try(() => EndFrom(receiver, begun, Any))}";
        }),
        new("N-010", "BeginSendTo/EndSendTo", b => Try(() => SendTo(b.Fresh(), 10, b.Sink()))),
        new("N-011", "BeginSendTo null ep", b => Try(() => SendTo(b.Fresh(), 10, null!))),
        new("N-012", "BeginSendTo 65508", b => Try(() => SendTo(b.Fresh(), 65508, b.Sink()))),
        new("N-013", "EndSendTo(null)", b => Try(() => b.Fresh().EndSendTo(null!))),
        new("N-014", "EndSendTo(foreign)", b => Try(() => b.Fresh().EndSendTo(Task.FromResult(0)))),
        new("N-015", "BeginReceive/EndReceive", b =>
        {
            (Socket receiver, _) = b.Queued();
            return Try(() => receiver.EndReceive(receiver.BeginReceive(new byte[4], 0, 4, None, null, null)));
        }),
        new("N-016", "EndReceive(out err)", b =>
        {
            (Socket receiver, _) = b.Queued();
            int received = receiver.EndReceive(receiver.BeginReceive(new byte[64], 0, 64, None, null, null), out SocketError error);
            return $"{received} {error}";
        }),
        new("N-017", "BeginReceive(out err)", b =>
        {
            (Socket receiver, _) = b.Queued();
            IAsyncResult? begun = receiver.BeginReceive(new byte[64], 0, 64, None, out SocketError error, null, null);
            return $"err={error} n={Try(() => receiver.EndReceive(begun!))}";
        }),
        new("N-018", "BeginSend unconnected", b =>
        {
            Socket socket = b.Fresh();
            return Try(() => socket.EndSend(socket.BeginSend(Bytes(4), 0, 4, None, null, null)));
        }),
        new("N-019", "BeginSend(out err) unconnected", b =>
        {
            Socket socket = b.Fresh();
            IAsyncResult? begun = socket.BeginSend(Bytes(4), 0, 4, None, out SocketError error, null, null);
            return $"ar={(begun is null ? "null" : "object")} err={error} End={Try(() => socket.EndSend(begun!))}";
        }),
        new("N-020", "EndSend(out err) unconnected", b =>
        {
            Socket socket = b.Fresh();
            int sent = socket.EndSend(socket.BeginSend(Bytes(4), 0, 4, None, null, null), out SocketError error);
            return $"{sent} {error}";
        }),
        new("N-021", "BeginReceiveMessageFrom/End", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            receiver.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
            EndPoint from = Any;
            SocketFlags flags = None;
            IAsyncResult begun = receiver.BeginReceiveMessageFrom(new byte[64], 0, 64, None, ref from, null, null);
            sender.Send(Bytes(10));
            int received = receiver.EndReceiveMessageFrom(begun, ref flags, ref from, out IPPacketInformation information);
            return $"n={received} flags={flags} isSender={from.Equals(sender.LocalEndPoint)} pi={Name(information)}";
        }),
        new("N-022", "BeginReceiveMessageFrom truncated", b =>
        {
            (Socket receiver, _) = b.Queued();
            EndPoint from = Any;
            SocketFlags flags = None;
            IAsyncResult begun = receiver.BeginReceiveMessageFrom(new byte[4], 0, 4, None, ref from, null, null);
            int received = receiver.EndReceiveMessageFrom(begun, ref flags, ref from, out _);
            return $"n={received} flags={flags}";
        }),
        new("N-023", "UdpClient Begin/End", b =>
        {
            DUdp client = b.BoundClient();
            Socket sender = b.Connected(At(client));
            using var called = new ManualResetEventSlim();
            string result = "no callback";
            client.BeginReceive(ar =>
            {
                IPEndPoint? from = null;
                int received = client.EndReceive(ar, ref from).Length;
                result = $"n={received} e={sender.LocalEndPoint!.Equals(from)} state={ar.AsyncState} sync={ar.CompletedSynchronously}";
                called.Set();
            }, "S");
            sender.Send(Bytes(10));
            called.Wait(1000);
            return result;
        }),
        new("N-024", "UdpClient BeginSend(host,port)", b => Try(() =>
        {
            DUdp client = b.Client();
            return client.EndSend(client.BeginSend(Bytes(10), 10, "127.0.0.1", b.Sink().Port, null, null));
        })),
        new("N-025", "UdpClient BeginSend(null host,0) unconnected", b => Try(() =>
        {
            DUdp client = b.Client();
            return client.EndSend(client.BeginSend(Bytes(10), 10, null, 0, null, null));
        })),
        new("N-026", "UdpClient IAsyncResult type is Task?", b => Value(b.BoundClient().BeginReceive(null, null) is Task)),
    ];

    private static IAsyncResult BeginFrom(Socket socket, EndPoint from) => socket.BeginReceiveFrom(new byte[64], 0, 64, None, ref from, null, null);

    private static int EndFrom(Socket socket, IAsyncResult begun, EndPoint from) => socket.EndReceiveFrom(begun, ref from);

    private static int BeginAndEndFrom(Socket socket, EndPoint endFrom) => EndFrom(socket, BeginFrom(socket, Any), endFrom);

    private static int SendTo(Socket socket, int bytes, EndPoint destination) =>
        socket.EndSendTo(socket.BeginSendTo(new byte[bytes], 0, bytes, None, destination, null, null));
}

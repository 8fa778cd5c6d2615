namespace ZMemif.Udp.Differential;

/// <summary>Datagrams longer than the MTU, which is 1500 here.</summary>
internal static class FragmentationProbes
{
    public static Probe[] Rows { get; } =
    [
        new("U-001", "SendTo 1472B", b => SendTo(b, 1472)),
        new("U-002", "SendTo 1473B", b => SendTo(b, 1473)),
        new("U-003", "SendTo 4000B", b => SendTo(b, 4000)),
        new("U-004", "SendTo 65507B", b => SendTo(b, 65507)),
        new("U-005", "SendTo 1472B", b => SendTo(b, 1472, dontFragment: true)),
        new("U-006", "SendTo 1473B", b => SendTo(b, 1473, dontFragment: true)),
        new("U-007", "SendTo 65507B", b => SendTo(b, 65507, dontFragment: true)),
        new("U-008", "SendTo 1472B", b => SendTo(b, 1472, dontFragment: false)),
        new("U-009", "SendTo 4000B", b => SendTo(b, 4000, dontFragment: false)),
        new("U-010", "connected Send 4000 DontFragment=true", b =>
        {
            Socket socket = b.Connected(b.Sink());
            socket.DontFragment = true;
            int sent = socket.Send(new byte[4000], 0, 4000, SocketFlags.None, out SocketError error);
            return $"{sent} {error} Conn={socket.Connected}";
        }),
        new("U-011", "SendBufferSize smaller than datagram", b =>
        {
            Socket receiver = b.Bound(), sender = b.Fresh();
            sender.SendBufferSize = 0;
            return SendTo(sender, 20_000, receiver);
        }),
        new("U-012", "ReceiveBufferSize smaller than datagram", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            receiver.ReceiveBufferSize = 0;
            sender.Send(new byte[4000]);
            string large = Receive(receiver);
            sender.Send(new byte[100]);
            return $"{large} then 100B: {Receive(receiver)}";
        }),
        new("U-013", "bound 127.0.0.2:p, peer sends to 127.0.0.1:p", b =>
        {
            Socket bound = b.Bound(IPAddress.Parse("127.0.0.2")), sender = b.Connected(Loop(At(bound).Port));
            sender.Send(new byte[100]);
            return $"{Try(() => sender.Send(new byte[100]))} avail={bound.Available}";
        }),
    ];

    private static string SendTo(Bench b, int bytes, bool? dontFragment = null)
    {
        Socket receiver = b.Bound(), sender = b.Fresh();
        if (dontFragment is { } value)
            sender.DontFragment = value;

        return SendTo(sender, bytes, receiver);
    }

    private static string SendTo(Socket sender, int bytes, Socket receiver) =>
        $"{Try(() => sender.SendTo(new byte[bytes], At(receiver)))} recv {Receive(receiver)}";

    private static string Receive(Socket socket) => Try(() => socket.Receive(new byte[65536]));
}

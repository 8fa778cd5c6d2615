namespace ZMemif.Udp.Differential;

/// <summary>Sending where nobody listens, where no route leads, or faster than anybody reads: D-042 to D-056.</summary>
internal static class SendErrorProbes
{
    private static readonly byte[] s_four = Bytes(4);

    public static Probe[] Rows { get; } =
    [
        new("D-042", "Send to closed port x3 connected", b =>
        {
            Socket socket = b.Connected(b.ClosedPort());
            return $"{Try(() => socket.Send(s_four))} ; {Try(() => socket.Send(s_four))} ; {Try(() => socket.Send(s_four))} ; Conn={socket.Connected}";
        }),
        new("D-043", "SendTo to closed port x3", b =>
        {
            Socket socket = b.Bound();
            IPEndPoint closed = b.ClosedPort();
            string sends = $"{Try(() => socket.SendTo(s_four, closed))} ; {Try(() => socket.SendTo(s_four, closed))}";
            return $"{sends} ; SO_ERROR={PendingError(socket)} ; Receive {Receive(socket)}";
        }),
        new("D-044", "Send closed port then Receive", b =>
        {
            Socket socket = b.Connected(b.ClosedPort());
            socket.Send(s_four);
            return $"{Receive(socket)} ; 2nd Receive {Receive(socket)} Conn={socket.Connected} Remote={Value(socket.RemoteEndPoint)}";
        }),
        new("D-045", "Send closed port then ReceiveAsync", b =>
        {
            Socket socket = b.Connected(b.ClosedPort());
            socket.Send(s_four);
            return Try(() => socket.ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None));
        }),
        new("D-046", "ReceiveAsync pending then Send to closed port", b =>
        {
            Socket socket = b.Connected(b.ClosedPort());
            Task<int> pending = socket.ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None).AsTask();
            socket.Send(s_four);
            return $"{Try(() => pending)} Conn={socket.Connected} Remote={Value(socket.RemoteEndPoint)}";
        }),
        new("D-047", "UdpClient.ReceiveAsync pending then Send to closed port", b =>
        {
            IPEndPoint closed = b.ClosedPort();
            DUdp client = b.Client();
            client.Connect(closed);
            Task<UdpReceiveResult> pending = client.ReceiveAsync();
            client.Send(s_four, 4);
            string refused = Try(() => pending);
            Socket server = b.Bound(port: closed.Port);
            return $"{refused} ; after server appears Send={Try(() => client.Send(s_four, 4))} got={Receive(server)}";
        }),
        new("D-048", "UdpClient connected Send to closed port", b =>
        {
            DUdp client = b.Client();
            client.Connect(b.ClosedPort());
            return $"{Try(() => client.Send(s_four, 4))} ; {Try(() => client.Send(s_four, 4))} ; {Try(() => client.Send(s_four, 4))}";
        }),
        new("D-049", "SO_ERROR read", b =>
        {
            Socket socket = b.Connected(b.ClosedPort());
            socket.Send(s_four);
            return $"{PendingError(socket)} second read {PendingError(socket)} next Send {Try(() => socket.Send(s_four))}";
        }),
        new("D-050", "Poll/Available after refused", b =>
        {
            Socket socket = b.Connected(b.ClosedPort());
            socket.Send(s_four);
            return $"Read={socket.Poll(0, SelectMode.SelectRead)} Write={socket.Poll(0, SelectMode.SelectWrite)}"
                + $" Error={socket.Poll(0, SelectMode.SelectError)} Avail={socket.Available}";
        }),
        new("D-051", "SendTo no route", b => Try(() => b.Fresh().SendTo(s_four, Far("192.0.2.99")))),
        new("D-052", "SendToAsync no route", b => Try(() => b.Fresh().SendToAsync(s_four, Far("192.0.2.99")))),
        new("D-053", "SendTo 240.0.0.1 (class E)", b => Try(() => b.Fresh().SendTo(s_four, Far("240.0.0.1")))),
        new("D-054", "Send after Shutdown(Send)", b =>
        {
            Socket socket = b.Connected(b.Sink());
            socket.Shutdown(SocketShutdown.Send);
            return $"{Try(() => socket.Send(s_four))} Conn={socket.Connected}";
        }),
        new("D-055", "SendTo on receive-flooded peer", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            byte[] bytes = new byte[1400];
            int sent = Enumerable.Range(0, 300).Count(_ => sender.Send(bytes) == bytes.Length);
            return $"sent ok={sent} received={Drain(receiver)} (excess silently dropped at receiver)";
        }),
        new("D-056", "SendTo non-blocking flood", b =>
        {
            Socket sender = b.Connected(b.Sink());
            sender.Blocking = false;
            byte[] bytes = new byte[60_000];
            int sent = 0;
            string error = "none";
            while (sent < 2000 && error == "none")
            {
                if (Try(() => sender.Send(bytes)) is var result && result == "60000")
                    sent++;
                else
                    error = result;
            }

            return $"{sent} {error}";
        }),
    ];

    private static IPEndPoint Far(string address) => new(IPAddress.Parse(address), 9);

    private static object? PendingError(Socket socket) => socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error);

    private static string Receive(Socket socket) => Try(() => socket.Receive(new byte[64]));

    private static int Drain(Socket socket)
    {
        socket.Blocking = false;
        byte[] buffer = new byte[2048];
        int count = 0;
        while (socket.Receive(buffer, 0, buffer.Length, SocketFlags.None, out SocketError error) >= 0 && error == SocketError.Success)
            count++;

        return count;
    }
}

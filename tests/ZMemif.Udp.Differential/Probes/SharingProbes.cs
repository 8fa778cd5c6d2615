namespace ZMemif.Udp.Differential;

/// <summary>Two sockets on one port: who may bind, and who gets what.</summary>
internal static class SharingProbes
{
    public static Probe[] Rows { get; } =
    [
        new("G-001", "Bind same addr:port", b => BindBoth(b.Fresh(), IPAddress.Loopback, b.Fresh(), IPAddress.Loopback)),
        new("G-002", "Bind Any:port while Loopback:port bound", b => BindBoth(b.Fresh(), IPAddress.Loopback, b.Fresh(), IPAddress.Any)),
        new("G-003", "Bind Loopback:port while Any:port bound", b => BindBoth(b.Fresh(), IPAddress.Any, b.Fresh(), IPAddress.Loopback)),
        new("G-004", "Bind 127.0.0.2:port while 127.0.0.1:port bound",
            b => BindBoth(b.Fresh(), IPAddress.Loopback, b.Fresh(), IPAddress.Parse("127.0.0.2"))),
        new("G-005", "Bind same", b => BindBoth(Reusing(b), Reusing(b))),
        new("G-006", "Bind same", b => BindBoth(Reusing(b), b.Fresh())),
        new("G-007", "Bind same", b => BindBoth(b.Fresh(), Reusing(b))),
        new("G-008", "Bind same", b => BindBoth(NotExclusive(b), NotExclusive(b))),
        new("G-009", "Bind same", b =>
        {
            Socket first = b.Fresh();
            first.ExclusiveAddressUse = true;
            return $"{BindBoth(Reuse(first), Reusing(b))} excl(a)={first.ExclusiveAddressUse}";
        }),
        new("G-010", "Reuse set after bind", b =>
        {
            Socket first = b.Bound(), second = Reusing(b);
            Reuse(first);
            return Try(() => second.Bind(At(first)));
        }),
        new("G-011", "Delivery with 2 ReuseAddress sockets", b =>
        {
            (Socket first, Socket second) = (Shared(b, IPAddress.Loopback, 0), Reusing(b));
            second.Bind(At(first));
            var senders = Enumerable.Range(0, 20).Select(_ => b.Bound()).ToList();
            foreach (Socket sender in senders.Concat(senders))
                sender.SendTo(Bytes(4), At(first));

            (int a, int c) = (Count(first), Count(second));
            return $"total={a + c}, both>0={a > 0 && c > 0}, per-flow pairs even={a % 2 == 0 && c % 2 == 0} (REUSEPORT hash)";
        }),
        new("G-012", "Delivery specific vs Any", b =>
        {
            Socket any = Shared(b, IPAddress.Any, 0);
            Socket loopback = Shared(b, IPAddress.Loopback, At(any).Port);
            for (int i = 0; i < 6; i++)
                b.Fresh().SendTo(Bytes(4), At(loopback));

            return $"Any={Count(any)} Loopback={Count(loopback)}";
        }),
        new("G-013", "Delivery connected vs unconnected", b =>
        {
            Socket peer = b.Bound(), other = b.Bound();
            Socket unconnected = Shared(b, IPAddress.Loopback, 0);
            Socket connected = Shared(b, IPAddress.Loopback, At(unconnected).Port);
            connected.Connect(At(peer));
            for (int i = 0; i < 4; i++)
            {
                peer.SendTo(Bytes(4), At(unconnected));
                other.SendTo(Bytes(4), At(unconnected));
            }

            return $"unconnected a={Count(unconnected)} connected b={Count(connected)} (4 from peer, 4 from other)";
        }),
        new("G-014", "UdpClient with ExclusiveAddressUse=false + Client.Bind", b =>
        {
            DUdp first = b.Client(), second = b.Client();
            first.ExclusiveAddressUse = second.ExclusiveAddressUse = false;
            return BindBoth(first.Client, second.Client);
        }),
    ];

    /// <summary>The datagrams that wait.</summary>
    public static int Count(Socket socket)
    {
        int count = 0;
        for (byte[] buffer = new byte[2048]; socket.Poll(0, SelectMode.SelectRead); count++)
            socket.Receive(buffer);

        return count;
    }

    public static Socket Reuse(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        return socket;
    }

    private static Socket Reusing(Bench b) => Reuse(b.Fresh());

    private static Socket Shared(Bench b, IPAddress address, int port)
    {
        Socket socket = Reusing(b);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    private static Socket NotExclusive(Bench b)
    {
        Socket socket = b.Fresh();
        socket.ExclusiveAddressUse = false;
        return socket;
    }

    private static string BindBoth(Socket first, Socket second) => BindBoth(first, IPAddress.Loopback, second, IPAddress.Loopback);

    private static string BindBoth(Socket first, IPAddress firstAddress, Socket second, IPAddress secondAddress)
    {
        first.Bind(new IPEndPoint(firstAddress, 0));
        return Try(() => second.Bind(new IPEndPoint(secondAddress, At(first).Port)));
    }
}

namespace ZMemif.Udp.Differential;

/// <summary>Datagrams and buffers of no bytes, <c>Available</c>, order, arguments, sockets that are not bound: E-029 to E-062.</summary>
internal static class ReceiveMoreProbes
{
    public static Probe[] Rows { get; } =
    [
        new("E-029", "Zero-length datagram: Receive", b =>
        {
            (Socket receiver, _) = b.Queued(0);
            return $"avail={receiver.Available} poll={receiver.Poll(0, SelectMode.SelectRead)} n={receiver.Receive(new byte[64])}";
        }),
        new("E-030", "Zero-length: ReceiveFrom", b =>
        {
            EndPoint from = Any;
            return $"{b.Queued(0).Receiver.ReceiveFrom(new byte[64], ref from)} {Name(from)}";
        }),
        new("E-031", "Zero-length: UdpClient.Receive", b =>
        {
            DUdp client = b.BoundClient();
            b.Connected(At(client)).Send(Array.Empty<byte>());
            IPEndPoint? from = null;
            return $"byte[{client.Receive(ref from).Length}] from {Name(from)}";
        }),
        new("E-032", "Zero-length: UdpClient.ReceiveAsync", b =>
        {
            DUdp client = b.BoundClient();
            b.Connected(At(client)).Send(Array.Empty<byte>());
            return Try(() => client.ReceiveAsync());
        }),
        new("E-033", "Receive into zero-length buffer", b => IntoNothing(b.Queued().Receiver, r => Try(() => r.Receive(Array.Empty<byte>())))),
        new("E-034", "ReceiveFrom zero-length buffer", b => IntoNothing(b.Queued().Receiver, r =>
        {
            EndPoint from = Any;
            return Try(() => r.ReceiveFrom([], ref from));
        })),
        new("E-035", "ReceiveAsync(Memory.Empty)",
            b => IntoNothing(b.Queued().Receiver, r => Try(() => r.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None)))),
        new("E-036", "ReceiveAsync(Memory.Empty) pending",
            b => PendingIntoNothing(b, r => r.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).AsTask())),
        new("E-037", "ReceiveFromAsync(Memory.Empty) pending",
            b => PendingIntoNothing(b, r => r.ReceiveFromAsync(Memory<byte>.Empty, SocketFlags.None, Any).AsTask())),
        new("E-038", "Available", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            foreach (int size in (int[])[10, 20, 30])
                sender.Send(Bytes(size));

            List<int> available = [receiver.Available];
            while (available[^1] > 0)
            {
                receiver.Receive(new byte[64]);
                available.Add(receiver.Available);
            }

            return Value(available);
        }),
        new("E-039", "Available on unbound socket", b => Try(() => b.Fresh().Available)),
        new("E-040", "IOControl(DataToRead) same as Available", b =>
        {
            byte[] output = new byte[4];
            return $"{b.Queued().Receiver.IOControl(IOControlCode.DataToRead, null, output)} {BitConverter.ToInt32(output)}";
        }),
        new("E-041", "Ordering", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            for (byte i = 0; i < 5; i++)
                sender.Send([i]);

            return Value(Enumerable.Range(0, 5).Select(_ => First(receiver)).ToList());
        }),
        new("E-042", "ReceiveFrom(null buffer)", b => Try(() => From(b.Bound(), null!, Any))),
        new("E-043", "ReceiveFrom(ref null ep)", b => Try(() => From(b.Bound(), new byte[64], null!))),
        new("E-044", "ReceiveFrom(ref v6 ep)", b => Try(() => From(b.Bound(), new byte[64], V6))),
        new("E-045", "ReceiveFrom(ref DnsEndPoint)", b => Try(() => From(b.Bound(), new byte[64], new DnsEndPoint("localhost", 9)))),
        new("E-046", "ReceiveFrom ref specific ep", b =>
        {
            (Socket receiver, Socket sender) = b.Queued();
            EndPoint from = Loop(1);
            return $"{receiver.ReceiveFrom(new byte[64], ref from)} {from.Equals(sender.LocalEndPoint)}";
        }),
        new("E-047", "ReceiveFrom same ep object mutated?", b =>
        {
            EndPoint original = Any, from = original;
            b.Queued().Receiver.ReceiveFrom(new byte[64], ref from);
            return $"newInstance={!ReferenceEquals(original, from)} orig={Name(original)}";
        }),
        new("E-048", "ReceiveFrom ref ep already == sender", b =>
        {
            (Socket receiver, Socket sender) = b.Queued();
            EndPoint original = Loop(At(sender).Port), from = original;
            receiver.ReceiveFrom(new byte[64], ref from);
            return $"sameInstance={ReferenceEquals(original, from)}";
        }),
        new("E-049", "ReceiveFrom offset/size bad", b => Try(() => From(b.Bound(), new byte[64], Any, -1, 1))),
        new("E-050", "ReceiveFrom offset/size bad", b => Try(() => From(b.Bound(), new byte[64], Any, 0, 65))),
        new("E-051", "ReceiveFrom unbound", b => Try(() => From(b.Fresh(), new byte[64], Any))),
        new("E-052", "ReceiveFromAsync unbound", b => When(() => b.Fresh().ReceiveFromAsync(new byte[64].AsMemory(), SocketFlags.None, Any))),
        new("E-053", "ReceiveMessageFrom unbound", b => Try(() =>
        {
            var flags = SocketFlags.None;
            EndPoint from = Any;
            return b.Fresh().ReceiveMessageFrom(new byte[64], ref flags, ref from, out _);
        })),
        new("E-054", "ReceiveMessageFromAsync unbound",
            b => Try(() => b.Fresh().ReceiveMessageFromAsync(new byte[64].AsMemory(), SocketFlags.None, Any))),
        new("E-055", "Receive unbound", b =>
        {
            Socket socket = b.Fresh();
            socket.ReceiveTimeout = 200;
            return Try(() => socket.Receive(new byte[64]));
        }),
        new("E-056", "ReceiveAsync unbound", b =>
        {
            Task<int> receiving = b.Fresh().ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None).AsTask();
            Wait();
            return $"completed={receiving.IsCompleted}";
        }),
        new("E-057", "ReceiveFromAsync(null ep)",
            b => Try(() => b.Bound().ReceiveFromAsync(new byte[64].AsMemory(), SocketFlags.None, (EndPoint)null!))),
        new("E-058", "ReceiveFromAsync(v6 ep)", b => Try(() => b.Bound().ReceiveFromAsync(new byte[64].AsMemory(), SocketFlags.None, V6))),
        new("E-059", "ReceiveFromAsync(null SocketAddress)",
            b => Try(() => b.Bound().ReceiveFromAsync(new byte[64].AsMemory(), SocketFlags.None, (SocketAddress)null!))),
        new("E-060", "UdpClient.Receive big datagram", b =>
        {
            DUdp client = b.BoundClient();
            b.Connected(At(client)).Send(new byte[65507]);
            IPEndPoint? from = null;
            return $"byte[{client.Receive(ref from).Length}]";
        }),
        new("E-061", "UdpClient.Receive remoteEP overwritten", b =>
        {
            DUdp client = b.BoundClient();
            Socket sender = b.Connected(At(client));
            sender.Send(Bytes(10));
            var original = new IPEndPoint(IPAddress.Parse("1.2.3.4"), 5);
            IPEndPoint? from = original;
            client.Receive(ref from);
            return $"{sender.LocalEndPoint!.Equals(from)} newInstance={!ReferenceEquals(original, from)}";
        }),
        new("E-062", "UdpClient.Receive fresh arrays", b =>
        {
            DUdp client = b.BoundClient();
            Socket sender = b.Connected(At(client));
            sender.Send(Bytes(10));
            sender.Send(Bytes(10));
            IPEndPoint? from = null, from2 = null;
            byte[] first = client.Receive(ref from), second = client.Receive(ref from2);
            return $"distinct arrays={!ReferenceEquals(first, second)} distinct ep={!ReferenceEquals(from, from2)}";
        }),
    ];

    private static int From(Socket socket, byte[] buffer, EndPoint from) => socket.ReceiveFrom(buffer, ref from);

    private static int From(Socket socket, byte[] buffer, EndPoint from, int offset, int size) =>
        socket.ReceiveFrom(buffer, offset, size, SocketFlags.None, ref from);

    private static byte First(Socket socket)
    {
        byte[] buffer = new byte[64];
        socket.Receive(buffer);
        return buffer[0];
    }

    private static string IntoNothing(Socket receiver, Func<Socket, string> receive) => $"{receive(receiver)} avail after={receiver.Available}";

    private static string PendingIntoNothing(Bench b, Func<Socket, Task> receive)
    {
        (Socket receiver, Socket sender) = b.Pair();
        Task pending = receive(receiver);
        bool waits = !pending.IsCompleted;
        sender.Send(Bytes(10));
        return $"pending={waits} {Try(() => pending)} avail after={receiver.Available}";
    }
}

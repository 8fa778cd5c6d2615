using System.Globalization;

namespace ZMemif.Udp.Differential;

/// <summary>Bytes allocated per datagram, by the whole process; what is not measured itself is sent and received without allocating.</summary>
internal static class AllocationProbes
{
    private const int Times = 2000;

    private static readonly byte[] s_bytes = Bytes(64);
    private static readonly byte[] s_buffer = new byte[2048];

    public static Probe[] Rows { get; } =
    [
        new("T-001", "baseline: connected Socket.Send(span)+Socket.Receive(span)", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            return Cost(() => SendAndReceive(sender, receiver));
        }),
        new("T-002", "UdpClient.Send(byte[],n) connected (+raw Receive)", b =>
        {
            Socket receiver = b.Bound();
            DUdp client = b.Client();
            client.Connect(At(receiver));
            return CostOfSending(receiver, () => client.Send(s_bytes, s_bytes.Length));
        }),
        new("T-003", "UdpClient.Send(byte[],n,ep) (+raw Receive)",
            b => CostOfSending(b, (client, destination) => client.Send(s_bytes, s_bytes.Length, destination))),
        new("T-004", "Socket.SendTo(span,flags,SocketAddress) (+raw)", b =>
        {
            Socket receiver = b.Bound(), sender = b.Fresh();
            SocketAddress destination = At(receiver).Serialize();
            return Cost(() =>
            {
                sender.SendTo(s_bytes.AsSpan(), SocketFlags.None, destination);
                receiver.Receive(s_buffer.AsSpan());
            });
        }),
        new("T-005", "UdpClient.SendAsync(byte[],n,ep) (+raw)",
            b => CostOfSending(b, (client, destination) => client.SendAsync(s_bytes, s_bytes.Length, destination).GetAwaiter().GetResult())),
        new("T-006", "UdpClient.SendAsync(ROM,ep) (+raw)",
            b => CostOfSending(b, (client, destination) => Finished(client.SendAsync(s_bytes.AsMemory(), destination)))),
        new("T-007", "UdpClient.Send(b,n,\"127.0.0.1\",port) (+raw)", b =>
        {
            Socket receiver = b.Bound();
            int port = At(receiver).Port;
            return CostOfSending(b, receiver, (client, _) => client.Send(s_bytes, s_bytes.Length, "127.0.0.1", port));
        }),
        new("T-008", "UdpClient.Receive(ref ep) (+raw Send)", b => CostOfReceiving(b, client =>
        {
            IPEndPoint? from = null;
            client.Receive(ref from);
        })),
        new("T-009", "UdpClient.ReceiveAsync() data queued (+raw Send)",
            b => CostOfReceiving(b, client => client.ReceiveAsync().GetAwaiter().GetResult())),
        new("T-010", "UdpClient.ReceiveAsync(ct) data queued (+raw Send)",
            b => CostOfReceiving(b, client => Finished(client.ReceiveAsync(CancellationToken.None)))),
        new("T-011", "Socket.ReceiveFrom(byte[],ref ep) (+raw Send)",
            b => CostOfReceiving(b, (socket, any) => socket.ReceiveFrom(s_buffer, ref any))),
        new("T-012", "Socket.ReceiveFrom(span,SocketAddress) (+raw Send)", b =>
        {
            SocketAddress from = Any.Serialize();
            return CostOfReceiving(b, (socket, _) => socket.ReceiveFrom(s_buffer.AsSpan(), SocketFlags.None, from));
        }),
        new("T-013", "Socket.ReceiveFromAsync(Memory,ep) (+raw Send)",
            b => CostOfReceiving(b, (socket, any) => socket.ReceiveFromAsync(s_buffer.AsMemory(), SocketFlags.None, any).AsTask().GetAwaiter().GetResult())),
        new("T-014", "Socket.ReceiveFromAsync(Memory,SocketAddress) (+raw Send)", b =>
        {
            SocketAddress from = Any.Serialize();
            return CostOfReceiving(b, (socket, _) => Finished(socket.ReceiveFromAsync(s_buffer.AsMemory(), SocketFlags.None, from)));
        }),
        new("T-015", "Socket.ReceiveMessageFrom (+raw Send)", b => CostOfReceiving(b, (socket, any) =>
        {
            var flags = SocketFlags.None;
            socket.ReceiveMessageFrom(s_buffer, ref flags, ref any, out _);
        })),
        new("T-016", "new UdpClient()", _ =>
        {
            const int Clients = 200;
            var clients = new UdpClient[Clients];
            new UdpClient().Dispose();
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Clients; i++)
                clients[i] = new UdpClient();

            long bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / Clients;
            Array.ForEach(clients, client => client.Dispose());
            return $"{bytes} B each (64 KiB buffer inside)";
        }),
    ];

    /// <summary>A task that completed within the call, as all here do: nothing is allocated to wait for it.</summary>
    private static T Finished<T>(ValueTask<T> task) => task.GetAwaiter().GetResult();

    private static string Cost(Action operation)
    {
        Repeat(operation);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Repeat(operation);
        double perOperation = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Times;
        return string.Create(CultureInfo.InvariantCulture, $"{perOperation:0.#} B/op");
    }

    private static void Repeat(Action operation)
    {
        for (int i = 0; i < Times; i++)
            operation();
    }

    private static void SendAndReceive(Socket sender, Socket receiver)
    {
        sender.Send(s_bytes.AsSpan());
        receiver.Receive(s_buffer.AsSpan());
    }

    private static string CostOfSending(Bench b, Func<UdpClient, IPEndPoint, int> send) => CostOfSending(b, b.Bound(), send);

    private static string CostOfSending(Bench b, Socket receiver, Func<UdpClient, IPEndPoint, int> send)
    {
        DUdp client = b.Client();
        IPEndPoint destination = At(receiver);
        return CostOfSending(receiver, () => send(client, destination));
    }

    private static string CostOfSending(Socket receiver, Func<int> send) => Cost(() =>
    {
        send();
        receiver.Receive(s_buffer.AsSpan());
    });

    private static string CostOfReceiving(Bench b, Action<UdpClient> receive)
    {
        DUdp client = b.BoundClient();
        Socket sender = b.Connected(At(client));
        return Cost(() =>
        {
            sender.Send(s_bytes.AsSpan());
            receive(client);
        });
    }

    private static string CostOfReceiving(Bench b, Action<Socket, EndPoint> receive)
    {
        (Socket receiver, Socket sender) = b.Pair();
        EndPoint any = Any;
        return Cost(() =>
        {
            sender.Send(s_bytes.AsSpan());
            receive(receiver, any);
        });
    }
}

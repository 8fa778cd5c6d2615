using System.Diagnostics;

namespace ZMemif.Udp.Differential;

/// <summary>Time-outs and non-blocking sockets: J-001 to J-017.</summary>
internal static class TimeoutProbes
{
    private const int Short = 100;

    public static Probe[] Rows { get; } =
    [
        new("J-001", "Receive", b =>
        {
            Socket socket = Impatient(b);
            long start = Stopwatch.GetTimestamp();
            string result = Try(() => socket.Receive(new byte[64]));
            double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return $"{result} elapsed in [90,200]={elapsed is >= 90 and <= 200} Conn={socket.Connected}";
        }),
        new("J-002", "Receive out err", b => WithError(Impatient(b))),
        new("J-003", "ReceiveFrom", b => From(Impatient(b))),
        new("J-004", "ReceiveMessageFrom", b => MessageFrom(Impatient(b))),
        new("J-005", "Receive on connected socket timeout", b =>
        {
            Socket socket = b.Connected(b.Sink());
            socket.ReceiveTimeout = Short;
            return $"{Try(() => socket.Receive(new byte[64]))} Conn={socket.Connected} Remote={Value(socket.RemoteEndPoint)}";
        }),
        new("J-006", "UdpClient.Receive", b =>
        {
            DUdp client = b.BoundClient();
            client.Client.ReceiveTimeout = Short;
            return ByClient(client);
        }),
        new("J-007", "ReceiveAsync ignores ReceiveTimeout",
            b => Unfinished(b, s => s.ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None).AsTask())),
        new("J-008", "BeginReceiveFrom ignores ReceiveTimeout", b => Unfinished(b, s =>
        {
            EndPoint from = Any;
            return s.BeginReceiveFrom(new byte[64], 0, 64, SocketFlags.None, ref from, null, null);
        })),
        new("J-009", "UdpClient.ReceiveAsync ignores ReceiveTimeout", b =>
        {
            DUdp client = b.BoundClient();
            client.Client.ReceiveTimeout = 50;
            Task receiving = client.ReceiveAsync();
            Wait(300);
            return $"completed={receiving.IsCompleted}";
        }),
        new("J-010", "Sync Receive after an async op was used", b =>
        {
            (Socket receiver, _) = b.Queued();
            receiver.ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None).AsTask().Wait();
            receiver.ReceiveTimeout = Short;
            return $"{Try(() => receiver.Receive(new byte[64]))} Blocking={receiver.Blocking}";
        }),
        new("J-011", "Receive", b => Try(() => NonBlocking(b).Receive(new byte[64]))),
        new("J-012", "Receive out err", b => WithError(NonBlocking(b))),
        new("J-013", "ReceiveFrom", b => From(NonBlocking(b))),
        new("J-014", "ReceiveMessageFrom", b => MessageFrom(NonBlocking(b))),
        new("J-015", "UdpClient.Receive", b =>
        {
            DUdp client = b.BoundClient();
            client.Client.Blocking = false;
            return ByClient(client);
        }),
        new("J-016", "UdpClient.ReceiveAsync", b =>
        {
            DUdp client = b.BoundClient();
            client.Client.Blocking = false;
            Task receiving = client.ReceiveAsync();
            Wait();
            return $"completed={receiving.IsCompleted}";
        }),
        new("J-017", "Blocking=false then true", b =>
        {
            Socket socket = Impatient(b);
            socket.Blocking = false;
            socket.Blocking = true;
            return $"{Try(() => socket.Receive(new byte[64]))} {socket.Blocking}";
        }),
    ];

    private static Socket Impatient(Bench b)
    {
        Socket socket = b.Bound();
        socket.ReceiveTimeout = Short;
        return socket;
    }

    private static Socket NonBlocking(Bench b)
    {
        Socket socket = b.Bound();
        socket.Blocking = false;
        return socket;
    }

    private static string WithError(Socket socket)
    {
        int received = socket.Receive(new byte[64], 0, 64, SocketFlags.None, out SocketError error);
        return $"{received} {error}";
    }

    private static string From(Socket socket) => Try(() =>
    {
        EndPoint from = Any;
        return socket.ReceiveFrom(new byte[64], ref from);
    });

    private static string MessageFrom(Socket socket) => Try(() =>
    {
        var flags = SocketFlags.None;
        EndPoint from = Any;
        return socket.ReceiveMessageFrom(new byte[64], ref flags, ref from, out _);
    });

    private static string ByClient(UdpClient client) => Try(() =>
    {
        IPEndPoint? from = null;
        return client.Receive(ref from);
    });

    private static string Unfinished(Bench b, Func<Socket, IAsyncResult> receive)
    {
        Socket socket = b.Bound();
        socket.ReceiveTimeout = 50;
        IAsyncResult receiving = receive(socket);
        Wait(300);
        return $"completed={receiving.IsCompleted}";
    }
}

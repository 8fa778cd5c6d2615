namespace ZMemif.Udp.Differential;

/// <summary>Sending when the transmit queue is full. The send buffer is as small as can be, so that it fills after a few datagrams.</summary>
internal static class BackPressureProbes
{
    private const int Enough = 1000;

    private static readonly byte[] s_bytes = new byte[1000];

    public static Probe[] Rows { get; } =
    [
        new("Y-001", "Blocking=false", b =>
        {
            Socket socket = Small(b);
            socket.Blocking = false;
            return $"{SendUntilError(socket, b.Sink())} Poll(Write)={socket.Poll(0, SelectMode.SelectWrite)}";
        }),
        new("Y-002", "Blocking=true, SendTimeout=200", b =>
        {
            Socket socket = Small(b);
            socket.SendTimeout = 200;
            return SendUntilError(socket, b.Sink());
        }),
        new("Y-003", "SendToAsync", b =>
        {
            (Task<int> pending, int before) = SendUntilPending(Small(b), b.Sink());
            return $"pending after some sync completions={before > 0} later {Try(() => pending)}";
        }),
        new("Y-004", "SendToAsync(ct) cancelled while pending", b =>
        {
            using var cancellation = new CancellationTokenSource();
            (Task<int> pending, _) = SendUntilPending(Small(b), b.Sink(), cancellation.Token);
            cancellation.Cancel();
            return Try(() => pending);
        }),
        new("Y-005", "SendToAsync pending then Dispose", b =>
        {
            Socket socket = Small(b);
            (Task<int> pending, _) = SendUntilPending(socket, b.Sink());
            socket.Dispose();
            return Try(() => pending);
        }),
        new("Y-006", "sync SendTo blocked then Dispose", b =>
        {
            Socket socket = Small(b);
            IPEndPoint sink = b.Sink();
            Task<string> sending = Blocked(() => SendUntilError(socket, sink));
            socket.Dispose();
            return Try(() => sending).Split("then ")[^1];
        }),
        new("Y-007", "Send out err, Blocking=false", b =>
        {
            Socket socket = Small(b);
            socket.Connect(b.Sink());
            socket.Blocking = false;
            SocketError error = SocketError.Success;
            for (int i = 0; i < Enough && error == SocketError.Success; i++)
                socket.Send(s_bytes, 0, s_bytes.Length, SocketFlags.None, out error);

            return $"{error} Conn={socket.Connected}";
        }),
        new("Y-008", "two pending SendToAsync order", b =>
        {
            Socket socket = Small(b);
            IPEndPoint sink = b.Sink();
            (Task<int> first, _) = SendUntilPending(socket, sink);
            Task<int> second = socket.SendToAsync(s_bytes.AsMemory(), SocketFlags.None, sink).AsTask();
            bool bothPending = !first.IsCompleted && !second.IsCompleted;
            return $"pending>0={bothPending && Task.WhenAny(first, second).GetAwaiter().GetResult() == first}";
        }),
    ];

    private static Socket Small(Bench b)
    {
        Socket socket = b.Bound(b.Host.OwnAddress);
        socket.SendBufferSize = 0;
        return socket;
    }

    private static string SendUntilError(Socket socket, IPEndPoint destination)
    {
        for (int sent = 0; sent < Enough; sent++)
        {
            if (Try(() => socket.SendTo(s_bytes, destination)) is ['✗', ' ', .. var error])
                return $"ok>0={sent > 0} then {error}";
        }

        return "no error";
    }

    private static (Task<int> Pending, int CompletedBefore) SendUntilPending(Socket socket, IPEndPoint destination, CancellationToken token = default)
    {
        for (int sent = 0; sent < Enough; sent++)
        {
            Task<int> task = socket.SendToAsync(s_bytes.AsMemory(), SocketFlags.None, destination, token).AsTask();
            if (!task.IsCompleted)
                return (task, sent);
        }

        throw new InvalidOperationException("no send was pending");
    }
}

namespace ZMemif.Udp.Differential;

/// <summary>Closing and shutting down while something is pending: K-001 to K-020, K-034 to K-041.</summary>
internal static class PendingCloseProbes
{
    private static readonly SocketFlags s_none = SocketFlags.None;

    public static Probe[] Rows { get; } =
    [
        new("K-001", "Receive (sync)", b => Blocked(b, s => Try(() => s.Receive(new byte[64])))),
        new("K-002", "Receive out err (sync)", b => Blocked(b, s =>
        {
            s.Receive(new byte[64], 0, 64, s_none, out SocketError error);
            return $"\"completed\" err={error}";
        })),
        new("K-003", "ReceiveFrom (sync)", b => Blocked(b, s =>
        {
            EndPoint from = Any;
            return Try(() => s.ReceiveFrom(new byte[64], ref from));
        })),
        new("K-004", "ReceiveFrom(span,SocketAddress) (sync)",
            b => Blocked(b, s => Try(() => s.ReceiveFrom(new byte[64].AsSpan(), s_none, Any.Serialize())))),
        new("K-005", "ReceiveMessageFrom (sync)", b => Blocked(b, s =>
        {
            EndPoint from = Any;
            SocketFlags flags = s_none;
            return Try(() => s.ReceiveMessageFrom(new byte[64], ref flags, ref from, out _));
        })),
        new("K-006", "Receive (sync) with ReceiveTimeout", b => Blocked(b, s =>
        {
            s.ReceiveTimeout = 5000;
            return Try(() => s.Receive(new byte[64]));
        })),
        new("K-007", "ReceiveAsync(Memory)", b => Pending(b, s => s.ReceiveAsync(new byte[64].AsMemory(), s_none).AsTask())),
        new("K-008", "ReceiveAsync(ArraySegment)", b => Pending(b, s => s.ReceiveAsync(new ArraySegment<byte>(new byte[64]), s_none))),
        new("K-009", "ReceiveAsync(list)", b => Pending(b, s => s.ReceiveAsync([new ArraySegment<byte>(new byte[64])], s_none))),
        new("K-010", "ReceiveFromAsync(Memory)", b => Pending(b, s => s.ReceiveFromAsync(new byte[64].AsMemory(), s_none, Any).AsTask())),
        new("K-011", "ReceiveFromAsync(SocketAddress)",
            b => Pending(b, s => s.ReceiveFromAsync(new byte[64].AsMemory(), s_none, Any.Serialize()).AsTask())),
        new("K-012", "ReceiveFromAsync(ArraySegment)",
            b => Pending(b, s => s.ReceiveFromAsync(new ArraySegment<byte>(new byte[64]), s_none, Any), s => s.Close())),
        new("K-013", "ReceiveMessageFromAsync", b => Pending(b, s => s.ReceiveMessageFromAsync(new byte[64].AsMemory(), s_none, Any).AsTask())),
        new("K-014", "ReceiveAsync(ct live)", b =>
        {
            using var cancellation = new CancellationTokenSource();
            return Pending(b, s => s.ReceiveAsync(new byte[64].AsMemory(), s_none, cancellation.Token).AsTask());
        }),
        new("K-015", "BeginReceive/EndReceive",
            b => Begun(b, s => s.BeginReceive(new byte[64], 0, 64, s_none, null, null), (s, ar) => $"IsCompleted={ar.IsCompleted} End: {Try(() => s.EndReceive(ar))}")),
        new("K-016", "BeginReceiveFrom/EndReceiveFrom", b => Begun(b, s => BeginFrom(s, null), (s, ar) => Try(() => EndFrom(s, ar)))),
        new("K-017", "BeginReceiveFrom callback invoked", b =>
        {
            using var called = new ManualResetEventSlim();
            return Begun(b, s => BeginFrom(s, _ => called.Set()), (_, _) => Value(called.Wait(1000)));
        }),
        new("K-018", "BeginReceiveMessageFrom/End", b => Begun(b, BeginMessageFrom, (s, ar) => Try(() => EndMessageFrom(s, ar)))),
        new("K-019", "SAEA ReceiveFromAsync",
            b => ByArguments(b, (s, e) => s.ReceiveFromAsync(e), e => $" bytes={e.BytesTransferred} op={e.LastOperation} flags={e.SocketFlags}")),
        new("K-020", "SAEA ReceiveAsync", b => ByArguments(b, (s, e) => s.ReceiveAsync(e), _ => "")),
        new("K-034", "Socket.Receive sync Dispose x10",
            b => Distribution(10, () => Bare(Blocked(b, s => Try(() => s.Receive(new byte[64])), settle: 30)))),
        new("K-035", "Shutdown(Receive) while sync Receive pending", b => BlockedConnected(b, s => s.Shutdown(SocketShutdown.Receive))),
        new("K-036", "Shutdown(Both) while ReceiveAsync pending", b =>
        {
            Socket socket = b.Connected(b.Sink());
            Task receiving = socket.ReceiveAsync(new byte[64].AsMemory(), s_none).AsTask();
            Wait();
            socket.Shutdown(SocketShutdown.Both);
            return Try(() => receiving);
        }),
        new("K-037", "Shutdown(Receive) while ReceiveAsync pending", b =>
        {
            Socket socket = b.Bound();
            Task receiving = socket.ReceiveAsync(new byte[64].AsMemory(), s_none).AsTask();
            string result = Try(() => socket.Shutdown(SocketShutdown.Receive));
            Wait();
            return $"{result} completed={receiving.IsCompleted}";
        }),
        new("K-038", "Receive after Shutdown(Receive)", b =>
        {
            Socket socket = b.Connected(b.Sink());
            socket.Shutdown(SocketShutdown.Receive);
            return $"{Try(() => socket.Receive(new byte[64]))} Send={Try(() => socket.Send(Bytes(1)))}";
        }),
        new("K-039", "Data queued then Shutdown(Receive)", b =>
        {
            Socket peer = b.Bound(), socket = b.Connected(At(peer));
            peer.SendTo(Bytes(4), At(socket));
            socket.Shutdown(SocketShutdown.Receive);
            return $"{Try(() => socket.Receive(new byte[64]))} then {Try(() => socket.Receive(new byte[64]))}";
        }),
        new("K-040", "Close(timeout)",
            b => string.Join(" ; ", ((int[])[-2, -1, 0, 100]).Select(timeout => $"{timeout}→{CloseIn(b.Bound(), timeout)}"))),
        new("K-041", "Dispose twice", b => Try(() =>
        {
            Socket socket = b.Bound();
            socket.Dispose();
            socket.Dispose();
        })),
    ];

    private static string Blocked(Bench b, Func<Socket, string> receive, int settle = Settle)
    {
        Socket socket = b.Bound();
        socket.ReceiveTimeout = 0;
        Task<string> blocked = Bench.Blocked(() => receive(socket), settle);
        socket.Dispose();
        return Try(() => blocked);
    }

    private static string BlockedConnected(Bench b, Action<Socket> end)
    {
        Socket socket = b.Connected(b.Sink());
        socket.ReceiveTimeout = 0;
        Task<string> blocked = Bench.Blocked(() => Try(() => socket.Receive(new byte[64])));
        end(socket);
        return Try(() => blocked) == "0" ? "\"completed\"" : Try(() => blocked);
    }

    private static string Pending(Bench b, Func<Socket, Task> receive, Action<Socket>? end = null)
    {
        Socket socket = b.Bound();
        Task pending = receive(socket);
        Wait();
        (end ?? (s => s.Dispose()))(socket);
        return Try(() => pending);
    }

    private static string Begun(Bench b, Func<Socket, IAsyncResult> begin, Func<Socket, IAsyncResult, string> end)
    {
        Socket socket = b.Bound();
        IAsyncResult begun = begin(socket);
        Wait();
        socket.Dispose();
        begun.AsyncWaitHandle.WaitOne(1000);
        return end(socket, begun);
    }

    private static IAsyncResult BeginFrom(Socket socket, AsyncCallback? callback)
    {
        EndPoint from = Any;
        return socket.BeginReceiveFrom(new byte[64], 0, 64, s_none, ref from, callback, null);
    }

    private static int EndFrom(Socket socket, IAsyncResult begun)
    {
        EndPoint from = Any;
        return socket.EndReceiveFrom(begun, ref from);
    }

    private static IAsyncResult BeginMessageFrom(Socket socket)
    {
        EndPoint from = Any;
        return socket.BeginReceiveMessageFrom(new byte[64], 0, 64, s_none, ref from, null, null);
    }

    private static int EndMessageFrom(Socket socket, IAsyncResult begun)
    {
        EndPoint from = Any;
        SocketFlags flags = s_none;
        return socket.EndReceiveMessageFrom(begun, ref flags, ref from, out _);
    }

    private static string ByArguments(Bench b, Func<Socket, SocketAsyncEventArgs, bool> receive, Func<SocketAsyncEventArgs, string> more)
    {
        Socket socket = b.Bound();
        using var completed = new ManualResetEventSlim();
        SocketAsyncEventArgs e = b.Keep(new SocketAsyncEventArgs { RemoteEndPoint = Any });
        e.SetBuffer(new byte[64]);
        e.Completed += (_, _) => completed.Set();
        bool pending = receive(socket, e);
        Wait();
        socket.Dispose();
        return $"pending={pending} completed={completed.Wait(1000)} err={e.SocketError}{more(e)}";
    }

    private static string CloseIn(Socket socket, int timeout) => Try(() =>
    {
        socket.Close(timeout);
        return socket.SafeHandle.IsClosed;
    });
}

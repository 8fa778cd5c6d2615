using System.Reflection;
using System.Runtime.CompilerServices;

namespace ZMemif.Udp.Differential;

/// <summary>Members that make sense for streams only, other constructors, and what fits nowhere else.</summary>
internal static class MiscellaneousProbes
{
    private static readonly string s_file = typeof(MiscellaneousProbes).Assembly.Location;

    public static Probe[] Rows { get; } =
    [
        new("Q-001", "Listen()", b => $"{Try(() => b.Fresh().Listen())} ; {Try(() => b.Bound().Listen(5))}"),
        new("Q-002", "Accept()", b => Try(() => b.Bound().Accept())),
        new("Q-003", "AcceptAsync()", b => Try(() => b.Bound().AcceptAsync())),
        new("Q-004", "SendFile(path)", b => Try(() => b.Connected(b.Sink()).SendFile(s_file))),
        new("Q-005", "SendFile(path)", b => Try(() => b.Fresh().SendFile(s_file))),
        new("Q-006", "SendFileAsync(path)", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            return $"{Try(() => sender.SendFileAsync(s_file))} got {Try(() => receiver.Receive(new byte[64]))}";
        }),
        new("Q-007", "DuplicateAndClose", b => Try(() => b.Bound().DuplicateAndClose(Environment.ProcessId))),
        new("Q-008", "new Socket(SafeHandle) clone", b =>
        {
            Socket clone = b.Keep(new Socket(b.Bound().SafeHandle));
            return $"{clone.AddressFamily}/{clone.SocketType}/{clone.ProtocolType} {State(clone)}";
        }),
        new("Q-009", "new Socket((SafeSocketHandle)null)", b => Try(() => b.Keep(new Socket((SafeSocketHandle)null!)))),
        new("Q-010", "SetIPProtectionLevel",
            b => $"{Try(() => b.Fresh().SetIPProtectionLevel(IPProtectionLevel.Unspecified))} ; {Try(() => b.Fresh().SetIPProtectionLevel(IPProtectionLevel.Unrestricted))}"),
        new("Q-011", "new Socket(InterNetwork,Dgram,Tcp)", b => Made(b, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Tcp)),
        new("Q-012", "new Socket(InterNetwork,Dgram,Unspecified)",
            b => Made(b, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Unspecified)),
        new("Q-013", "new Socket(InterNetwork,Dgram,IP)", b => Made(b, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.IP)),
        new("Q-014", "new Socket(InterNetwork,Rdm,Udp)", b => Made(b, AddressFamily.InterNetwork, SocketType.Rdm, ProtocolType.Udp)),
        new("Q-015", "new Socket(Unknown,Dgram,Udp)", b => Made(b, AddressFamily.Unknown, SocketType.Dgram, ProtocolType.Udp)),
        new("Q-016", "new Socket(Unspecified,Dgram,Udp)", b => Made(b, AddressFamily.Unspecified, SocketType.Dgram, ProtocolType.Udp)),
        // By reflection: the constructor takes the framework's own Socket, so under an alias the call would not compile.
        new("Q-017", "NetworkStream over dgram", b => Try(() => Activator.CreateInstance(
            typeof(NetworkStream), BindingFlags.Public | BindingFlags.Instance | BindingFlags.DoNotWrapExceptions, null, [b.Connected(b.Sink())], null))),
        new("Q-018", "Shutdown on connected", b =>
        {
            Socket socket = b.Connected(b.Sink());
            socket.Shutdown(SocketShutdown.Both);
            return $"Conn={socket.Connected} {Try(() => socket.Send(Bytes(3)))} ; {Try(() => socket.Receive(new byte[64]))}";
        }),
        new("Q-019", "Shutdown((SocketShutdown)9)", b => Try(() => b.Connected(b.Sink()).Shutdown((SocketShutdown)9))),
        new("Q-020", "Explicit bind + Connect + Disconnect(true)", b =>
        {
            Socket socket = b.Bound();
            IPEndPoint bound = At(socket);
            socket.Connect(b.Sink());
            socket.Disconnect(true);
            b.Fresh().SendTo(Bytes(3), bound);
            return $"{Name(socket.LocalEndPoint)} same={bound.Equals(socket.LocalEndPoint)} recv={Try(() => socket.Receive(new byte[64]))}";
        }),
        new("Q-021", "Finalizer", b =>
        {
            int port = PortOfUndisposedClient();
            for (int i = 0; i < 5; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            string rebind = Try(() => b.Bound(port: port) is null);
            return rebind == "False" ? "\"rebind ok\"" : rebind;
        }),
        new("Q-022", "ToString/Equals", b => $"{b.Fresh().ToString()!.Replace(typeof(Socket).FullName!, FullAlias(typeof(Socket)), StringComparison.Ordinal)}"
            + $" {b.Keep(new UdpClient()).ToString()!.Replace(typeof(UdpClient).FullName!, FullAlias(typeof(UdpClient)), StringComparison.Ordinal)}"),
        new("Q-023", "ExecutionContext flow", b =>
        {
            var local = new AsyncLocal<int> { Value = 7 };
            int byArguments = 0, byCallback = 0;
            using var called = new CountdownEvent(2);
            (Socket receiver, Socket sender) = b.Pair();
            (Socket receiver2, Socket sender2) = b.Pair();
            SocketAsyncEventArgs e = new EventArgsOperation(b, Any, new byte[64]).Args;
            e.Completed += (_, _) => Note(ref byArguments);
            receiver.ReceiveFromAsync(e);
            receiver2.BeginReceive(new byte[64], 0, 64, SocketFlags.None, _ => Note(ref byCallback), null);
            local.Value = 8;
            sender.Send(Bytes(3));
            sender2.Send(Bytes(3));
            called.Wait(1000);
            return $"saea={byArguments} apm={byCallback}";

            void Note(ref int seen)
            {
                seen = local.Value;
                called.Signal();
            }
        }),
        new("Q-024", "Send during pending receive", b =>
        {
            Socket receiver = b.Bound(), socket = b.Connected(At(receiver));
            socket.ReceiveTimeout = 0;
            Task<string> receiving = Blocked(() => Try(() => socket.Receive(new byte[64])));
            string sent = Try(() => socket.Send(Bytes(3)));
            receiver.SendTo(Bytes(3), At(socket));
            return $"{sent} {Try(() => receiving)}";
        }),
        new("Q-025", "Sync Receive while async receive pending", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            receiver.ReceiveTimeout = 0;
            byte[] first = new byte[64], second = new byte[64];
            Task<int> pending = receiver.ReceiveAsync(first.AsMemory(), SocketFlags.None).AsTask();
            Task<string> blocked = Blocked(() => Try(() => receiver.Receive(second)));
            sender.Send(new byte[] { 1 });
            sender.Send(new byte[] { 2 });
            Task.WaitAll([pending, blocked], 3000);
            return $"async={first[0]} sync={second[0]}";
        }),
    ];

    private static string Made(Bench b, AddressFamily family, SocketType type, ProtocolType protocol) => Try(() =>
    {
        Socket socket = b.Keep(new Socket(family, type, protocol));
        return $"{socket.ProtocolType} {socket.SocketType}";
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int PortOfUndisposedClient() => At(new UdpClient(Loop(0))).Port;
}

namespace ZMemif.Udp.Differential;

/// <summary>What the framework's public tests assert about asynchronous forms: AE-001 to AE-024.</summary>
internal static class AssertedAsyncProbes
{
    private const SocketFlags None = SocketFlags.None;

    private static readonly byte[] s_eight = Bytes(8);
    private static readonly ArraySegment<byte> s_segment = new(s_eight);
    private static readonly IPEndPoint s_far = new(IPAddress.Parse("1.2.3.4"), 1234);
    private static readonly IPEndPoint s_broadcast = new(IPAddress.Broadcast, 9);

    public static Probe[] Rows { get; } =
    [
        new("AE-001", "ReceiveFromAsync(seg, null)", b => When(() => b.Bound().ReceiveFromAsync(Segment, None, null!))),
        new("AE-002", "ReceiveFromAsync(seg, v6 ep)", b => When(() => b.Bound().ReceiveFromAsync(Segment, None, V6))),
        new("AE-003", "ReceiveFromAsync(seg, ep)", b => When(() => b.Fresh().ReceiveFromAsync(Segment, None, Any))),
        new("AE-004", "ReceiveFromAsync(default segment, ep)", b => When(() => b.Bound().ReceiveFromAsync(default(ArraySegment<byte>), None, Any))),
        new("AE-005", "ReceiveMessageFromAsync(seg, null)", b => When(() => b.Bound().ReceiveMessageFromAsync(Segment, None, null!))),
        new("AE-006", "ReceiveMessageFromAsync(seg, ep)", b => When(() => b.Fresh().ReceiveMessageFromAsync(Segment, None, Any))),
        new("AE-007", "SendToAsync(seg, null)", b => When(() => b.Fresh().SendToAsync(s_segment, None, null!))),
        new("AE-008", "SendToAsync(default segment, ep)", b => When(() => b.Fresh().SendToAsync(default(ArraySegment<byte>), None, b.Sink()))),
        new("AE-009", "SendToAsync(seg, 255.255.255.255)", b =>
        {
            Socket socket = b.Fresh();
            return $"{When(() => socket.SendToAsync(s_segment, None, s_broadcast))} Local={Value(socket.LocalEndPoint)}";
        }),
        new("AE-010", "SendTo(255.255.255.255)", b =>
        {
            Socket socket = b.Fresh();
            return $"{Try(() => socket.SendTo(s_eight, s_broadcast))} Local={Value(socket.LocalEndPoint)}";
        }),
        new("AE-011", "SendToAsync(seg, 1.2.3.4:1234)", b =>
        {
            Socket socket = b.Fresh();
            Task<int> sending = socket.SendToAsync(s_segment, None, s_far);
            return $"{Value(socket.LocalEndPoint)} then {Try(() => sending)}";
        }),
        new("AE-012", "BeginSendTo(1.2.3.4:1234)", b =>
        {
            Socket socket = b.Fresh();
            IAsyncResult begun = socket.BeginSendTo(s_eight, 0, 8, None, s_far, null, null);
            return $"{Value(socket.LocalEndPoint)} then {Try(() => socket.EndSendTo(begun))}";
        }),
        new("AE-013", "SendToAsync(SAEA, 1.2.3.4:1234)", b =>
        {
            Socket socket = b.Fresh();
            bool pending = socket.SendToAsync(new EventArgsOperation(b, s_far, s_eight).Args);
            return $"{Value(socket.LocalEndPoint)} pending={pending}";
        }),
        new("AE-014", "EndReceiveFrom(Task.CompletedTask)", b => Try(() => EndFrom(b.Bound(), Task.CompletedTask, Any))),
        new("AE-015", "EndReceiveMessageFrom(Task.CompletedTask)", b => Try(() =>
        {
            EndPoint from = Any;
            SocketFlags flags = None;
            return b.Bound().EndReceiveMessageFrom(Task.CompletedTask, ref flags, ref from, out _);
        })),
        new("AE-016", "EndSendTo(Task.CompletedTask)", b => Try(() => b.Bound().EndSendTo(Task.CompletedTask))),
        new("AE-017", "EndSend(Task.CompletedTask)", b => Try(() => b.Bound().EndSend(Task.CompletedTask))),
        new("AE-018", "EndReceive(Task.CompletedTask)", b => Try(() => b.Bound().EndReceive(Task.CompletedTask))),
        new("AE-019", "UdpClient.EndSend(Task.CompletedTask)", b => Try(() => b.BoundClient().EndSend(Task.CompletedTask))),
        new("AE-020", "UdpClient.EndReceive(Task.CompletedTask)", b => Try(() =>
        {
            IPEndPoint? from = null;
            return b.BoundClient().EndReceive(Task.CompletedTask, ref from);
        })),
        new("AE-021", "EndReceiveFrom(own iar, null endpoint)", b => OwnEnd(b, null!)),
        new("AE-022", "EndReceiveFrom(own iar, v6 endpoint)", b => OwnEnd(b, V6)),
        new("AE-023", "BeginReceiveFrom with data queued", b =>
        {
            (Socket receiver, Socket sender) = b.Queued();
            EndPoint from = Any;
            IAsyncResult begun = receiver.BeginReceiveFrom(new byte[64], 0, 64, None, ref from, null, null);
            return $"sync={begun.CompletedSynchronously} refUpdated={from.Equals(sender.LocalEndPoint)}";
        }),
        new("AE-024", "undisposed derived UdpClient with finalizer", _ =>
        {
            WeakReference client = Forgotten();
            for (int i = 0; i < 5 && client.IsAlive; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            return $"alive={client.IsAlive}";
        }),
    ];

    private static ArraySegment<byte> Segment => new(new byte[64]);

    private static int EndFrom(Socket socket, IAsyncResult begun, EndPoint from) => socket.EndReceiveFrom(begun, ref from);

    private static string OwnEnd(Bench b, EndPoint endFrom)
    {
        (Socket receiver, _) = b.Queued();
        EndPoint from = Any;
        IAsyncResult begun = receiver.BeginReceiveFrom(new byte[64], 0, 64, None, ref from, null, null);
        return Try(() => EndFrom(receiver, begun, endFrom));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference Forgotten() => new(new Finalized());

    private sealed class Finalized : UdpClient
    {
        ~Finalized() => Dispose(false);
    }
}

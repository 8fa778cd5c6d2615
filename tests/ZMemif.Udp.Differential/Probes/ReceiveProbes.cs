namespace ZMemif.Udp.Differential;

/// <summary>Receiving a ten-byte datagram in every calling style, with room for it and without: E-001 to E-028.</summary>
internal static class ReceiveProbes
{
    private static readonly SocketFlags[] s_flags =
    [
        SocketFlags.DontRoute, SocketFlags.Partial, SocketFlags.Broadcast, SocketFlags.Multicast, SocketFlags.ControlDataTruncated, (SocketFlags)64,
    ];

    public static Probe[] Rows { get; } =
    [
        new("E-001", "Receive(byte[4])", b =>
        {
            (Socket receiver, _) = b.Queued();
            return $"{receiver.Receive(new byte[4])} Available after={receiver.Available}";
        }),
        new("E-002", "Receive(byte[4],flags,out err)", b =>
        {
            int received = b.Queued().Receiver.Receive(new byte[4], 0, 4, SocketFlags.None, out SocketError error);
            return $"{received} err={error}";
        }),
        new("E-003", "Receive(span4)", b => Try(() => b.Queued().Receiver.Receive(new byte[4].AsSpan()))),
        new("E-004", "Receive(span4, out err)", b =>
        {
            int received = b.Queued().Receiver.Receive(new byte[4].AsSpan(), SocketFlags.None, out SocketError error);
            return $"{received} err={error}";
        }),
        new("E-005", "Receive(list 2+3)", b =>
        {
            byte[] first = new byte[2], second = new byte[3];
            return $"{b.Queued().Receiver.Receive([first, second])} a={Value(first)} c={Value(second)}";
        }),
        new("E-006", "Receive(list 8+8)", b =>
        {
            byte[] first = new byte[8], second = new byte[8];
            return $"{b.Queued().Receiver.Receive([first, second])} c={Value(second)}";
        }),
        new("E-007", "Receive(byte[4],Truncated flag in)", b => Try(() => b.Queued().Receiver.Receive(new byte[4], SocketFlags.Truncated))),
        new("E-008", "ReceiveFrom(byte[4])", b =>
        {
            EndPoint from = Any;
            return $"{b.Queued().Receiver.ReceiveFrom(new byte[4], ref from)} from {Name(from)}";
        }),
        new("E-009", "ReceiveFrom(span4)", b =>
        {
            EndPoint from = Any;
            return $"{b.Queued().Receiver.ReceiveFrom(new byte[4].AsSpan(), ref from)} from {Name(from)}";
        }),
        new("E-010", "ReceiveFrom(span4,SocketAddress)", b =>
        {
            (Socket receiver, Socket sender) = b.Queued();
            SocketAddress from = Any.Serialize();
            return $"{receiver.ReceiveFrom(new byte[4].AsSpan(), SocketFlags.None, from)} sa.Size={from.Size} {from.Equals(At(sender).Serialize())}";
        }),
        new("E-011", "ReceiveFrom(span,SocketAddress fam v6)", b =>
        {
            SocketAddress from = V6.Serialize();
            return $"{b.Queued().Receiver.ReceiveFrom(new byte[64].AsSpan(), SocketFlags.None, from)} fam={from.Family} size={from.Size}";
        }),
        new("E-012", "ReceiveFrom(span,SocketAddress too small)", b => Try(() =>
            b.Queued().Receiver.ReceiveFrom(new byte[64].AsSpan(), SocketFlags.None, new SocketAddress(AddressFamily.InterNetwork, 2)))),
        new("E-013", "ReceiveFrom(span,SocketAddress null)",
            b => Try(() => b.Queued().Receiver.ReceiveFrom(new byte[64].AsSpan(), SocketFlags.None, (SocketAddress)null!))),
        new("E-014", "ReceiveMessageFrom(byte[4])", b =>
        {
            var flags = SocketFlags.None;
            EndPoint from = Any;
            int received = b.Queued().Receiver.ReceiveMessageFrom(new byte[4], 0, 4, ref flags, ref from, out IPPacketInformation information);
            return $"{received} flags={flags} from {Name(from)} pi={Name(information)}";
        }),
        new("E-015", "ReceiveMessageFrom(span4)", b => MessageWithInformation(b, 4)),
        new("E-016", "ReceiveMessageFrom(byte[64])", b => MessageWithInformation(b, 64)),
        new("E-017", "ReceiveAsync(mem4)", b => Try(() => b.Queued().Receiver.ReceiveAsync(new byte[4].AsMemory(), SocketFlags.None))),
        new("E-018", "ReceiveAsync(mem4) pending first", b => Pending(b, r => r.ReceiveAsync(new byte[4].AsMemory(), SocketFlags.None).AsTask())),
        new("E-019", "ReceiveFromAsync(mem4)", b => Try(() => b.Queued().Receiver.ReceiveFromAsync(new byte[4].AsMemory(), SocketFlags.None, Any))),
        new("E-020", "ReceiveFromAsync(mem4) pending first",
            b => Pending(b, r => r.ReceiveFromAsync(new byte[4].AsMemory(), SocketFlags.None, Any).AsTask())),
        new("E-021", "ReceiveMessageFromAsync(mem4)",
            b => Try(() => b.QueuedWithInformation().Receiver.ReceiveMessageFromAsync(new byte[4].AsMemory(), SocketFlags.None, Any))),
        new("E-022", "ReceiveMessageFromAsync(seg4) pending first",
            b => Pending(b, r => r.ReceiveMessageFromAsync(new ArraySegment<byte>(new byte[4]), SocketFlags.None, Any))),
        new("E-023", "ReceiveFromAsync(mem,SocketAddress)", b =>
        {
            (Socket receiver, Socket sender) = b.Queued();
            SocketAddress from = Any.Serialize();
            string received = Try(() => receiver.ReceiveFromAsync(new byte[4].AsMemory(), SocketFlags.None, from));
            return $"{received} {from.Equals(At(sender).Serialize())}";
        }),
        new("E-024", "Peek then Receive", b =>
        {
            (Socket receiver, _) = b.Queued();
            byte[] buffer = new byte[64];
            return $"peek={receiver.Receive(buffer, SocketFlags.Peek)} avail={receiver.Available} recv={receiver.Receive(buffer)} avail={receiver.Available}";
        }),
        new("E-025", "Peek with small buffer", b =>
        {
            (Socket receiver, _) = b.Queued();
            return $"{receiver.Receive(new byte[4], SocketFlags.Peek)} then full {receiver.Receive(new byte[64])}";
        }),
        new("E-026", "ReceiveFrom Peek", b =>
        {
            (Socket receiver, Socket sender) = b.Queued();
            EndPoint from = Any;
            int peeked = receiver.ReceiveFrom(new byte[64], SocketFlags.Peek, ref from);
            return $"{peeked} {receiver.Receive(new byte[64])} {from.Equals(sender.LocalEndPoint)}";
        }),
        new("E-027", "Receive OutOfBand", b => Try(() => b.Queued().Receiver.Receive(new byte[64], SocketFlags.OutOfBand))),
        new("E-028", "Receive DontRoute/Partial/Broadcast flags",
            b => string.Join(" ", s_flags.Select(flags => $"{flags}→{Try(() => b.Queued().Receiver.Receive(new byte[64], flags))};"))),
    ];

    private static string MessageWithInformation(Bench b, int room)
    {
        var flags = SocketFlags.None;
        EndPoint from = Any;
        int received = b.QueuedWithInformation().Receiver.ReceiveMessageFrom(new byte[room].AsSpan(), ref flags, ref from, out IPPacketInformation information);
        return $"{received} flags={flags} pi={Name(information)}";
    }

    /// <summary>The receive begins before the datagram is sent.</summary>
    private static string Pending(Bench b, Func<Socket, Task> receive)
    {
        (Socket receiver, Socket sender) = b.Pair();
        Task pending = receive(receiver);
        sender.Send(Bytes(10));
        return Try(() => pending);
    }
}

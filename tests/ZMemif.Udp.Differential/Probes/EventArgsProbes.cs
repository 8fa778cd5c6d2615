namespace ZMemif.Udp.Differential;

/// <summary>Every operation by <c>SocketAsyncEventArgs</c>.</summary>
internal static class EventArgsProbes
{
    public static Probe[] Rows { get; } =
    [
        new("M-001", "ReceiveFromAsync", b =>
        {
            (Socket receiver, Socket sender) = b.Queued();
            var operation = new EventArgsOperation(b, Any, new byte[64]);
            string result = operation.Run(receiver.ReceiveFromAsync);
            return $"{result} event raised={operation.Raised} remote==sender {sender.LocalEndPoint!.Equals(operation.Args.RemoteEndPoint)}";
        }),
        new("M-002", "ReceiveFromAsync", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            return new EventArgsOperation(b, Any, new byte[64]).Run(receiver.ReceiveFromAsync, () => sender.Send(Bytes(10)));
        }),
        new("M-003", "ReceiveFromAsync", b => new EventArgsOperation(b, Any, new byte[4]).Run(b.Queued().Receiver.ReceiveFromAsync)),
        new("M-004", "ReceiveAsync", b => new EventArgsOperation(b, null, new byte[4]).Run(b.Queued().Receiver.ReceiveAsync)),
        new("M-005", "ReceiveAsync Peek flag", b =>
        {
            (Socket receiver, _) = b.Queued();
            var operation = new EventArgsOperation(b, null, new byte[64]);
            operation.Args.SocketFlags = SocketFlags.Peek;
            return $"{operation.Run(receiver.ReceiveAsync)} ; {operation.Run(receiver.ReceiveAsync)}";
        }),
        new("M-006", "ReceiveMessageFromAsync", b => new EventArgsOperation(b, Any, new byte[64]).Run(b.Queued().Receiver.ReceiveMessageFromAsync)),
        new("M-007", "ReceiveMessageFromAsync BufferList 4+4",
            b => new EventArgsOperation(b, Any, 4, 4).Run(b.QueuedWithInformation().Receiver.ReceiveMessageFromAsync)),
        new("M-008", "ReceiveFromAsync BufferList 4+60",
            b => new EventArgsOperation(b, Any, 4, 60).Run(b.QueuedWithInformation().Receiver.ReceiveFromAsync)),
        new("M-009", "SendToAsync", b => new EventArgsOperation(b, b.Sink(), Bytes(10)).Run(b.Fresh().SendToAsync)),
        new("M-010", "SendToAsync BufferList", b =>
        {
            Socket receiver = b.Bound();
            string result = new EventArgsOperation(b, At(receiver), 3, 4).Run(b.Fresh().SendToAsync);
            return $"{result} got={Try(() => receiver.Receive(new byte[64]))}";
        }),
        new("M-011", "SendAsync unconnected", b => new EventArgsOperation(b, null, Bytes(10)).Run(b.Fresh().SendAsync)),
        new("M-012", "SendToAsync too big", b => new EventArgsOperation(b, b.Sink(), new byte[65508]).Run(b.Fresh().SendToAsync)),
        new("M-013", "SendToAsync null RemoteEndPoint", b => new EventArgsOperation(b, null, Bytes(10)).Run(b.Fresh().SendToAsync)),
        new("M-014", "ReceiveFromAsync null RemoteEndPoint", b => new EventArgsOperation(b, null, Bytes(10)).Run(b.Bound().ReceiveFromAsync)),
        new("M-015", "ReceiveFromAsync v6 RemoteEndPoint", b => new EventArgsOperation(b, V6, Bytes(10)).Run(b.Bound().ReceiveFromAsync)),
        new("M-016", "ReceiveMessageFromAsync null RemoteEndPoint",
            b => new EventArgsOperation(b, null, Bytes(10)).Run(b.Bound().ReceiveMessageFromAsync)),
        new("M-017", "ReceiveFromAsync unbound socket", b =>
        {
            var operation = new EventArgsOperation(b, Any, new byte[64]);
            return operation.Describe(b.Fresh().ReceiveFromAsync(operation.Args));
        }),
        new("M-018", "ReceiveFromAsync no buffer set", b =>
        {
            (Socket receiver, _) = b.QueuedWithInformation();
            return $"{new EventArgsOperation(b, Any).Run(receiver.ReceiveFromAsync)} avail={receiver.Available}";
        }),
        new("M-019", "SAEA null", b => string.Join(
            " ; ",
            Try(() => b.Bound().SendToAsync(null!)),
            Try(() => b.Bound().ReceiveFromAsync(null!)),
            Try(() => b.Bound().SendAsync((SocketAsyncEventArgs)null!)),
            Try(() => b.Bound().ReceiveAsync((SocketAsyncEventArgs)null!)))),
        new("M-020", "SAEA in use", b =>
        {
            Socket socket = b.Bound();
            var operation = new EventArgsOperation(b, Any, new byte[64]);
            socket.ReceiveFromAsync(operation.Args);
            return $"{Try(() => socket.ReceiveFromAsync(operation.Args))} ; SetBuffer: {Try(() => operation.Args.SetBuffer(new byte[8]))}";
        }),
        new("M-021", "SAEA disposed", b =>
        {
            var operation = new EventArgsOperation(b, b.Sink(), Bytes(10));
            operation.Args.Dispose();
            return Try(() => b.Fresh().SendToAsync(operation.Args));
        }),
        new("M-022", "SetBuffer + BufferList both", b => Try(() => new EventArgsOperation(b, null, new byte[4]).Args.BufferList = [new byte[4]])),
        new("M-023", "SAEA Completed sender object", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            object? raisedBy = null;
            var operation = new EventArgsOperation(b, Any, new byte[64]);
            operation.Args.Completed += (raiser, _) => raisedBy = raiser;
            operation.Run(receiver.ReceiveFromAsync, () => sender.Send(Bytes(10)));
            return Value(ReferenceEquals(raisedBy, receiver));
        }),
        new("M-024", "SAEA refused", b =>
        {
            Socket socket = b.Connected(b.ClosedPort());
            return $"{new EventArgsOperation(b, Any, new byte[64]).Run(socket.ReceiveFromAsync, () => socket.Send(Bytes(4)))} Conn={socket.Connected}";
        }),
        new("M-025", "ReceiveAsync(Memory) pending, then send to closed port", b =>
        {
            Socket socket = b.Connected(b.ClosedPort());
            Task receiving = socket.ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None).AsTask();
            socket.Send(Bytes(4));
            return $"{Try(() => receiving)} Conn={socket.Connected}";
        }),
        new("M-026", "SAEA reuse across ops", b =>
        {
            (Socket receiver, Socket sender) = b.Queued();
            sender.Send(Bytes(10));
            EndPoint given = Any;
            var operation = new EventArgsOperation(b, given, new byte[64]);
            operation.Run(receiver.ReceiveFromAsync);
            EndPoint? first = operation.Args.RemoteEndPoint;
            operation.Run(receiver.ReceiveFromAsync);
            return $"firstNew={!ReferenceEquals(given, first)} secondSameInstance={ReferenceEquals(first, operation.Args.RemoteEndPoint)}";
        }),
        new("M-027", "SendPacketsAsync", b => SendPackets(b, b.Fresh(), endOfPacket: false)),
        new("M-028", "SendPacketsAsync", b => SendPackets(b, endOfPacket: false)),
        new("M-029", "SendPacketsAsync", b => SendPackets(b, endOfPacket: true)),
        new("M-030", "SendPacketsAsync null elements", b => new EventArgsOperation(b, null).Run(b.Connected(b.Sink()).SendPacketsAsync)),
        new("M-031", "ConnectAsync(SAEA)", b =>
        {
            Socket socket = b.Fresh();
            var operation = new EventArgsOperation(b, b.Sink());
            return $"{operation.Run(socket.ConnectAsync)} Conn={socket.Connected} ConnectSocket==q {ReferenceEquals(operation.Args.ConnectSocket, socket)}";
        }),
        new("M-032", "Socket.ConnectAsync static (Dgram,Udp)", b =>
        {
            SocketAsyncEventArgs e = new EventArgsOperation(b, b.Sink()).Args;
            bool pending = Socket.ConnectAsync(SocketType.Dgram, ProtocolType.Udp, e);
            Socket made = b.Keep(e.ConnectSocket!);
            return $"p={pending} err={e.SocketError} sock={made.SocketType} {Name(made.RemoteEndPoint)}";
        }),
    ];

    private static string SendPackets(Bench b, bool endOfPacket)
    {
        (Socket receiver, Socket sender) = b.Pair();
        string result = SendPackets(b, sender, endOfPacket);
        return $"{result} got={Try(() => receiver.Receive(new byte[64]))},{Try(() => receiver.Receive(new byte[64]))}";
    }

    private static string SendPackets(Bench b, Socket sender, bool endOfPacket)
    {
        var operation = new EventArgsOperation(b, null);
        operation.Args.SendPacketsElements = [new SendPacketsElement(Bytes(3), 0, 3, endOfPacket), new SendPacketsElement(Bytes(4))];
        return operation.Run(sender.SendPacketsAsync);
    }
}

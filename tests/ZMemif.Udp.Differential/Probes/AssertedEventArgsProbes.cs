namespace ZMemif.Udp.Differential;

/// <summary>What the framework's public tests assert about <c>SocketAsyncEventArgs</c> and lists of segments: AE-057 to AE-067.</summary>
internal static class AssertedEventArgsProbes
{
    public static Probe[] Rows { get; } =
    [
        new("AE-057", "SAEA Peek, receive, short receive (array buffer)", b =>
        {
            (Socket receiver, Socket sender) = b.Queued(500);
            sender.Send(Bytes(500));
            var large = new EventArgsOperation(b, Any, new byte[1024]);
            large.Args.SocketFlags = SocketFlags.Peek;
            string peeked = Received(large, receiver);
            large.Args.SocketFlags = SocketFlags.None;
            string received = Received(large, receiver);
            string cut = Received(new EventArgsOperation(b, Any, new byte[100]), receiver);
            return $"{peeked} {received} {cut} Avail={receiver.Available}";
        }),
        new("AE-058", "SAEA.SetBuffer(array,-1,0) / (array,0,99)",
            b => $"{Try(() => Args(b).SetBuffer(new byte[8], -1, 0))} ; {Try(() => Args(b).SetBuffer(new byte[8], 0, 99))}"),
        new("AE-059", "SAEA.SetBuffer(Memory) then SetBuffer(0,4)", b =>
        {
            SocketAsyncEventArgs e = Args(b);
            using var owner = new NativeMemory();
            e.SetBuffer(owner.Memory);
            return Try(() => e.SetBuffer(0, 4));
        }),
        new("AE-060", "SAEA BufferList set while a buffer is set",
            b => Try(() => new EventArgsOperation(b, null, new byte[8]).Args.BufferList = [new byte[8]])),
        new("AE-061", "SAEA reused while pending", b =>
        {
            Socket socket = b.Bound();
            SocketAsyncEventArgs e = new EventArgsOperation(b, null, new byte[8]).Args;
            socket.ReceiveAsync(e);
            return Try(() => socket.ReceiveAsync(e));
        }),
        new("AE-062", "SAEA disposed while pending", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            using var completed = new ManualResetEventSlim();
            SocketAsyncEventArgs e = new EventArgsOperation(b, null, new byte[8]).Args;
            e.Completed += (_, _) => completed.Set();
            receiver.ReceiveAsync(e);
            e.Dispose();
            sender.Send(Bytes(8));
            return $"completed={completed.Wait(1000)} ; {Try(() => receiver.ReceiveAsync(e))}";
        }),
        new("AE-063", "SAEA Completed thread and ExecutionContext", b => $"{Context(b, unsafeSuppress: false)} / {Context(b, unsafeSuppress: true)}"),
        new("AE-064", "SAEA one args, two destinations", b =>
        {
            Socket first = b.Bound(), second = b.Bound(), sender = b.Fresh();
            var operation = new EventArgsOperation(b, At(first), Bytes(8));
            operation.Run(sender.SendToAsync);
            operation.Args.RemoteEndPoint = At(second);
            operation.Run(sender.SendToAsync);
            return $"{Try(() => first.Receive(new byte[64]))} {Try(() => second.Receive(new byte[64]))}";
        }),
        new("AE-065", "SAEA ReceiveMessageFrom, BufferList of two 512, 1024-byte datagram", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            receiver.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
            sender.Send(Bytes(1024));
            SocketAsyncEventArgs e = new EventArgsOperation(b, Any, 512, 512).Args;
            bool pending = receiver.ReceiveMessageFromAsync(e);
            return $"pending={pending} n={e.BytesTransferred} flags={e.SocketFlags} info={Name(e.ReceiveMessageFromPacketInfo)}"
                + $" remoteOk={sender.LocalEndPoint!.Equals(e.RemoteEndPoint)}";
        }),
        new("AE-066", "Send(1200 one-byte segments)", b =>
        {
            int sent = b.Connected(b.Sink()).Send(ReconnectProbes.Segments(1200), SocketFlags.None, out SocketError error);
            return $"{sent} {error}";
        }),
        // As many bytes wait as there are segments; with fewer, only the segments that they need are passed on (AA-012).
        new("AE-067", "Receive(1200 one-byte segments)", b =>
        {
            int received = b.Queued(1200).Receiver.Receive(ReconnectProbes.Segments(1200), SocketFlags.None, out SocketError error);
            return $"{received} {error}";
        }),
    ];

    private static SocketAsyncEventArgs Args(Bench b) => new EventArgsOperation(b, null).Args;

    private static string Received(EventArgsOperation operation, Socket receiver)
    {
        operation.Run(receiver.ReceiveAsync);
        return $"{operation.Args.SocketFlags}/{operation.Args.BytesTransferred}";
    }

    private static string Context(Bench b, bool unsafeSuppress)
    {
        (Socket receiver, Socket sender) = b.Pair();
        using var completed = new ManualResetEventSlim();
        var local = new AsyncLocal<int> { Value = 42 };
        int seen = -1, thread = -1;
        SocketAsyncEventArgs e = b.Keep(new SocketAsyncEventArgs(unsafeSuppress));
        e.SetBuffer(new byte[64]);
        e.Completed += (_, _) =>
        {
            (seen, thread) = (local.Value, Environment.CurrentManagedThreadId);
            completed.Set();
        };
        receiver.ReceiveAsync(e);
        sender.Send(Bytes(4));
        completed.Wait(1000);
        return $"local={seen} sameThread={thread == Environment.CurrentManagedThreadId}";
    }

    /// <summary>Memory that is no array, so that there is none to set an offset in.</summary>
    private sealed class NativeMemory : System.Buffers.MemoryManager<byte>
    {
        private readonly byte[] _bytes = new byte[64];

        public override Span<byte> GetSpan() => _bytes;

        public override System.Buffers.MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}

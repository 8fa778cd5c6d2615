namespace ZMemif.Udp.Differential;

/// <summary>Cancellation, and the order in which pending receives complete: J-018 to J-036.</summary>
internal static class CancellationProbes
{
    public static Probe[] Rows { get; } =
    [
        new("J-018", "ReceiveAsync(ct precancelled)", b =>
        {
            Task<int> task = b.Bound().ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None, Cancelled).AsTask();
            return $"IsCanceled={task.IsCanceled} {Try(() => task)}";
        }),
        new("J-019", "ReceiveAsync(ct precancelled)", b =>
        {
            (Socket receiver, _) = b.Queued(3);
            string result = Try(() => receiver.ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None, Cancelled));
            return $"{result} avail={receiver.Available}";
        }),
        new("J-020", "ReceiveFromAsync(ct) cancelled later",
            b => CancelledLater(token => b.Bound().ReceiveFromAsync(new byte[64].AsMemory(), SocketFlags.None, Any, token).AsTask())),
        new("J-021", "ReceiveMessageFromAsync(ct) cancelled later",
            b => CancelledLater(token => b.Bound().ReceiveMessageFromAsync(new byte[64].AsMemory(), SocketFlags.None, Any, token).AsTask())),
        new("J-022", "UdpClient.ReceiveAsync(ct) cancelled later", b => CancelledLater(token => b.BoundClient().ReceiveAsync(token).AsTask())),
        new("J-023", "UdpClient.ReceiveAsync(ct precancelled)", b =>
        {
            Task<UdpReceiveResult> task = b.BoundClient().ReceiveAsync(Cancelled).AsTask();
            return $"IsCanceled={task.IsCanceled} {Try(() => task)}";
        }),
        new("J-024", "UdpClient usable after cancel", b =>
        {
            DUdp client = b.BoundClient();
            CancelledLater(token => client.ReceiveAsync(token).AsTask());
            b.Connected(At(client)).Send(Bytes(3));
            return Try(() => client.ReceiveAsync());
        }),
        new("J-025", "SendAsync(ct precancelled)", b =>
        {
            Socket receiver = b.Bound();
            DUdp client = b.Client();
            client.Connect(At(receiver));
            return $"{Try(() => client.SendAsync(Bytes(3).AsMemory(), Cancelled))} sent? avail={receiver.Available}";
        }),
        new("J-026", "SendAsync(ROM,ep,ct precancelled)", b =>
        {
            Socket receiver = b.Bound();
            DUdp client = b.Client();
            string result = Try(() => client.SendAsync(Bytes(3).AsMemory(), At(receiver), Cancelled));
            return $"{result} avail={receiver.Available} local={Value(client.Client.LocalEndPoint)}";
        }),
        new("J-027", "SendAsync(ROM,host,port,ct precancelled)", b =>
        {
            Socket receiver = b.Bound();
            return $"{Try(() => b.Client().SendAsync(Bytes(3).AsMemory(), "127.0.0.1", At(receiver).Port, Cancelled))} avail={receiver.Available}";
        }),
        new("J-028", "SendToAsync(ct precancelled)", b =>
        {
            Socket receiver = b.Bound();
            string result = Try(() => b.Fresh().SendToAsync(Bytes(3).AsMemory(), SocketFlags.None, At(receiver), Cancelled));
            return $"{result} avail={receiver.Available}";
        }),
        new("J-029", "TaskCanceledException or OperationCanceledException", b =>
        {
            string receive = Try(() => b.Bound().ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None, Cancelled));
            string send = Try(() => b.Connected(b.Sink()).SendAsync(Bytes(3).AsMemory(), SocketFlags.None, Cancelled));
            return $"{receive[2..]} / {send[2..]}";
        }),
        new("J-030", "SendAsync completes synchronously",
            b => Value(b.Connected(b.Sink()).SendAsync(Bytes(3).AsMemory(), SocketFlags.None).IsCompleted)),
        new("J-031", "ReceiveAsync with data queued completes synchronously",
            b => Value(b.Queued().Receiver.ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None).IsCompleted)),
        new("J-032", "UdpClient.ReceiveAsync() with data queued", b =>
        {
            DUdp client = b.BoundClient();
            b.Connected(At(client)).Send(Bytes(3));
            return client.ReceiveAsync().Status.ToString();
        }),
        new("J-033", "Multiple pending ReceiveAsync FIFO", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            (byte[] Buffer, Task Task)[] receives = [.. Enumerable.Range(0, 3).Select(_ => Receive(receiver))];
            for (byte i = 1; i <= 3; i++)
                sender.Send(new[] { i });

            Task.WaitAll([.. receives.Select(receive => receive.Task)], 3000);
            return Value(receives.Select(receive => receive.Buffer[0]).ToList());
        }),
        new("J-034", "Cancel one of three pending receives", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            using var cancellation = new CancellationTokenSource();
            (byte[] b1, Task t1) = Receive(receiver, cancellation.Token);
            (byte[] b2, Task t2) = Receive(receiver);
            (byte[] b3, Task t3) = Receive(receiver);
            cancellation.Cancel();
            Task.WhenAny(t1).Wait();
            sender.Send(new byte[] { 42 });
            sender.Send(new byte[] { 43 });
            Task.WaitAll([t2, t3], 3000);
            return $"t1={t1.Status} b1={b1[0]} b2={b2[0]} b3={b3[0]}";
        }),
        new("J-035", "Two concurrent UdpClient.ReceiveAsync", b =>
        {
            DUdp client = b.BoundClient();
            Task<UdpReceiveResult> first = client.ReceiveAsync(), second = client.ReceiveAsync();
            Socket sender = b.Connected(At(client));
            sender.Send(new byte[] { 1, 1 });
            sender.Send(new byte[] { 2, 2 });
            Task.WaitAll([first, second], 3000);
            return $"{Value(first.Result.Buffer)} | {Value(second.Result.Buffer)} (racy in the kernel-backed class)";
        }),
        new("J-036", "Continuation thread", b =>
        {
            (Socket receiver, Socket sender) = b.Pair();
            string thread = "none";
            Task completed = Completed();
            sender.Send(Bytes(3));
            completed.Wait(3000);
            return thread;

            async Task Completed()
            {
                await receiver.ReceiveAsync(new byte[64].AsMemory(), SocketFlags.None).ConfigureAwait(false);
                thread = $"threadpool={Thread.CurrentThread.IsThreadPoolThread} {Thread.CurrentThread.Name}";
            }
        }),
    ];

    private static (byte[] Buffer, Task Task) Receive(Socket socket, CancellationToken token = default)
    {
        byte[] buffer = new byte[64];
        return (buffer, socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, token).AsTask());
    }

    private static string CancelledLater(Func<CancellationToken, Task> start)
    {
        using var cancellation = new CancellationTokenSource();
        Task task = start(cancellation.Token);
        cancellation.CancelAfter(50);
        try
        {
            task.GetAwaiter().GetResult();
            return "completed";
        }
        catch (OperationCanceledException cancelled)
        {
            return $"{cancelled.GetType().Name} sameToken={cancelled.CancellationToken == cancellation.Token} status={task.Status}";
        }
    }
}

namespace ZMemif.Udp.Differential;

/// <summary>What a probe works with: makes sockets of its own, and disposes them when the probe is over.</summary>
internal sealed class Bench(ProbeHost host) : IDisposable
{
    /// <summary>How long a receive waits for a datagram that may not come, in ms. Loopback delivers within the send.</summary>
    public const int Patience = 250;

    /// <summary>How long a call on another thread needs to be blocked in its receive, in ms.</summary>
    public const int Settle = 100;

    private readonly List<IDisposable> _kept = [];

    public ProbeHost Host => host;

    public static byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)i)];

    public static IPEndPoint At(Socket socket) => (IPEndPoint)socket.LocalEndPoint!;

    public static IPEndPoint At(UdpClient client) => At(client.Client);

    /// <summary>The loopback address, with a port.</summary>
    public static IPEndPoint Loop(int port) => new(IPAddress.Loopback, port);

    public static EndPoint Any => new IPEndPoint(IPAddress.Any, 0);

    public static IPEndPoint V6 => new(IPAddress.IPv6Loopback, 9);

    public static CancellationToken Cancelled => new(canceled: true);

    public static void Wait(int milliseconds = Settle) => Thread.Sleep(milliseconds);

    /// <summary>Runs <paramref name="call"/> on a thread of its own, and returns when it had time to block.</summary>
    public static Task<string> Blocked(Func<string> call, int settle = Settle)
    {
        Task<string> task = Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Wait(settle);
        return task;
    }

    public T Keep<T>(T disposable)
        where T : IDisposable
    {
        lock (_kept)
            _kept.Add(disposable);

        return disposable;
    }

    /// <summary>A socket on which nothing was called yet.</summary>
    public Socket Fresh() => Keep(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));

    /// <summary>A socket bound to the loopback address or to <paramref name="address"/>.</summary>
    public Socket Bound(IPAddress? address = null, int port = 0)
    {
        Socket socket = Fresh();
        socket.Bind(new IPEndPoint(address ?? IPAddress.Loopback, port));
        socket.ReceiveTimeout = Patience;
        return socket;
    }

    /// <summary>A socket connected to <paramref name="peer"/>.</summary>
    public Socket Connected(EndPoint peer)
    {
        Socket socket = Fresh();
        socket.Connect(peer);
        socket.ReceiveTimeout = Patience;
        return socket;
    }

    /// <summary>A socket bound as <see cref="Bound"/>, and one that is connected to it.</summary>
    public (Socket Receiver, Socket Sender) Pair()
    {
        Socket receiver = Bound();
        return (receiver, Connected(receiver.LocalEndPoint!));
    }

    /// <summary>A pair whose receiver has a datagram of <paramref name="bytes"/> bytes queued.</summary>
    public (Socket Receiver, Socket Sender) Queued(int bytes = 10)
    {
        (Socket receiver, Socket sender) = Pair();
        sender.Send(Bytes(bytes));
        return (receiver, sender);
    }

    /// <summary>A pair whose receiver has a datagram queued, and has already switched packet information on.</summary>
    public (Socket Receiver, Socket Sender) QueuedWithInformation()
    {
        (Socket receiver, Socket sender) = Pair();
        receiver.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
        sender.Send(Bytes(10));
        return (receiver, sender);
    }

    public DUdp Client() => Keep(new DUdp());

    public DUdp BoundClient(IPAddress? address = null, int port = 0)
    {
        DUdp client = Keep(new DUdp(new IPEndPoint(address ?? IPAddress.Loopback, port)));
        client.Client.ReceiveTimeout = Patience;
        return client;
    }

    /// <summary>A client connected, by its own method, to a socket that nobody reads.</summary>
    public DUdp ConnectedClient()
    {
        DUdp client = Client();
        client.Connect(Sink());
        client.Client.ReceiveTimeout = Patience;
        return client;
    }

    public DUdp ClosedClient()
    {
        DUdp client = Client();
        client.Close();
        return client;
    }

    public Socket Disposed()
    {
        Socket socket = Bound();
        socket.Dispose();
        return socket;
    }

    /// <summary>Where an open socket, or a peer, takes what is sent, and nobody reads it.</summary>
    public IPEndPoint Sink() => host.FarSink() ?? At(Bound());

    /// <summary>A port that was open a moment ago.</summary>
    public IPEndPoint ClosedPort()
    {
        Socket socket = Bound();
        IPEndPoint endPoint = At(socket);
        socket.Dispose();
        return endPoint;
    }

    public void Dispose()
    {
        lock (_kept)
        {
            _kept.ForEach(disposable => disposable.Dispose());
            _kept.Clear();
        }
    }
}

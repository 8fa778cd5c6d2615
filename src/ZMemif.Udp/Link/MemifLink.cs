namespace ZMemif.Udp.Link;

/// <summary>A memif port as a link.</summary>
internal sealed class MemifLink : ILink
{
    private readonly MemifSocket _socket;
    private readonly MemifPort _port;

    /// <summary>Opens the port: a server listens when this returns, a client has begun to connect.</summary>
    /// <exception cref="MemifException">Listening failed.</exception>
    internal MemifLink(MemifInterfaceOptions options)
    {
        _socket = new MemifSocket(options.Socket!, new MemifSocketOptions { HandshakeTimeout = HandshakeTimeout(options) });
        try
        {
            _port = _socket.AddPort(new MemifPortOptions
            {
                Id = options.Id,
                Role = options.Role,
                Mode = options.Mode,
                Secret = options.Secret,
                TxQueues = options.Queues,
                RxQueues = options.Queues,
                RingSize = options.RingSize,
                BufferSize = options.BufferSize,
                ReceiveMode = options.Poll,
            });
            _port.Connected += (_, _) => StateChanged?.Invoke(this, EventArgs.Empty);
            _port.Disconnected += (_, _) => StateChanged?.Invoke(this, EventArgs.Empty);
            Receivers = [.. _port.RxQueues.Select(queue => new MemifLinkReceiver(queue))];
            Transmitters = [.. _port.TxQueues.Select(queue => new MemifLinkTransmitter(queue))];
            _socket.Start();
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    public event EventHandler? StateChanged;

    public bool IsUp => _port.State == MemifPortState.Connected;

    public int ConnectionCount => _port.ConnectionCount;

    public Exception? LastError => _port.LastError;

    public IReadOnlyList<ILinkReceiver> Receivers { get; }

    public IReadOnlyList<ILinkTransmitter> Transmitters { get; }

    public Task WaitUpAsync(CancellationToken cancellationToken) => _port.WaitConnectedAsync(cancellationToken);

    public ValueTask DisposeAsync() => _socket.DisposeAsync();

    // Short enough that whoever waits for the link learns that the peer said nothing.
    private static TimeSpan HandshakeTimeout(MemifInterfaceOptions options)
    {
        TimeSpan usual = new MemifSocketOptions().HandshakeTimeout;
        TimeSpan half = options.ConnectTimeout / 2;
        return options.Role == MemifRole.Client && half < usual ? half : usual;
    }
}

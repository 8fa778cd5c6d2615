namespace ZMemif.Udp.Link;

/// <summary>A memif port as a link.</summary>
internal sealed class MemifLink : ILink
{
    private readonly MemifSocket _socket;
    private readonly MemifPort _port;
    private readonly string? _pcap;
    private volatile Exception? _captureFault;
    private volatile bool _isClosed;

    /// <summary>Opens the port: a server listens when this returns, a client has begun to connect.</summary>
    /// <exception cref="MemifException">Listening failed, or the capture's file cannot be created.</exception>
    internal MemifLink(MemifInterfaceOptions options)
    {
        _pcap = options.Pcap;
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
            if (_pcap is not null)
                StartCapture(_pcap);
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

    public Exception? LastError => _isClosed ? _captureFault ?? _port.LastError : _port.LastError ?? _captureFault;

    public IReadOnlyList<ILinkReceiver> Receivers { get; }

    public IReadOnlyList<ILinkTransmitter> Transmitters { get; }

    public Task WaitUpAsync(CancellationToken cancellationToken) => _port.WaitConnectedAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        // Before the port, whose end would complete the file too, but tells of a full disk only after a while.
        EndCapture();
        await _socket.DisposeAsync().ConfigureAwait(false);
        _isClosed = true;
    }

    // The port sees every frame that is on a ring, and costs nothing while there is no capture: no decorator could do better.
    private void StartCapture(string path)
    {
        _socket.Error += (_, error) =>
        {
            if (error.IsWarning && error.Port == _port && error.Error.Code == MemifErrorCode.SystemError)
                _captureFault ??= error.Error;
        };
        try
        {
            _port.StartCapture(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MemifException(MemifErrorCode.SystemError, $"Pcap={path}: the file cannot be created. {e.Message}", e);
        }
    }

    private void EndCapture()
    {
        try
        {
            _port.StopCapture();
        }
        catch (IOException e)
        {
            _captureFault ??= new MemifException(MemifErrorCode.SystemError, $"Pcap={_pcap}: {e.Message} {e.InnerException?.Message}", e);
        }
    }

    // Short enough that whoever waits for the link learns that the peer said nothing.
    private static TimeSpan HandshakeTimeout(MemifInterfaceOptions options)
    {
        TimeSpan usual = new MemifSocketOptions().HandshakeTimeout;
        TimeSpan half = options.ConnectTimeout / 2;
        return options.Role == MemifRole.Client && half < usual ? half : usual;
    }
}

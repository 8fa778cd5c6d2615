using ZMemif.Control;
using ZMemif.Native;

namespace ZMemif;

/// <summary>
/// A control socket: an address at which servers listen and to which clients connect, shared by any number of
/// <see cref="MemifPort"/>s with different ids. Thread-safe.
/// </summary>
public sealed class MemifSocket : IDisposable, IAsyncDisposable
{
    private readonly UnixAddress _address;
    private readonly MemifSocketOptions _options;
    private readonly ControlLoop _loop;
    private readonly Lock _lock = new();
    private readonly List<MemifPort> _ports = [];

    // On the control thread only.
    private readonly List<ControlConnection> _accepted = [];
    private readonly Dictionary<MemifPort, ClientConnector> _connectors = [];

    private Listener? _listener;
    private bool _started;
    private Task? _closing;

    /// <summary>Creates a socket; nothing happens before <see cref="Start"/>.</summary>
    /// <param name="address">A path, or <c>@name</c> for a Linux abstract name; up to 107 bytes.</param>
    /// <param name="options">Options; they are copied.</param>
    /// <exception cref="ArgumentException">The address or an option is not usable; the message says why.</exception>
    public MemifSocket(string address, MemifSocketOptions? options = null)
    {
        _address = UnixAddress.Parse(address);
        _options = (options ?? new MemifSocketOptions()).Validated();
        _loop = ControlLoop.Join();
    }

    /// <summary>The address, as it was given.</summary>
    public string Address => _address.Text;

    /// <summary>Adds a port. It begins to work when the socket is started, or at once if it has been.</summary>
    /// <exception cref="ArgumentException">An option is not usable, or the socket has a port of this id and role.</exception>
    /// <exception cref="MemifException">The port is the first server port of a started socket, and listening failed.</exception>
    public MemifPort AddPort(MemifPortOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var port = new MemifPort(this, options.Validated(_options.ApplicationName));
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            if (_ports.Exists(other => other.Id == port.Id && other.Role == port.Role))
                throw new ArgumentException($"The socket {Address} already has a {port.Role} port with id {port.Id}.", nameof(options));
            if (_started)
                Begin(port);
            _ports.Add(port);
        }

        return port;
    }

    /// <summary>Listens if there is a server port, and lets client ports connect. Calling it again does nothing.</summary>
    /// <exception cref="MemifException">Listening failed; the message says why and what helps.</exception>
    public void Start()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            if (_started)
                return;

            // What can fail goes first, so that a failed start has begun nothing and can be tried again.
            if (_ports.Exists(port => port.Role == MemifRole.Server))
                ListenOnce();
            _ports.ForEach(Begin);
            _started = true;
        }
    }

    /// <summary>Ends all links and waits until they are gone; see <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => CloseAsync().GetAwaiter().GetResult();

    /// <summary>Ends all links, tells the peers, removes the socket file, and closes every port.</summary>
    public ValueTask DisposeAsync() => new(CloseAsync());

    /// <summary>Ends a port's link because of what its peer did. Thread-safe; the link goes a moment later.</summary>
    internal void Fail(MemifPort port, MemifException cause) => _loop.Post(() =>
    {
        if (_connectors.TryGetValue(port, out ClientConnector? connector))
            connector.EndConnection(cause);
        else
            _accepted.Find(connection => connection.Port == port)?.End(cause);
    });

    private void Begin(MemifPort port)
    {
        if (port.Role == MemifRole.Server)
            ListenOnce();
        port.Begin();
        if (port.Role == MemifRole.Client)
            _loop.Post(() => StartConnector(port));
    }

    private void ListenOnce()
    {
        if (_listener is not null)
            return;
        Listener listener = ControlAddress.Listen(_address, Accept);
        _listener = listener;
        _loop.Post(() => _loop.Add(listener));
    }

    private void StartConnector(MemifPort port)
    {
        var connector = new ClientConnector(_loop, _address, port, _options.HandshakeTimeout);
        _connectors.Add(port, connector);
        connector.Start();
    }

    private void Accept(SeqPacketSocket socket)
    {
        var handshake = new ServerHandshake(_options.ApplicationName, FindServer);
        var connection = new ControlConnection(
            _loop, new ControlChannel(socket), handshake, _options.HandshakeTimeout, ended => _accepted.Remove(ended));
        _accepted.Add(connection);
        _loop.Add(connection);
        if (_accepted.Count(other => !other.WasUp) > MemifLimits.MaxPendingConnections)
            connection.End(new MemifException(MemifErrorCode.Unknown, "Too many connections to this socket are being set up; try again later."));
        else
            connection.Start();
    }

    private MemifPort? FindServer(uint id)
    {
        lock (_lock)
            return _ports.Find(port => port.Id == id && port.Role == MemifRole.Server);
    }

    private Task CloseAsync()
    {
        lock (_lock)
            return _closing ??= CloseOnLoopAsync();
    }

    private async Task CloseOnLoopAsync()
    {
        await _loop.InvokeAsync(CloseAll).ConfigureAwait(false);
        ControlLoop.Leave();
    }

    private void CloseAll()
    {
        var cause = new MemifException(MemifErrorCode.ClosedLocally, "The interface was closed.");
        if (_listener is { } listener)
        {
            _loop.Remove(listener);
            listener.Close();
        }

        foreach (ClientConnector connector in _connectors.Values)
            connector.Stop(cause);
        foreach (ControlConnection connection in _accepted.ToArray())
            connection.End(cause);
        lock (_lock)
            _ports.ForEach(port => port.Close());
    }
}

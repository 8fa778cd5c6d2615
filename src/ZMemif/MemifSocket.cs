using ZMemif.Control;
using ZMemif.Native;

namespace ZMemif;

/// <summary>
/// A control socket: an address at which servers listen and to which clients connect, shared by any number of
/// <see cref="MemifPort"/>s with different ids. Thread-safe.
/// </summary>
public sealed partial class MemifSocket : IDisposable, IAsyncDisposable
{
    private readonly UnixAddress _address;
    private readonly MemifSocketOptions _options;
    private readonly ControlLoop _loop;
    private readonly SerialCallbacks _callbacks = new();
    private readonly Lock _lock = new();
    private readonly List<MemifPort> _ports = [];
    private Listener? _listener;
    private bool _started;
    private Task _stopping = Task.CompletedTask;
    private Task _removals = Task.CompletedTask;
    private Task? _closing;

    /// <summary>Creates a socket; nothing happens before <see cref="Start"/>.</summary>
    /// <param name="address">A path, or <c>@name</c> for a Linux abstract name; up to 107 bytes.</param>
    /// <param name="options">Options; they are copied.</param>
    /// <exception cref="ArgumentException">The address or an option is not usable; the message says why.</exception>
    public MemifSocket(string address = MemifDefaults.SocketPath, MemifSocketOptions? options = null)
    {
        _address = UnixAddress.Parse(address);
        _options = (options ?? new MemifSocketOptions()).Validated();
        _loop = ControlLoop.Join();
    }

    /// <summary>
    /// A peer was refused, broke a rule or left before it was connected to a port, or something is not right with one that
    /// is. What ends a port's link is told by <see cref="MemifPort.Disconnected"/>. Raised from the thread pool, in order; while
    /// a handler is slow at most 64 events wait, and of more the latest takes the place of the one before it. An exception
    /// that a handler throws is not caught, and ends the process.
    /// </summary>
    public event EventHandler<MemifErrorEventArgs>? Error;

    /// <summary>The address, as it was given.</summary>
    public string Address => _address.Text;

    /// <summary>The ports of this socket, at this moment.</summary>
    public IReadOnlyList<MemifPort> Ports
    {
        get
        {
            lock (_lock)
                return [.. _ports];
        }
    }

    /// <summary>Adds a port. It begins to work when the socket is started, or at once if it has been.</summary>
    /// <exception cref="ArgumentException">An option is not usable, or the socket has a port of this id and role.</exception>
    /// <exception cref="MemifException">The port is the first server port of a started socket, and listening failed.</exception>
    public MemifPort AddPort(MemifPortOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        PortIdentity identity = options.Validated(_options.ApplicationName);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            if (_ports.Exists(other => other.Id == identity.Id && other.Role == identity.Role))
                throw new ArgumentException($"The socket {Address} already has a {identity.Role} port with id {identity.Id}.", nameof(options));

            // What can fail goes first: nobody would close the queues of a port that is not returned.
            if (_started && identity.Role == MemifRole.Server)
                ListenOnce();
            var port = new MemifPort(this, identity, options.ReceiveMode, _loop);
            if (_started)
                Begin(port);
            _ports.Add(port);
            return port;
        }
    }

    /// <summary>Listens if there is a server port, and lets client ports connect. Calling it again does nothing.</summary>
    /// <exception cref="MemifException">Listening failed; the message says why and what helps.</exception>
    /// <exception cref="InvalidOperationException">The task of <see cref="StopAsync"/> has not ended.</exception>
    public void Start()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            if (_started)
                return;
            if (!_stopping.IsCompleted)
                throw new InvalidOperationException($"The socket {Address} is still being stopped; await {nameof(StopAsync)} before {nameof(Start)}.");

            // What can fail goes first, so that a failed start has begun nothing and can be tried again.
            if (_ports.Exists(port => port.Role == MemifRole.Server))
                ListenOnce();
            _ports.ForEach(Begin);
            _started = true;
        }
    }

    /// <summary>Ends all links, and listens no more; <see cref="Start"/> begins again. Waits until the links are gone.</summary>
    public Task StopAsync()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closing is not null, this);
            _started = false;
            return _stopping = _loop.InvokeAsync(() => EndAll(isFinal: false));
        }
    }

    /// <summary>Ends all links and waits until they are gone; see <see cref="DisposeAsync"/>.</summary>
    public void Dispose() => CloseAsync().GetAwaiter().GetResult();

    /// <summary>Ends all links, tells the peers, removes the socket file, and closes every port.</summary>
    public ValueTask DisposeAsync() => new(CloseAsync());

    internal void RaiseError(MemifErrorEventArgs arguments) => _callbacks.Run(() => Error?.Invoke(this, arguments));

    /// <summary>Takes a port off the socket and closes it, unless somebody else does; see <see cref="MemifPort.Ended"/>.</summary>
    internal Task RemoveAsync(MemifPort port)
    {
        lock (_lock)
        {
            if (_closing is { } closing)
                return closing;
            if (!_ports.Remove(port))
                return Task.CompletedTask;

            // Under the lock, so that it comes before the socket's end, behind which the control thread may be gone.
            _removals = Task.WhenAll(_removals, port.Ended);
            return _loop.InvokeAsync(() => EndPort(port, isFinal: true));
        }
    }

    private Task CloseAsync()
    {
        lock (_lock)
            return _closing ??= CloseOnLoopAsync();
    }

    private async Task CloseOnLoopAsync()
    {
        await _loop.InvokeAsync(() => EndAll(isFinal: true)).ConfigureAwait(false);
        await Task.WhenAll(Ports.Select(port => port.Ended).Append(_removals)).ConfigureAwait(false);
        _options.Listener?.Dispose();
        ControlLoop.Leave();
    }
}

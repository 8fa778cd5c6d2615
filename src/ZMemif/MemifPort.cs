using System.Collections.Immutable;
using ZMemif.Control;

namespace ZMemif;

/// <summary>
/// One memif interface: an id on a <see cref="MemifSocket"/>, with queues that carry packets while a peer is connected.
/// Thread-safe; events come from the thread pool, in order.
/// </summary>
public sealed partial class MemifPort : IAsyncDisposable
{
    private readonly MemifSocket _socket;
    private readonly PortIdentity _identity;
    private readonly SerialCallbacks _callbacks = new();
    private readonly Rekicker _rekicker;

    internal MemifPort(MemifSocket socket, PortIdentity identity, MemifReceiveMode receiveMode, ControlLoop loop)
    {
        _socket = socket;
        _identity = identity;
        _rekicker = new Rekicker(loop, Rekick);
        RxQueues = [.. Enumerable.Range(0, identity.Geometry.RxQueues).Select(i => new MemifRxQueue(i, receiveMode, this))];
        TxQueues = [.. Enumerable.Range(0, identity.Geometry.TxQueues).Select(i => new MemifTxQueue(i, this))];
    }

    /// <summary>
    /// The link came up. Raised, as all events of the port, from the thread pool and in order; while a handler is slow at
    /// most 64 wait, and of more the latest takes the place of the one before it. What a handler throws ends the process.
    /// </summary>
    public event EventHandler? Connected;

    /// <summary>The link, or an attempt at one, ended; the arguments say why.</summary>
    public event EventHandler<MemifErrorEventArgs>? Disconnected;

    /// <summary>The socket that the port belongs to.</summary>
    public MemifSocket Socket => _socket;

    /// <summary>The interface id.</summary>
    public uint Id => _identity.Id;

    /// <summary>Which end this is.</summary>
    public MemifRole Role => _identity.Role;

    /// <summary>What a packet on this port is.</summary>
    public MemifMode Mode => _identity.Mode;

    /// <summary>The interface name shown to the peer.</summary>
    public string Name => _identity.InterfaceName;

    /// <summary>An object of the program's own; the library does not look at it.</summary>
    public object? UserState { get; set; }

    /// <summary>The receive queues; a peer may allow or bring fewer, then the later ones stay unconnected.</summary>
    public ImmutableArray<MemifRxQueue> RxQueues { get; }

    /// <summary>The transmit queues; a peer may allow or bring fewer, then the later ones stay unconnected.</summary>
    public ImmutableArray<MemifTxQueue> TxQueues { get; }

    /// <summary>
    /// Waits until the link is up; returns at once if it is. Attempts that fail, also for a reason that will not go away such
    /// as a wrong secret, do not end the waiting: <see cref="LastError"/> and <see cref="Disconnected"/> tell of them.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The port was closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task WaitConnectedAsync(CancellationToken cancellationToken = default) =>
        Volatile.Read(ref _connected).Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Waits until the link ends, in whatever way; returns at once if none is up. <see cref="LastError"/> says why it ended, unless
    /// the next one is up already. The port's own end is an end of its link like any other.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task WaitDisconnectedAsync(CancellationToken cancellationToken = default) =>
        Volatile.Read(ref _disconnected).Task.WaitAsync(cancellationToken);

    /// <summary>
    /// A client tries to connect at once, without waiting for its next turn; also after <see cref="Disconnect"/>. For a server
    /// it means nothing, since its client decides.
    /// </summary>
    public void RequestConnection() => _socket.RequestConnection(this);

    /// <summary>
    /// Ends the link, a moment later. A client stays disconnected until <see cref="RequestConnection"/>; a server's client may
    /// come back at any time.
    /// </summary>
    /// <param name="reason">A sentence for the peer; up to 95 bytes of UTF-8 are sent.</param>
    public void Disconnect(string reason = "The interface was disconnected.") => _socket.Disconnect(this, reason);

    /// <summary>
    /// Ends the link, takes the port off its socket, and completes a capture. A closed port does not come back. Every caller
    /// waits for all of it, and so does who disposes the socket meanwhile.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _socket.RemoveAsync(this).ConfigureAwait(false);
        await Ended.ConfigureAwait(false);
    }

    internal int MaxLog2RingSize => _identity.Policy.MaxLog2RingSize;

    private RekickLook Rekick()
    {
        RekickLook soonest = RekickLook.Never;
        foreach (MemifTxQueue queue in TxQueues)
        {
            RekickLook next = queue.Rekick();
            soonest = next > soonest ? next : soonest;
        }

        return soonest;
    }
}

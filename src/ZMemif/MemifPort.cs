using System.Collections.Immutable;
using ZMemif.Control;

namespace ZMemif;

/// <summary>
/// One memif interface: an id on a <see cref="MemifSocket"/>, with queues that carry packets while a peer is connected.
/// Properties may be read from any thread; events come from the thread pool, in order.
/// </summary>
public sealed class MemifPort : IControlPort
{
    private readonly MemifSocket _socket;
    private readonly PortIdentity _identity;
    private readonly SerialCallbacks _callbacks = new();
    private volatile MemifPortState _state;
    private volatile MemifException? _lastError;
    private volatile int _connectionCount;
    private volatile string _peerApplication = "";
    private volatile string _peerName = "";
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal MemifPort(MemifSocket socket, PortIdentity identity)
    {
        _socket = socket;
        _identity = identity;
        RxQueues = [.. Enumerable.Range(0, identity.RxQueues).Select(i => new MemifRxQueue(i, violation => Report("receive", i, violation)))];
        TxQueues = [.. Enumerable.Range(0, identity.TxQueues).Select(i => new MemifTxQueue(i, violation => Report("transmit", i, violation)))];
    }

    /// <summary>The link came up.</summary>
    public event EventHandler? Connected;

    /// <summary>The link, or an attempt at one, ended; <see cref="LastError"/> says why.</summary>
    public event EventHandler? Disconnected;

    /// <summary>The interface id.</summary>
    public uint Id => _identity.Id;

    /// <summary>Which end this is.</summary>
    public MemifRole Role => _identity.Role;

    /// <summary>What a packet on this port is.</summary>
    public MemifMode Mode => _identity.Mode;

    /// <summary>The interface name shown to the peer.</summary>
    public string Name => _identity.InterfaceName;

    /// <summary>The peer's interface name; empty before the first connection. The peer's words, made printable.</summary>
    public string PeerName => _peerName;

    /// <summary>The peer's application name; empty before the first connection. The peer's words, made printable.</summary>
    public string PeerApplication => _peerApplication;

    /// <summary>Where the port is in its life.</summary>
    public MemifPortState State => _state;

    /// <summary>How many times the link has come up so far.</summary>
    public int ConnectionCount => _connectionCount;

    /// <summary>Why the last link or attempt ended; null while a link is up and before the first attempt.</summary>
    public MemifException? LastError => _lastError;

    /// <summary>The receive queues; a client may bring fewer, then the later ones stay unconnected.</summary>
    public ImmutableArray<MemifRxQueue> RxQueues { get; }

    /// <summary>The transmit queues; a client may bring fewer, then the later ones stay unconnected.</summary>
    public ImmutableArray<MemifTxQueue> TxQueues { get; }

    PortIdentity IControlPort.Identity => _identity;

    bool IControlPort.IsTaken { get; set; }

    /// <summary>Waits until the link is up; returns at once if it is.</summary>
    /// <exception cref="ObjectDisposedException">The socket was disposed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task WaitConnectedAsync(CancellationToken cancellationToken = default) =>
        Volatile.Read(ref _connected).Task.WaitAsync(cancellationToken);

    /// <summary>The port in a line, for people.</summary>
    public override string ToString() =>
        $"{Name} (id {Id}, {Role} on {_socket.Address}): {State}{(_peerName.Length == 0 ? "" : $", peer {_peerApplication} {_peerName}")}";

    internal void Begin() => _state = MemifPortState.Connecting;

    /// <summary>The port's end; on the control thread, after its connection has ended.</summary>
    internal void Close()
    {
        _state = MemifPortState.Closed;
        Volatile.Read(ref _connected).TrySetException(new ObjectDisposedException(nameof(MemifSocket)));
        foreach (MemifRxQueue queue in RxQueues)
            queue.Close();
    }

    void IControlPort.LinkUp(Link link)
    {
        for (int i = 0; i < link.Receive.Length; i++)
            RxQueues[i].Attach(link.Receive[i]);
        for (int i = 0; i < link.Transmit.Length; i++)
            TxQueues[i].Attach(link.Transmit[i]);
        _peerApplication = link.PeerApplication;
        _peerName = link.PeerInterface;
        _lastError = null;
        _connectionCount++;
        _state = MemifPortState.Connected;
        _connected.TrySetResult();
        _callbacks.Run(() => Connected?.Invoke(this, EventArgs.Empty));
    }

    void IControlPort.LinkDown(MemifException cause)
    {
        foreach (MemifRxQueue queue in RxQueues)
            queue.Attach(null);
        foreach (MemifTxQueue queue in TxQueues)
            queue.Attach(null);
        _lastError = cause;
        _state = MemifPortState.Connecting;
        if (_connected.Task.IsCompleted)
            Volatile.Write(ref _connected, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _callbacks.Run(() => Disconnected?.Invoke(this, EventArgs.Empty));
    }

    private void Report(string direction, int queue, string violation) => _socket.Fail(this, new MemifException(
        MemifErrorCode.RingViolation, $"On {direction} queue {queue} the peer wrote something impossible: {violation}."));
}

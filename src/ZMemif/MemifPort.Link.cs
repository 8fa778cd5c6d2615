using ZMemif.Control;
using ZMemif.Memory;

namespace ZMemif;

/// <content>The link's life, as the control thread tells it.</content>
public sealed partial class MemifPort : IControlPort, IQueueOwner
{
    private volatile MemifPortState _state;
    private volatile MemifException? _lastError;
    private volatile Link? _link;
    private volatile int _connectionCount;
    private TaskCompletionSource _connected = Pending();
    private TaskCompletionSource _disconnected = Completed();

    /// <summary>Where the port is in its life.</summary>
    public MemifPortState State => _state;

    /// <summary>How many times the link has come up so far.</summary>
    public int ConnectionCount => _connectionCount;

    /// <summary>Why the last link or attempt ended; null while a link is up and before the first attempt.</summary>
    public MemifException? LastError => _lastError;

    /// <summary>The peer's interface name; empty before the first connection. The peer's words, made printable.</summary>
    public string PeerName => _link?.PeerInterface ?? "";

    /// <summary>The peer's application name; empty before the first connection. The peer's words, made printable.</summary>
    public string PeerApplication => _link?.PeerApplication ?? "";

    /// <summary>The shared memory of the present connection; null while there is none.</summary>
    public MemifMemoryConfiguration? MemoryConfiguration => _state == MemifPortState.Connected && _link is { } link
        ? new MemifMemoryConfiguration(
            link.Transmit.Length,
            link.Receive.Length,
            link.Transmit[0].RingSize,
            Role == MemifRole.Client ? _identity.Geometry.BufferSize : null)
        : null;

    PortIdentity IControlPort.Identity => _identity;

    bool IControlPort.IsTaken { get; set; }

    /// <summary>Its socket has been started; on the control thread or before it knows the port.</summary>
    internal void Begin(ControlLoop loop)
    {
        _state = MemifPortState.Connecting;
        loop.Post(() => loop.Add(_rekicker));
    }

    /// <summary>Its socket has been stopped; on the control thread, after the connection has ended.</summary>
    internal void End(ControlLoop loop)
    {
        loop.Remove(_rekicker);
        _state = MemifPortState.Stopped;
    }

    /// <summary>The port's end; on the control thread, after its connection has ended.</summary>
    internal void Close()
    {
        _state = MemifPortState.Closed;
        TaskCompletionSource connected = Volatile.Read(ref _connected);
        if (connected.TrySetException(new ObjectDisposedException(nameof(MemifPort))))
            _ = connected.Task.Exception; // Seen: whoever waits gets it, and nobody else needs to.
        foreach (MemifRxQueue queue in RxQueues)
            queue.Close();
        EndCapture();
    }

    void IControlPort.LinkUp(Link link)
    {
        for (int i = 0; i < link.Receive.Length; i++)
            RxQueues[i].Attach(link.Receive[i]);
        for (int i = 0; i < link.Transmit.Length; i++)
            TxQueues[i].Attach(link.Transmit[i]);
        _link = link;
        _lastError = null;
        _connectionCount++;

        // Before anybody can know that the link is up, and then wait for its end.
        Volatile.Write(ref _disconnected, Pending());
        _state = MemifPortState.Connected;
        _connected.TrySetResult();
        _callbacks.Run(() => Connected?.Invoke(this, EventArgs.Empty));
    }

    void IControlPort.LinkDown(MemifException cause)
    {
        foreach (MemifRxQueue queue in RxQueues)
            queue.Retire();
        foreach (MemifTxQueue queue in TxQueues)
            queue.Attach(null);
        _lastError = cause;
        _state = MemifPortState.Connecting;
        if (_connected.Task.IsCompleted)
            Volatile.Write(ref _connected, Pending());
        _disconnected.TrySetResult();
        var arguments = new MemifErrorEventArgs(this, cause, isWarning: false);
        _callbacks.Run(() => Disconnected?.Invoke(this, arguments));
    }

    void IControlPort.Trying(bool isTrying) => _state = isTrying ? MemifPortState.Connecting : MemifPortState.Disconnected;

    void IControlPort.Warn(string warning) =>
        _socket.RaiseError(new MemifErrorEventArgs(this, new MemifException(MemifErrorCode.ProtocolViolation, warning), isWarning: true));

    void IQueueOwner.Fail(Generation generation, string violation) =>
        _socket.Fail(this, generation, new MemifException(MemifErrorCode.RingViolation, violation));

    /// <summary>Whether the link of this generation is up; on the control thread.</summary>
    internal bool Carries(Generation generation) => _state == MemifPortState.Connected && _link?.Generation == generation;

    void IQueueOwner.Kicked() => _rekicker.Schedule();

    private static TaskCompletionSource Pending() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}

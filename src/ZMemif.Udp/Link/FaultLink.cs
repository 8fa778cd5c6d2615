namespace ZMemif.Udp.Link;

/// <summary>
/// A link with faults in both directions. Its queues' <c>Frames</c> are those of the ring on receipt, and those that the
/// sender handed over on transmit; what is between them and the other end of the faults is in the counters.
/// </summary>
internal sealed class FaultLink : ILink
{
    private readonly FaultReceiver[] _receivers;
    private readonly FaultTransmitter[] _transmitters;

    internal FaultLink(ILink inner, MemifFaults faults, TimeProvider time)
    {
        Inner = inner;
        faults = faults.Copy();

        // Three dice per pair of queues, of streams that no other has.
        _receivers = [.. inner.Receivers.Select((receiver, i) => new FaultReceiver(receiver, new FaultyLine(faults, 3 * i, OnReceive, time), time))];
        _transmitters = [.. inner.Transmitters.Select((transmitter, i) => new FaultTransmitter(
            inner, transmitter, new FaultyLine(faults, (3 * i) + 1, OnTransmit, time), new RingPause(faults, (3 * i) + 2, OnTransmit, time), time))];
    }

    public event EventHandler? StateChanged
    {
        add => Inner.StateChanged += value;
        remove => Inner.StateChanged -= value;
    }

    /// <summary>The link as it is without faults.</summary>
    internal ILink Inner { get; }

    internal FaultCounters OnReceive { get; } = new();

    internal FaultCounters OnTransmit { get; } = new();

    public bool IsUp => Inner.IsUp;

    public int ConnectionCount => Inner.ConnectionCount;

    public Exception? LastError => Inner.LastError;

    public IReadOnlyList<ILinkReceiver> Receivers => _receivers;

    public IReadOnlyList<ILinkTransmitter> Transmitters => _transmitters;

    public Task WaitUpAsync(CancellationToken cancellationToken) => Inner.WaitUpAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (FaultTransmitter transmitter in _transmitters)
            await transmitter.DisposeAsync().ConfigureAwait(false);
        foreach (FaultReceiver receiver in _receivers)
            await receiver.DisposeAsync().ConfigureAwait(false);
        await Inner.DisposeAsync().ConfigureAwait(false);
    }
}

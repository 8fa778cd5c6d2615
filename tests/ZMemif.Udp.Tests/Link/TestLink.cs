using ZMemif.Udp.Link;

namespace ZMemif.Udp.Tests.Link;

/// <summary>A link whose frames are arrays: what is sent stays to be looked at, what is received is put in by the test.</summary>
internal sealed class TestLink : ILink
{
    private readonly TestTransmitter[] _transmitters;

    internal TestLink(int queues = 1)
    {
        _transmitters = [.. Enumerable.Range(0, queues).Select(_ => new TestTransmitter(this))];
        Transmitters = _transmitters;
    }

    public event EventHandler? StateChanged
    {
        add { }
        remove { }
    }

    public bool IsUp { get; set; } = true;

    public int ConnectionCount => 1;

    public Exception? LastError => null;

    public IReadOnlyList<ILinkReceiver> Receivers => [Receiver];

    public IReadOnlyList<ILinkTransmitter> Transmitters { get; }

    internal TestReceiver Receiver { get; } = new();

    /// <summary>The first transmit queue, the only one unless the test asked for more.</summary>
    internal TestTransmitter Transmitter => _transmitters[0];

    internal IReadOnlyList<TestTransmitter> Queues => _transmitters;

    /// <summary>Frames sent on the first queue, oldest first.</summary>
    internal List<byte[]> Sent => Transmitter.Sent;

    public Task WaitUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

namespace ZMemif.Udp.Link;

/// <summary>
/// The link of an interface without a peer: always up, with no queue at all. What is local never reaches a link; the
/// stack counts the rest as <see cref="MemifDropReason.NoLink"/>.
/// </summary>
internal sealed class LoopbackLink : ILink
{
    public event EventHandler? StateChanged
    {
        add { }
        remove { }
    }

    public bool IsUp => true;

    public int ConnectionCount => 1;

    public Exception? LastError => null;

    public IReadOnlyList<ILinkReceiver> Receivers => [];

    public IReadOnlyList<ILinkTransmitter> Transmitters => [];

    public Task WaitUpAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

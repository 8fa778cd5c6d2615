namespace ZMemif.Udp.Link;

/// <summary>
/// The seam between the stack and whatever carries its frames: some receive queues, some transmit queues, up or down.
/// </summary>
internal interface ILink : IAsyncDisposable
{
    /// <summary>The link went up or down, or its peer changed. Raised in order, from the thread pool.</summary>
    event EventHandler? StateChanged;

    bool IsUp { get; }

    /// <summary>How many times the link has come up: another number is another peer, perhaps.</summary>
    int ConnectionCount { get; }

    /// <summary>Why the link is not up, if that is known.</summary>
    Exception? LastError { get; }

    IReadOnlyList<ILinkReceiver> Receivers { get; }

    IReadOnlyList<ILinkTransmitter> Transmitters { get; }

    /// <summary>Waits until the link is up.</summary>
    Task WaitUpAsync(CancellationToken cancellationToken);
}

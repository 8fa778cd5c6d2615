namespace ZMemif.Udp.Link;

/// <summary>One transmit queue of a link, for one thread at a time.</summary>
internal interface ILinkTransmitter
{
    /// <summary>Frames put on the queue so far.</summary>
    long Frames { get; }

    /// <summary>Slots of the queue that are free now. Any thread may look.</summary>
    int Room { get; }

    /// <summary>Lends a buffer for one frame of exactly this length; nothing is sent before <see cref="Commit"/>.</summary>
    /// <returns>False when the queue is full or the link is down.</returns>
    bool TryReserve(int length, out Span<byte> frame);

    /// <summary>Sends what was reserved.</summary>
    /// <returns>False when it turned out that there is no room for it after all; nothing was sent then.</returns>
    bool Commit();

    /// <summary>Gives the reservation up.</summary>
    void Discard();
}

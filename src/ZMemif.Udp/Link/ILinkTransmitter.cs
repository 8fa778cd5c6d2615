namespace ZMemif.Udp.Link;

/// <summary>One transmit queue of a link, for one thread at a time.</summary>
internal interface ILinkTransmitter
{
    /// <summary>Frames put on the queue so far.</summary>
    long Frames { get; }

    /// <summary>Slots of the queue that are free now. Any thread may look.</summary>
    int Room { get; }

    /// <summary>Slots of the queue, free or not; 0 while the link is down.</summary>
    int Capacity { get; }

    /// <summary>Slots that a frame of this length takes.</summary>
    int SlotsFor(int length);

    /// <summary>
    /// Lends a buffer for one frame of exactly this length; nothing is sent before <see cref="Commit"/>. Several frames may be
    /// reserved one after the other.
    /// </summary>
    /// <returns>False when the queue is full or the link is down; what was reserved before stays so.</returns>
    bool TryReserve(int length, out Span<byte> frame);

    /// <summary>Sends what was reserved, in order; the peer finds it when it looks, or is woken by <see cref="WakePeer"/>.</summary>
    /// <returns>
    /// False when it turned out that there is no room for all of it; then perhaps the first frames were sent, as <see cref="Frames"/> tells.
    /// </returns>
    bool Commit();

    /// <summary>Whether the peer slept at the last <see cref="Commit"/>, and has to be woken.</summary>
    bool MustWakePeer { get; }

    /// <summary>Wakes the peer, for all that was committed before. Any thread may do that, and without a lock it should.</summary>
    void WakePeer();

    /// <summary>Gives all reservations up.</summary>
    void Discard();
}

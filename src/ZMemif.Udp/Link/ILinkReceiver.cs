namespace ZMemif.Udp.Link;

/// <summary>One receive queue of a link, for one thread at a time.</summary>
internal interface ILinkReceiver
{
    /// <summary>Frames taken off the queue so far.</summary>
    long Frames { get; }

    /// <summary>Begins a burst.</summary>
    /// <returns>How many frames <see cref="TryRead"/> will yield; when there are any, <see cref="Release"/> must follow.</returns>
    int Acquire(int maxFrames);

    /// <summary>The next frame of the burst. Its content may be volatile: read every byte at most once.</summary>
    bool TryRead(out ReadOnlySpan<byte> frame);

    /// <summary>Ends the burst; the frames that were read are gone.</summary>
    void Release();

    /// <summary>Sleeps until there may be something to do, or the time is over.</summary>
    void Wait(TimeSpan timeout);

    /// <summary>Ends a <see cref="Wait"/>. Thread-safe.</summary>
    void Wake();
}

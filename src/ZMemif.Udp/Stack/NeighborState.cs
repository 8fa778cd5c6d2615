namespace ZMemif.Udp.Stack;

/// <summary>
/// What is believed of a neighbor, in the manner of RFC 4861 §7.3.2. Its DELAY is missing: it waits for a hint from above
/// that the neighbor lives, and UDP has none to give.
/// </summary>
internal enum NeighborState
{
    /// <summary>Not in the table: not yet, or not any more.</summary>
    None,

    /// <summary>Being asked for; datagrams wait.</summary>
    Incomplete,

    /// <summary>Confirmed not long ago.</summary>
    Reachable,

    /// <summary>Confirmed too long ago, or changed without having been asked for. The next use is served, and begins a probe.</summary>
    Stale,

    /// <summary>In use and being confirmed, while datagrams go on to the known station.</summary>
    Probe,

    /// <summary>Did not answer. Datagrams fail at once until it is time to try again.</summary>
    Failed,

    /// <summary>Set by the user: never asked for, never changed by what is heard, never evicted.</summary>
    Permanent,
}

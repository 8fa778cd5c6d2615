namespace ZMemif.Udp.Stack;

/// <content>Its numbers.</content>
internal sealed partial class NeighborCache
{
    internal const int DefaultCapacity = 4096;

    /// <summary>Neighbors that may be asked for at a time, so that a scan of addresses cannot take the whole table.</summary>
    internal const int MaxUnresolved = 1024;

    private const int MaxStepsPerTick = 256;

    /// <summary>Broadcasts before a neighbor is given up.</summary>
    internal const int MaxRequests = 3;

    /// <summary>Requests to the known station alone, before a probe turns to everybody.</summary>
    internal const int MaxUnicasts = 2;

    /// <summary>After a burst, one broadcast in <see cref="BroadcastInterval"/>, whoever is asked for: a scan must not flood the link.</summary>
    internal const int BroadcastBurst = 128;

    /// <summary>After a burst, one unicast in <see cref="UnicastInterval"/>: many neighbors that come due together must not flood the ring.</summary>
    internal const int UnicastBurst = 256;

    private const int MaxBackOff = 2;
    private const int MaxRefusals = 20;

    /// <summary>Between two requests for one neighbor (RFC 1122 §2.3.2.1).</summary>
    internal static readonly TimeSpan RequestInterval = TimeSpan.FromSeconds(1);

    internal static readonly TimeSpan BroadcastInterval = TimeSpan.FromMilliseconds(1);
    internal static readonly TimeSpan UnicastInterval = TimeSpan.FromMicroseconds(100);

    /// <summary>Until a request is tried again that the link did not take; after a second of that it is held to be sent.</summary>
    internal static readonly TimeSpan RefusalInterval = RequestInterval / MaxRefusals;

    /// <summary>Until a neighbor in use is confirmed again: early enough that the answer comes before <see cref="ReachableTime"/> ends.</summary>
    internal static readonly TimeSpan RefreshTime = TimeSpan.FromSeconds(45);

    /// <summary>How long a neighbor is held to be reachable after it was heard.</summary>
    internal static readonly TimeSpan ReachableTime = TimeSpan.FromSeconds(60);

    /// <summary>How long a stale or failed neighbor that nobody uses is remembered.</summary>
    internal static readonly TimeSpan StaleTime = TimeSpan.FromSeconds(60);

    /// <summary>How long a neighbor that did not answer is left alone; doubled by each failure in a row, up to four times that.</summary>
    internal static readonly TimeSpan FailedTime = TimeSpan.FromSeconds(4);

    /// <summary>How long after its last use a neighbor cannot be evicted.</summary>
    internal static readonly TimeSpan ActiveTime = TimeSpan.FromSeconds(30);

    /// <summary>How long the first claim to an address stands against another station's.</summary>
    internal static readonly TimeSpan ClaimInterval = TimeSpan.FromSeconds(1);
}

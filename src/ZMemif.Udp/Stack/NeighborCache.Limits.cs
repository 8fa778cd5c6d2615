namespace ZMemif.Udp.Stack;

/// <content>Its numbers.</content>
internal sealed partial class NeighborCache
{
    /// <summary>
    /// Neighbors that are remembered besides those that the user has set. Each takes 200 to 300 bytes, so they take 40 MB at most, and no
    /// more than the prefix has addresses.
    /// </summary>
    internal const int DefaultCapacity = 1 << 17;

    /// <summary>Neighbors that may be asked for at a time, so that a scan of addresses cannot take the whole table.</summary>
    internal const int MaxUnresolved = 4096;

    /// <summary>
    /// Neighbors that may be asked for besides, only because this host wants to answer them: whoever forges senders takes no more.
    /// </summary>
    internal const int MaxUnresolvedForAnswers = 64;

    /// <summary>For one neighbor: about as many short ones as Linux keeps, and as a receive buffer holds.</summary>
    internal const int MaxParkedFrames = 256;

    /// <summary>For one neighbor; more than the longest datagram in the largest frame.</summary>
    internal const int MaxParkedBytes = 256 << 10;

    internal const int MaxParkedBytesInAll = 16 << 20;

    /// <summary>For one neighbor, of answers alone: they are few, and nobody relies on them.</summary>
    internal const int MaxParkedAnswers = 16;

    /// <summary>For one neighbor; more than the longest answer.</summary>
    internal const int MaxParkedAnswerBytes = 128 << 10;

    internal const int MaxParkedAnswerBytesInAll = 1 << 20;

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

    /// <summary>A hundred thousand neighbors are asked for within 20 seconds, which takes 2 Mbit/s of the link.</summary>
    internal static readonly TimeSpan BroadcastInterval = TimeSpan.FromMicroseconds(200);

    /// <summary>As many are confirmed within 10 seconds, less than lies between <see cref="RefreshTime"/> and <see cref="ReachableTime"/>.</summary>
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

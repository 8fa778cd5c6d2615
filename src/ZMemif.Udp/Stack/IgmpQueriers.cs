using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// What the routers that ask have shown of themselves: the oldest version among them (RFC 3376 §7.2.1), and how often a change
/// is to be told (§8.1). Not thread-safe.
/// </summary>
/// <param name="time">The clock of the timestamps.</param>
internal sealed class IgmpQueriers(TimeProvider time)
{
    internal const int NewestVersion = 3;

    /// <summary>An older querier that has not been heard for so long is gone: 2 × 125 s + 10 s (§8.12).</summary>
    internal static readonly TimeSpan OlderQuerierTimeout = TimeSpan.FromSeconds(260);

    private const int DefaultRobustness = 2;

    // One for each, as a querier of version 2 must not keep one of version 1 alive, nor hide it.
    private long _version1Until = long.MinValue;
    private long _version2Until = long.MinValue;

    /// <summary>How often a change is told in all; 1 to 7.</summary>
    internal int Robustness { get; private set; } = DefaultRobustness;

    /// <summary>The version to be spoken: the oldest of the queriers that were heard lately.</summary>
    internal int VersionAt(long now) => now < _version1Until ? 1 : now < _version2Until ? 2 : NewestVersion;

    // §7.2.1 speaks of general queries only. As on Linux one for a single group counts too, so that its sender understands the answer.
    internal void Note(scoped IgmpQuery query, long now)
    {
        long until = now + (long)(OlderQuerierTimeout.TotalSeconds * time.TimestampFrequency);
        if (query.Version == 1)
            _version1Until = until;
        else if (query.Version == 2)
            _version2Until = until;
        else
            Robustness = query.Robustness > 0 ? query.Robustness : DefaultRobustness; // §4.1.6
    }

    /// <summary>The link leads to others, perhaps.</summary>
    internal void Forget()
    {
        _version1Until = long.MinValue;
        _version2Until = long.MinValue;
        Robustness = DefaultRobustness;
    }
}

using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// How many ICMP messages this host makes (RFC 1812 §4.3.2.8), as on Linux: errors by destination and in all, and echo replies
/// in all. Destinations share a fixed number of buckets, so that a flood from forged sources costs no memory.
/// </summary>
internal sealed class IcmpRateLimiter(TimeProvider time)
{
    /// <summary>Linux' icmp_msgs_burst.</summary>
    internal const int ErrorBurst = 50;

    /// <summary>Linux' XRLIM_BURST_FACTOR.</summary>
    internal const int ErrorBurstToOne = 6;

    internal const int EchoBurst = 200;

    private const int Destinations = 1024;

    /// <summary>Linux' icmp_msgs_per_sec.</summary>
    internal static readonly TimeSpan ErrorInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>Linux' icmp_ratelimit.</summary>
    internal static readonly TimeSpan ErrorIntervalToOne = TimeSpan.FromSeconds(1);

    internal static readonly TimeSpan EchoInterval = TimeSpan.FromMilliseconds(1);

    private readonly TokenBucket[] _byDestination = new TokenBucket[Destinations];
    private TokenBucket _errors;
    private TokenBucket _echoes;

    internal bool MayAnswerEcho() => _echoes.TryTake(time.GetTimestamp(), Units(EchoInterval), EchoBurst);

    // The number of tokens is random, and one on average: else who counts his answers learns how many others got (CVE-2020-25705).
    internal bool MaySendError(Ipv4Address destination)
    {
        long now = time.GetTimestamp();
        return _byDestination[(uint)HashCode.Combine(destination) % Destinations].TryTake(now, Units(ErrorIntervalToOne), ErrorBurstToOne)
            && _errors.TryTake(now, Units(ErrorInterval), ErrorBurst, Random.Shared.Next(3));
    }

    private long Units(TimeSpan interval) => (long)(interval.TotalSeconds * time.TimestampFrequency);
}

using System.Text.Json.Serialization;

namespace ZMemif.Cli.Bench;

/// <summary>What was measured; <see cref="Lost"/> and <see cref="Wrong"/> are what the receiver found.</summary>
internal sealed record BenchResult
{
    public required string Benchmark { get; init; }

    public required int Size { get; init; }

    public required int Burst { get; init; }

    public required double Seconds { get; init; }

    public required long Packets { get; init; }

    public required long Lost { get; init; }

    public required long Wrong { get; init; }

    /// <summary>Of the two processors' cache line, in nanoseconds, just before and just after; null on a single one.</summary>
    public required double?[] CacheLineRoundTrips { get; init; }

    public double PacketsPerSecond => Seconds > 0 ? Packets / Seconds : 0;

    [JsonIgnore]
    public bool IsGood => Lost == 0 && Wrong == 0 && Packets > 0;

    public override string ToString() =>
        $"{Benchmark} {Size} bytes, burst {Burst}: {PacketsPerSecond / 1e6:N2} Mpps, {Packets:N0} packets in {Seconds:N2} s, "
        + $"lost {Lost:N0}, wrong {Wrong:N0}, cache line round trip {Text(CacheLineRoundTrips[0])} before, {Text(CacheLineRoundTrips[1])} after";

    private static string Text(double? nanoseconds) => nanoseconds is { } known ? $"{known:N0} ns" : "unknown";
}

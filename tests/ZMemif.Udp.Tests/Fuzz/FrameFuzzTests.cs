using System.Diagnostics;
using System.Globalization;

namespace ZMemif.Udp.Tests.Fuzz;

/// <summary>
/// A million frames, mutated from good ones with repaired checksums: nothing is thrown, nothing is read past the end, each has
/// one fate, and every way to die is gone often. ZMEMIF_SOAK=1 makes it a hundred million.
/// </summary>
public sealed class FrameFuzzTests
{
    /// <summary>Environment variable with the seed to begin with, as a failure prints it.</summary>
    private const string SeedVariable = "ZMEMIF_FUZZ_SEED";

    private const int FramesPerRound = 1_000_000;
    private const int Often = 1000;

    /// <summary>No frame brings these about.</summary>
    private static readonly MemifDropReason[] s_notByFrames =
        [MemifDropReason.SocketClosed, MemifDropReason.NoLink, MemifDropReason.PartialDatagram];

    private static int Rounds => Environment.GetEnvironmentVariable("ZMEMIF_SOAK") == "1" ? 100 : 1;

    [Fact]
    public void Handle_AMillionFrames_EachHasOneFateAndEveryFateIsMet()
    {
        ulong first = Environment.GetEnvironmentVariable(SeedVariable) is { } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : (ulong)Stopwatch.GetTimestamp();
        for (ulong seed = first; seed < first + (ulong)Rounds; seed++)
            Run(seed);
    }

    private static void Run(ulong seed)
    {
        var round = new FuzzRound(seed);
        try
        {
            round.Run(FramesPerRound);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{SeedVariable}={seed}, {round.Place}", e);
        }

        string[] rare =
        [
            .. Enum.GetValues<MemifDropReason>().Except(s_notByFrames).Where(reason => round.Drops(reason) < Often)
                .Select(reason => $"{reason}: {round.Drops(reason)}"),
        ];
        Assert.True(rare.Length == 0, $"{SeedVariable}={seed}: less often than {Often} times: {string.Join(", ", rare)}");
        Assert.InRange(round.Delivered, Often, FramesPerRound);
        Assert.InRange(round.Consumed, Often, FramesPerRound);
    }
}

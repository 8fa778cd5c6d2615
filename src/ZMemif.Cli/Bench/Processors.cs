using System.Diagnostics;

namespace ZMemif.Cli.Bench;

/// <summary>Which processor runs what.</summary>
internal static class Processors
{
    // All that an affinity mask holds.
    private const int Most = 64;

    // Before anything is pinned.
    private static readonly ulong s_allowed = Allowed();

    /// <summary>Whether this process may run on it.</summary>
    internal static bool Exists(int processor) => processor is >= 0 and < Most && (s_allowed >> processor & 1) != 0;

    /// <summary>Their numbers, for people.</summary>
    internal static string Known() => string.Join(',', Enumerable.Range(0, Most).Where(Exists));

    private static ulong Allowed()
    {
        using Process self = Process.GetCurrentProcess();
        return OperatingSystem.IsLinux() ? (ulong)self.ProcessorAffinity : 1;
    }

    /// <summary>Pins the main thread, and with it every thread that it starts from now on.</summary>
    internal static void PinMainThread(int processor)
    {
        using Process self = Process.GetCurrentProcess();
        if (OperatingSystem.IsLinux())
            self.ProcessorAffinity = unchecked((nint)(1UL << processor));
    }

    /// <summary>
    /// How long a cache line takes from one processor to the other and back, in nanoseconds: the fastest of ten times
    /// ten thousand. The caller is the main thread and ends pinned to <paramref name="one"/>. Null when they are the same.
    /// </summary>
    internal static double? MeasureCacheLineRoundTrip(int one, int other)
    {
        if (one == other)
            return null;
        var line = new PingPongLine();
        PinMainThread(other);
        var answering = new Thread(line.Answer) { IsBackground = true };
        answering.Start();
        PinMainThread(one);
        double best = double.MaxValue;
        for (int i = 0; i < 10; i++)
            best = Math.Min(best, line.Ask(10_000));
        line.Stop();
        answering.Join();
        return best;
    }
}

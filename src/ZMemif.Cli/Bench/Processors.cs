using System.Diagnostics;

namespace ZMemif.Cli.Bench;

/// <summary>Which processor runs what.</summary>
internal static class Processors
{
    /// <summary>Pins the main thread, and with it every thread that it starts from now on.</summary>
    internal static void PinMainThread(int processor)
    {
        using Process self = Process.GetCurrentProcess();
        if (OperatingSystem.IsLinux())
            self.ProcessorAffinity = 1 << processor;
    }

    /// <summary>
    /// How long a cache line takes from one processor to the other and back, in nanoseconds: the fastest of ten times
    /// ten thousand. The caller is the main thread and ends pinned to <paramref name="one"/>.
    /// </summary>
    internal static double MeasureCacheLineRoundTrip(int one, int other)
    {
        if (one == other)
            return double.NaN;
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

namespace ZMemif.Udp.Differential;

/// <summary>Runs the probes of one condition, each on a thread and a bench of its own: none can disturb another.</summary>
internal sealed class ProbeRunner(ProbeHost host, Action<Probe, string> report)
{
    /// <summary>Most of a probe is waiting, so many go at once even on few processors.</summary>
    private const int AtOnce = 12;

    private static readonly TimeSpan s_timeOut = TimeSpan.FromSeconds(20);

    public void Run(IEnumerable<Section> sections, Func<Probe, bool> wanted)
    {
        ILookup<bool, Probe> probes = sections
            .SelectMany(section => section.Probes.Where(wanted).Select(probe => (section.Alone, probe)))
            .ToLookup(row => row.Alone, row => row.probe);

        Parallel.ForEach(probes[false], new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, Run);
        foreach (Probe probe in probes[true])
            Run(probe);
    }

    private void Run(Probe probe)
    {
        var bench = new Bench(host);
        string? result = null;
        bool ended = EndsInTime(() => result = Result(probe, bench));
        bool disposed = EndsInTime(bench.Dispose);
        report(probe, !ended ? "HANGS" : !disposed ? $"{result} BUT DISPOSE HANGS" : result!);
    }

    private static bool EndsInTime(Action act)
    {
        var thread = new Thread(() => act()) { IsBackground = true };
        thread.Start();
        return thread.Join(s_timeOut);
    }

    private static string Result(Probe probe, Bench bench)
    {
        try
        {
            return probe.Body(bench);
        }
        catch (Exception exception)
        {
            return $"PROBE FAILS: {exception.GetType().Name}: {exception.Message}";
        }
    }
}

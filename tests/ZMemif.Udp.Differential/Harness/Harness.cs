using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace ZMemif.Udp.Differential;

/// <summary>The program: runs every condition in a process of its own, puts the results together, and compares them.</summary>
internal sealed class Harness(ProbeHost host)
{
    private const string Usage = """
        run [--only PREFIX] [--out FILE] [--against FILE] [--threshold PERCENT] [--explained FILE]
            runs the probes (whose id begins with PREFIX), writes "id TAB result" lines to FILE, and compares them
            with the table of measurements, or with the results that the other half wrote; as many must be identical
            as the threshold says, or all that differ, and no others, must be named in the document's "Where we differ"
        """;

    private static readonly StringComparer s_names = StringComparer.OrdinalIgnoreCase;

    public int Start(string[] args)
    {
        Dictionary<string, string> options = args.Skip(1).Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], s_names);
        switch (args.FirstOrDefault("run"))
        {
            case "run":
                return Run(options);
            case "probe":
                Probe(Enum.Parse<Condition>(options["--condition"]), options.GetValueOrDefault("--only", ""));
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private int Run(Dictionary<string, string> options)
    {
        if (host.Obstacle is { } obstacle)
        {
            Console.Error.WriteLine(obstacle);
            return 2;
        }

        string only = options.GetValueOrDefault("--only", "");
        Row[] rows = [.. Row.ReadAll().Where(row => row.Id.StartsWith(only, StringComparison.Ordinal))];
        ConcurrentDictionary<string, string> results = [];
        Task.WaitAll([.. Enum.GetValues<Condition>().Select(condition => Task.Run(() => Collect(condition, only, results)))]);
        if (options.TryGetValue("--out", out string? file))
            File.WriteAllLines(file, rows.Where(row => results.ContainsKey(row.Id)).Select(row => $"{row.Id}\t{results[row.Id]}"));

        if (options.TryGetValue("--against", out string? other))
            rows = Instead(rows, other);

        HashSet<string>? explained = options.TryGetValue("--explained", out string? document) ? Explanations.Read(document) : null;
        var comparer = new Comparer(Console.Out, host.MayCostLess);
        RunAgain(comparer.FindDifferences(rows, results).Where(row => explained is null || !explained.Contains(row.Id)), results);
        Row[] differences = comparer.FindDifferences(rows, results);
        comparer.Write(differences, results, rows.Length);
        return explained is null ? ExitStatus(100.0 * (rows.Length - differences.Length) / rows.Length >= Threshold(options))
            : ExitStatus(comparer.AreExplained(differences.Select(row => row.Id), explained));
    }

    private static double Threshold(Dictionary<string, string> options) =>
        double.Parse(options.GetValueOrDefault("--threshold", "99"), CultureInfo.InvariantCulture);

    private static int ExitStatus(bool isRight) => isRight ? 0 : 1;

    // Some measure time, and a busy machine makes them err. Alone, they have a second try.
    private void RunAgain(IEnumerable<Row> rows, ConcurrentDictionary<string, string> results)
    {
        foreach (Row row in rows.ToArray())
        {
            Condition condition = Catalog.Sections.First(section => section.Probes.Any(probe => probe.Id == row.Id)).Condition;
            Console.WriteLine($"{row.Id}  once more, for it gave {results.GetValueOrDefault(row.Id, Comparer.NoResult)}");
            Collect(condition, row.Id, results);
        }
    }

    private static Row[] Instead(Row[] rows, string resultsFile)
    {
        var results = File.ReadLines(resultsFile).Select(line => line.Split('\t')).ToDictionary(cells => cells[0], cells => cells[1]);
        return [.. rows.Select(row => row with { Result = results.GetValueOrDefault(row.Id, Comparer.NoResult) })];
    }

    private void Collect(Condition condition, string only, ConcurrentDictionary<string, string> results)
    {
        ProcessStartInfo start = host.Launch(condition, [Environment.ProcessPath!, "probe", "--condition", $"{condition}", "--only", only]);
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            string[] cells = line.Split('\t');
            results[cells[0]] = cells[1];
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
            Console.Error.WriteLine($"{condition}: the probes' process ended with {process.ExitCode}");
    }

    private void Probe(Condition condition, string only)
    {
        Catalog.Check(Row.ReadAll());
        host.Enter(condition);
        var runner = new ProbeRunner(host, Report);
        runner.Run(Catalog.Sections.Where(section => section.Condition == condition), probe => probe.Id.StartsWith(only, StringComparison.Ordinal));

        static void Report(Probe probe, string result) => Console.WriteLine($"{probe.Id}\t{result.ReplaceLineEndings(" ").Replace('\t', ' ')}");
    }
}

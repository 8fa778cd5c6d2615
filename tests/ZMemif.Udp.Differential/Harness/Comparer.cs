namespace ZMemif.Udp.Differential;

/// <summary>Compares what the probes gave with the table of measurements, or one half with the other.</summary>
internal sealed class Comparer(TextWriter output, bool mayCostLess)
{
    /// <summary>Stands where a probe gave nothing: there is none, or its process died.</summary>
    public const string NoResult = "NO RESULT";

    /// <summary>The rows whose results differ. A row without a result differs.</summary>
    public Row[] FindDifferences(IEnumerable<Row> rows, IReadOnlyDictionary<string, string> results)
    {
        Dictionary<string, Tolerance> tolerances = Tolerance.ReadAll();
        return [.. rows.Where(row => !Same(row.Result, results.GetValueOrDefault(row.Id, NoResult), tolerances.GetValueOrDefault(row.Id)))];
    }

    /// <summary>Writes the rows that differ, with both values.</summary>
    public void Write(IReadOnlyCollection<Row> differences, IReadOnlyDictionary<string, string> results, int rows)
    {
        foreach (Row row in differences)
            output.WriteLine($"{row.Id}  {row.Call}  [{row.Condition}]\n    expected  {row.Result}\n    got       {results.GetValueOrDefault(row.Id, NoResult)}");
        output.WriteLine($"{rows - differences.Count} of {rows} rows identical ({100.0 * (rows - differences.Count) / rows:F2} %)");
    }

    /// <summary>Writes what is wrong with a document that should name exactly the rows that differ.</summary>
    /// <returns>Whether nothing is.</returns>
    public bool AreExplained(IEnumerable<string> differing, IReadOnlySet<string> explained)
    {
        string[] unexplained = [.. differing.Except(explained)], alike = [.. explained.Except(differing)];
        if (unexplained.Length > 0)
            output.WriteLine($"differ, and are not explained: {string.Join(' ', unexplained)}");
        if (alike.Length > 0)
            output.WriteLine($"are explained, and do not differ: {string.Join(' ', alike)}");
        return unexplained.Length + alike.Length == 0;
    }

    private bool Same(string expected, string actual, Tolerance? tolerance) =>
        actual != NoResult && (actual == expected || (tolerance is not null && tolerance.Accepts(expected, actual, mayCostLess)));
}

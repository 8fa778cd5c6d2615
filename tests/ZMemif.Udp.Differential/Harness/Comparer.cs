namespace ZMemif.Udp.Differential;

/// <summary>Compares what the probes gave with the table of measurements, or one half with the other.</summary>
internal sealed class Comparer(TextWriter output, bool mayCostLess)
{
    /// <summary>Stands where a probe gave nothing: there is none, or its process died.</summary>
    public const string NoResult = "NO RESULT";

    /// <summary>Writes the rows that differ, with both values. A row without a result differs.</summary>
    /// <returns>Whether at least <paramref name="threshold"/> percent of the rows are identical.</returns>
    public bool Compare(IReadOnlyCollection<Row> rows, IReadOnlyDictionary<string, string> results, double threshold)
    {
        Dictionary<string, Tolerance> tolerances = Tolerance.ReadAll();
        int identical = 0;
        foreach (Row row in rows)
        {
            string result = results.GetValueOrDefault(row.Id, NoResult);
            if (Same(row.Result, result, tolerances.GetValueOrDefault(row.Id)))
                identical++;
            else
                output.WriteLine($"{row.Id}  {row.Call}  [{row.Condition}]\n    expected  {row.Result}\n    got       {result}");
        }

        double percent = 100.0 * identical / rows.Count;
        output.WriteLine($"{identical} of {rows.Count} rows identical ({percent:F2} %)");
        return percent >= threshold;
    }

    private bool Same(string expected, string actual, Tolerance? tolerance) =>
        actual != NoResult && (actual == expected || (tolerance is not null && tolerance.Accepts(expected, actual, mayCostLess)));
}

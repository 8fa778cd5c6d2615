namespace ZMemif.Udp.Differential;

/// <summary>A row of the table of measurements.</summary>
internal sealed record Row(string Id, string Call, string Condition, string Result)
{
    /// <summary>The rows of <c>appendix.tsv</c>, in its order.</summary>
    public static Row[] ReadAll() => [.. Tsv.Read("appendix.tsv").Select(cells => new Row(cells[0], cells[1], cells[2], cells[3]))];
}

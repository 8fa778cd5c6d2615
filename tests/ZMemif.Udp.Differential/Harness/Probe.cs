namespace ZMemif.Udp.Differential;

/// <summary>One row of the table of measurements, as a program.</summary>
/// <param name="Id">The row's id in <c>appendix.tsv</c>.</param>
/// <param name="Call">The row's first column; the harness refuses a probe whose call is not its row's.</param>
/// <param name="Body">Makes the call and renders what happened as the row's result does.</param>
internal sealed record Probe(string Id, string Call, Func<Bench, string> Body);

using System.Text.RegularExpressions;

namespace ZMemif.Udp.Differential;

/// <summary>The rows that a document names in its section "Where we differ", alone (<c>A-003</c>) or as a range (<c>P-001 to P-011</c>).</summary>
internal static partial class Explanations
{
    private const string Heading = "## Where we differ";

    /// <summary>The ids, as the document's table says them.</summary>
    public static HashSet<string> Read(string file)
    {
        IEnumerable<string> section = File.ReadLines(file).SkipWhile(line => line != Heading).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        return [.. section.SelectMany(line => IdOrRange().Matches(line)).SelectMany(Expand)];
    }

    private static IEnumerable<string> Expand(Match match)
    {
        string part = match.Groups["part"].Value;
        int first = int.Parse(match.Groups["first"].Value, null);
        int last = match.Groups["last"] is { Success: true } end ? int.Parse(end.Value, null) : first;
        return Enumerable.Range(first, last - first + 1).Select(number => $"{part}-{number:D3}");
    }

    [GeneratedRegex(@"\b(?<part>[A-Z]{1,2}\d?)-(?<first>\d{3})(?: to \k<part>-(?<last>\d{3}))?\b")]
    private static partial Regex IdOrRange();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace ZMemif.Udp.Differential;

/// <summary>Says when two results of a row are the same though their texts differ. <c>tolerances.tsv</c> says why it may.</summary>
internal sealed partial class Tolerance
{
    private readonly string _rule;
    private readonly string _argument;

    private Tolerance(string rule, string argument)
    {
        _rule = rule;
        _argument = argument;
    }

    /// <summary>The rules of <c>tolerances.tsv</c>, by the id of the row.</summary>
    public static Dictionary<string, Tolerance> ReadAll() =>
        Tsv.Read("tolerances.tsv").ToDictionary(cells => cells[0], cells => new Tolerance(cells[1], cells[2]));

    public bool Accepts(string expected, string actual, bool mayCostLess) => _rule switch
    {
        "within" => Within(expected, actual, double.Parse(_argument, CultureInfo.InvariantCulture), mayCostLess),
        "positive" => AnyPositive(expected) == AnyPositive(actual),
        "outcomes" => SameOutcomes(expected, actual),
        "or" => actual == _argument,
        _ => throw new InvalidDataException($"tolerances.tsv: no rule {_rule}"),
    };

    /// <summary>The same text, each number at most so many percent, or 1, away; or less, where that is as good.</summary>
    private static bool Within(string expected, string actual, double percent, bool mayCostLess) =>
        Number().Replace(expected, "#") == Number().Replace(actual, "#")
        && Number().Matches(expected).Zip(Number().Matches(actual)).All(pair =>
        {
            double wanted = double.Parse(pair.First.Value, CultureInfo.InvariantCulture);
            double given = double.Parse(pair.Second.Value, CultureInfo.InvariantCulture);
            double more = given - wanted;
            return (mayCostLess && more < 0) || Math.Abs(more) <= Math.Max(1, wanted * percent / 100);
        });

    /// <summary>The text, with the number behind <c>argument=</c> replaced when it is greater than 0.</summary>
    private string AnyPositive(string text) => Regex.Replace(text, $"(?<={Regex.Escape(_argument)}=)[1-9][0-9]*", "#");

    /// <summary>As many tries, and no outcome that was not among the expected ones.</summary>
    private static bool SameOutcomes(string expected, string actual)
    {
        Dictionary<string, int> wanted = Outcomes(expected);
        Dictionary<string, int> given = Outcomes(actual);
        return given.Keys.All(wanted.ContainsKey) && given.Values.Sum() == wanted.Values.Sum();
    }

    private static Dictionary<string, int> Outcomes(string text) => text.Split(" ; ").Select(part => part.Split("x ", 2))
        .ToDictionary(part => part[^1], part => part.Length == 2 ? int.Parse(part[0], CultureInfo.InvariantCulture) : 0);

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();
}

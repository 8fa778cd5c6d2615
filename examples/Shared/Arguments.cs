using System.Globalization;

namespace Examples;

/// <summary>The command line: switches, and options followed by their value.</summary>
internal sealed class Arguments(string[] args)
{
    internal bool Has(string name) => args.Contains(name);

    /// <summary>An option's value; null when it is not given.</summary>
    internal string? Find(string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    internal string Text(string name) =>
        Find(name) ?? throw new ArgumentException($"{name} is missing; run without arguments for help.");

    internal string Text(string name, string otherwise) => Find(name) ?? otherwise;

    internal int Number(string name, int otherwise) => Find(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
        : throw new ArgumentException($"{name} takes a number above 0, not '{text}'.");
}

using System.Globalization;

namespace ZMemif.HostilePeer;

/// <summary>A command line of <c>--name value</c> pairs.</summary>
internal sealed class Arguments(ReadOnlySpan<string> words)
{
    private readonly Dictionary<string, string> _values = Parse(words);

    internal string this[string name] =>
        _values.TryGetValue(name, out string? value) ? value : throw new ArgumentException($"--{name} is missing.");

    internal string Get(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

    internal int GetNumber(string name, int otherwise) => checked((int)GetNumber(name, (long)otherwise));

    internal long GetNumber(string name, long otherwise) =>
        _values.TryGetValue(name, out string? value) ? long.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    internal T Get<T>(string name, T otherwise)
        where T : struct, Enum => _values.TryGetValue(name, out string? value) ? Enum.Parse<T>(value, ignoreCase: true) : otherwise;

    private static Dictionary<string, string> Parse(ReadOnlySpan<string> words)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i + 1 < words.Length; i += 2)
            values.Add(words[i].TrimStart('-'), words[i + 1]);
        return values;
    }
}

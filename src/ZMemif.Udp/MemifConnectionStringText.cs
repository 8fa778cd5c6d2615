using System.Text;

namespace ZMemif.Udp;

/// <summary>
/// The <c>Key=Value;…</c> grammar, without knowledge of the keys. Quoting is that of
/// <see cref="System.Data.Common.DbConnectionStringBuilder"/>, which itself lets a second key replace the first, treats an
/// empty value as absent, and reports errors by character index instead of by key.
/// </summary>
internal static class MemifConnectionStringText
{
    /// <summary>The pairs in order. Error texts never quote a value: it may be a piece of a secret.</summary>
    public static IEnumerable<(string Key, string Value)> Split(string connectionString)
    {
        string previous = "the beginning";
        for (int at = 0; at < connectionString.Length; at++)
        {
            int end = IndexOrEnd(connectionString, ';', at);
            int equals = connectionString.IndexOf('=', at, end - at);
            string key = connectionString[at..(equals < 0 ? end : equals)].Trim();
            at = end;
            if (equals < 0 && key.Length == 0)
                continue;
            if (equals < 0 || key.Length == 0)
            {
                throw new ArgumentException(
                    $"The part after {previous} is not Key=Value. A value that holds ';' is quoted: {previous}=\"a;b\".",
                    nameof(connectionString));
            }

            (string value, at) = ReadValue(connectionString, key, equals + 1);
            yield return (key, value);
            previous = key;
        }
    }

    public static void Append(StringBuilder text, string key, string value)
    {
        if (text.Length > 0)
            text.Append(';');
        text.Append(key).Append('=');
        if (NeedsQuotes(value))
            text.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        else
            text.Append(value);
    }

    private static bool NeedsQuotes(string value) =>
        value.AsSpan().IndexOfAny(";='\"") >= 0 || value.Any(char.IsControl) || value.Trim().Length != value.Length;

    /// <returns>The value, and the index of the <c>;</c> (or the end) behind it.</returns>
    private static (string Value, int End) ReadValue(string connectionString, string key, int at)
    {
        while (at < connectionString.Length && char.IsWhiteSpace(connectionString[at]))
            at++;
        if (at < connectionString.Length && connectionString[at] is '"' or '\'')
            return ReadQuoted(connectionString, key, at);
        int end = IndexOrEnd(connectionString, ';', at);
        return (connectionString[at..end].TrimEnd(), end);
    }

    private static (string Value, int End) ReadQuoted(string connectionString, string key, int open)
    {
        char quote = connectionString[open];
        var value = new StringBuilder();
        int at = open + 1;
        while (true)
        {
            int close = connectionString.IndexOf(quote, at);
            if (close < 0)
                throw new ArgumentException($"The value of {key} has no closing {quote}.", nameof(connectionString));
            value.Append(connectionString, at, close - at);
            at = close + 1;
            if (at == connectionString.Length || connectionString[at] != quote)
                break;
            value.Append(quote);
            at++;
        }

        int end = IndexOrEnd(connectionString, ';', at);
        if (!string.IsNullOrWhiteSpace(connectionString[at..end]))
        {
            throw new ArgumentException(
                $"The value of {key} goes on after its closing {quote}; a quote inside a quoted value is doubled.",
                nameof(connectionString));
        }

        return (value.ToString(), end);
    }

    private static int IndexOrEnd(string text, char c, int from)
    {
        int index = text.IndexOf(c, from);
        return index < 0 ? text.Length : index;
    }
}

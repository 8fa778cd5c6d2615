using System.Globalization;

namespace ZMemif.Udp;

/// <summary>One key of the connection string: how its text becomes properties and back, and which values are good.</summary>
internal sealed class MemifConnectionStringKey
{
    private static readonly MemifInterfaceOptions Defaults = new();

    public required string Name { get; init; }

    /// <summary>What a good value is, to end the sentence "expected …".</summary>
    public required string Expected { get; init; }

    public required string Example { get; init; }

    /// <summary>Sets the properties; false if the text is not of the right form. Ranges are <see cref="IsValid"/>'s.</summary>
    public required Func<MemifInterfaceOptions, string, bool> TryRead { get; init; }

    /// <summary>The properties as text, null if they are not set.</summary>
    public required Func<MemifInterfaceOptions, string?> Write { get; init; }

    /// <summary>Whether the properties, if they are set, have a good value.</summary>
    public required Func<MemifInterfaceOptions, bool> IsValid { get; init; }

    public bool IsSecret { get; init; }

    /// <summary>What is wrong with a bad value that has several parts.</summary>
    public Func<string, string?>? Explain { get; init; }

    public bool IsDefault(MemifInterfaceOptions options) => Write(options) == Write(Defaults);

    public string? Default => Write(Defaults);

    /// <summary>The value as it may appear in a log or an error.</summary>
    public string Shown(string value) => IsSecret ? "***" : value;

    public string DescribeBad(string value) =>
        $"{Name}={Shown(value)} is not valid: expected {Expected}, for example {Name}={Example}. {Explain?.Invoke(value)}".TrimEnd();

    public static MemifConnectionStringKey Number(
        string name, int from, int to, Func<MemifInterfaceOptions, int> get, Action<MemifInterfaceOptions, int> set) => new()
        {
            Name = name,
            Expected = string.Create(CultureInfo.InvariantCulture, $"a number from {from} to {to}"),
            Example = Text(get(Defaults)),
            TryRead = (options, text) => Assign(TryNumber(text, out int value), options, value, set),
            Write = options => Text(get(options)),
            IsValid = options => get(options) >= from && get(options) <= to,
        };

    public static MemifConnectionStringKey Choice<TEnum>(
        string name, Func<MemifInterfaceOptions, TEnum> get, Action<MemifInterfaceOptions, TEnum> set)
        where TEnum : struct, Enum => new()
        {
            Name = name,
            Expected = string.Join(" or ", Enum.GetNames<TEnum>()),
            Example = get(Defaults).ToString(),
            TryRead = (options, text) => Assign(TryName(text, out TEnum value), options, value, set),
            Write = options => get(options).ToString(),
            IsValid = options => Enum.IsDefined(get(options)),
        };

    public static MemifConnectionStringKey Flag(
        string name, Func<MemifInterfaceOptions, bool> get, Action<MemifInterfaceOptions, bool> set) => new()
        {
            Name = name,
            Expected = "true or false",
            Example = "true",
            TryRead = (options, text) => Assign(bool.TryParse(text, out bool value), options, value, set),
            Write = options => get(options) ? "true" : "false",
            IsValid = _ => true,
        };

    public static MemifConnectionStringKey Duration(
        string name, Func<MemifInterfaceOptions, TimeSpan> get, Action<MemifInterfaceOptions, TimeSpan> set) => new()
        {
            Name = name,
            Expected = "a time from 1ms to 1 day, as 5s (or just 5), 500ms or 00:00:05",
            Example = MemifConnectionStringDuration.Format(get(Defaults)),
            TryRead = (options, text) => Assign(MemifConnectionStringDuration.TryParse(text, out TimeSpan value), options, value, set),
            Write = options => MemifConnectionStringDuration.Format(get(options)),
            IsValid = options => get(options) >= TimeSpan.FromMilliseconds(1) && get(options) <= TimeSpan.FromDays(1),
        };

    public static bool TryNumber(ReadOnlySpan<char> text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    public static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>Names only: <see cref="Enum.TryParse{TEnum}(string, out TEnum)"/> also takes numbers and lists.</summary>
    private static bool TryName<TEnum>(string text, out TEnum value)
        where TEnum : struct, Enum
    {
        value = default;
        return Enum.GetNames<TEnum>().Contains(text, StringComparer.OrdinalIgnoreCase)
            && Enum.TryParse(text, ignoreCase: true, out value);
    }

    private static bool Assign<T>(bool parsed, MemifInterfaceOptions options, T value, Action<MemifInterfaceOptions, T> set)
    {
        if (parsed)
            set(options, value);
        return parsed;
    }
}

using System.Globalization;

namespace ZMemif.Udp;

/// <summary>The text form of <see cref="MemifFaults"/>: its parts, one row each, in the order in which they are written.</summary>
internal static class MemifFaultsText
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private static readonly Part[] Parts =
    [
        Probability("loss", faults => faults.Loss, (faults, value) => faults.Loss = value),
        Probability("duplicate", faults => faults.Duplicate, (faults, value) => faults.Duplicate = value),
        Probability("reorder", faults => faults.Reorder, (faults, value) => faults.Reorder = value),
        Probability("corrupt", faults => faults.Corrupt, (faults, value) => faults.Corrupt = value),
        new()
        {
            Name = "delay",
            Expected = "a time up to 10s, as 2ms",
            TryRead = (faults, text) => Assign(MemifConnectionStringDuration.TryParse(text, out TimeSpan value), () => faults.Delay = value),
            Write = faults => MemifConnectionStringDuration.Format(faults.Delay),
            IsValid = faults => faults.Delay >= TimeSpan.Zero && faults.Delay <= LongestDelay,
        },
        Probability("full", faults => faults.Full, (faults, value) => faults.Full = value),
        new()
        {
            Name = "seed",
            Expected = "a whole number of 32 bits",
            TryRead = (faults, text) => Assign(
                int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value), () => faults.Seed = value),
            Write = faults => MemifConnectionStringKey.Text(faults.Seed),
            IsValid = _ => true,
        },
    ];

    private static readonly MemifFaults None = new();

    /// <returns>What is wrong with the first bad part, or null.</returns>
    internal static string? TryParse(string text, out MemifFaults faults)
    {
        faults = new MemifFaults();
        var seen = new HashSet<Part>();
        foreach (string pair in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] sides = pair.Split(':', count: 2, StringSplitOptions.TrimEntries);
            if (Array.Find(Parts, known => known.Name.Equals(sides[0], StringComparison.OrdinalIgnoreCase)) is not { } part)
                return $"'{pair}' is no fault; there are {string.Join(", ", Parts.Select(known => known.Name))}.";
            if (!seen.Add(part))
                return $"'{part.Name}' is given twice; keep one of them.";
            if (sides.Length < 2 || !part.TryRead(faults, sides[1]) || !part.IsValid(faults))
                return part.DescribeBad(pair);
        }

        return null;
    }

    /// <returns>What is wrong with the first bad property, or null.</returns>
    internal static string? FindProblem(MemifFaults faults) =>
        Array.Find(Parts, part => !part.IsValid(faults)) is { } bad ? bad.DescribeBad($"{bad.Name}:{bad.Write(faults)}") : null;

    internal static string Write(MemifFaults faults) => string.Join(
        ',', Parts.Where(part => part.Write(faults) != part.Write(None)).Select(part => $"{part.Name}:{part.Write(faults)}"));

    private static Part Probability(string name, Func<MemifFaults, double> get, Action<MemifFaults, double> set) => new()
    {
        Name = name,
        Expected = "a probability from 0 to 1, as 0.01",
        TryRead = (faults, text) => Assign(
            double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value),
            () => set(faults, value)),
        Write = faults => MemifConnectionStringKey.Text(get(faults)),
        IsValid = faults => get(faults) is >= 0 and <= 1,
    };

    private static bool Assign(bool isParsed, Action set)
    {
        if (isParsed)
            set();
        return isParsed;
    }

    /// <summary>One part: <c>name:value</c>.</summary>
    private sealed class Part
    {
        internal required string Name { get; init; }

        internal required string Expected { get; init; }

        internal required Func<MemifFaults, string, bool> TryRead { get; init; }

        internal required Func<MemifFaults, string> Write { get; init; }

        internal required Func<MemifFaults, bool> IsValid { get; init; }

        internal string DescribeBad(string pair) => $"'{pair}' is not valid: {Name} takes {Expected}.";
    }
}

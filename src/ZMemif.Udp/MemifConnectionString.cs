using System.Text;

namespace ZMemif.Udp;

/// <summary>Connection string to options and back. What a key means is in <see cref="MemifConnectionStringKeys"/>.</summary>
internal static class MemifConnectionString
{
    public static MemifInterfaceOptions Read(string connectionString)
    {
        var options = new MemifInterfaceOptions();
        var seen = new HashSet<MemifConnectionStringKey>();
        foreach ((string name, string value) in MemifConnectionStringText.Split(connectionString))
        {
            MemifConnectionStringKey key = MemifConnectionStringKeys.Find(name)
                ?? throw new ArgumentException(Unknown(name), nameof(connectionString));
            if (!seen.Add(key))
                throw new ArgumentException($"{key.Name} is given twice; keep one of them.", nameof(connectionString));
            if (!key.TryRead(options, value) || !key.IsValid(options))
                throw new ArgumentException(key.DescribeBad(value), nameof(connectionString));
        }

        return options;
    }

    public static string Write(MemifInterfaceOptions options)
    {
        var text = new StringBuilder();
        foreach (MemifConnectionStringKey key in MemifConnectionStringKeys.All)
        {
            if (!key.IsDefault(options))
                MemifConnectionStringText.Append(text, key.Name, key.Shown(key.Write(options)!));
        }

        return text.ToString();
    }

    /// <summary>One typo for every three letters gets a suggestion; a wilder guess would mislead.</summary>
    private static string Unknown(string name)
    {
        MemifConnectionStringKey nearest = MemifConnectionStringKeys.All.MinBy(key => Distance(key.Name, name))!;
        return Distance(nearest.Name, name) <= name.Length / 3
            ? $"'{name}' is not a key; did you mean {nearest.Name}?"
            : $"'{name}' is not a key; the keys are {string.Join(", ", MemifConnectionStringKeys.All.Select(key => key.Name))}.";
    }

    /// <summary>Levenshtein distance, ignoring case.</summary>
    private static int Distance(string left, string right)
    {
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 0; i < left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                bool same = char.ToUpperInvariant(left[i]) == char.ToUpperInvariant(right[j]);
                int replaced = diagonal + (same ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}

using System.Globalization;

namespace ZMemif.Udp;

/// <summary>A time in a connection string: <c>5</c> or <c>5s</c>, <c>500ms</c>, or <c>00:00:05</c>.</summary>
internal static class MemifConnectionStringDuration
{
    public static bool TryParse(string text, out TimeSpan value)
    {
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out value);
        if (text.EndsWith("ms", StringComparison.OrdinalIgnoreCase))
            return TryScale(text[..^2], TimeSpan.TicksPerMillisecond, out value);
        return TryScale(text.EndsWith('s') || text.EndsWith('S') ? text[..^1] : text, TimeSpan.TicksPerSecond, out value);
    }

    public static string Format(TimeSpan value)
    {
        if (value.Ticks % TimeSpan.TicksPerSecond == 0)
            return MemifConnectionStringKey.Text(value.Ticks / TimeSpan.TicksPerSecond) + "s";
        if (value.Ticks % TimeSpan.TicksPerMillisecond == 0)
            return MemifConnectionStringKey.Text(value.Ticks / TimeSpan.TicksPerMillisecond) + "ms";
        return value.ToString("c", CultureInfo.InvariantCulture);
    }

    private static bool TryScale(string text, long ticksPerUnit, out TimeSpan value)
    {
        value = default;
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite;
        if (!decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out decimal units)
            || units > TimeSpan.MaxValue.Ticks / ticksPerUnit)
        {
            return false;
        }

        value = new TimeSpan((long)(units * ticksPerUnit));
        return true;
    }
}

using System.Globalization;

namespace ZMemif.Native;

/// <summary>A peer's words as people may be shown them, in a log or on a terminal.</summary>
internal static class HarmlessText
{
    /// <summary>The same text, with everything replaced that could forge a line or turn the direction of the text around it.</summary>
    internal static string Of(string text) => string.Create(text.Length, text, static (characters, source) =>
    {
        for (int i = 0; i < characters.Length; i++)
            characters[i] = IsHarmless(source, i) ? source[i] : '?';
    });

    // Format characters are those that turn the direction of the text around them, or show nothing.
    private static bool IsHarmless(string text, int at)
    {
        int rune = char.IsLowSurrogate(text[at]) && at > 0 ? at - 1 : at;
        return CharUnicodeInfo.GetUnicodeCategory(text, rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }
}

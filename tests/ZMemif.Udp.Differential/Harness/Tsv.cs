namespace ZMemif.Udp.Differential;

/// <summary>The files beside the program: a heading line, then cells between tabs.</summary>
internal static class Tsv
{
    public static IEnumerable<string[]> Read(string file) => File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, file))
        .Skip(1)
        .Select(line => line.Split('\t'));
}

namespace ZMemif.Udp.Tests.Surface;

/// <summary>Files of the repository that tests read.</summary>
internal static class RepositoryFile
{
    private const string RootMark = "ZMemif.Udp.sln";

    /// <summary>The lines of a file that are neither empty nor comments.</summary>
    /// <param name="path">Seen from the repository's root.</param>
    internal static string[] ReadList(string path) =>
        [.. File.ReadAllLines(PathOf(path)).Where(line => line.Length > 0 && !line.StartsWith('#'))];

    /// <summary>Where a file is.</summary>
    /// <param name="path">Seen from the repository's root.</param>
    internal static string PathOf(string path) => Path.Combine(Root(), path);

    private static string Root()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, RootMark)))
                return folder;
        }

        throw new InvalidOperationException($"The tests run outside the repository: there is no {RootMark} above {AppContext.BaseDirectory}.");
    }
}

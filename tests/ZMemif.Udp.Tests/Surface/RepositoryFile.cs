namespace ZMemif.Udp.Tests.Surface;

/// <summary>Files of the repository that tests read.</summary>
internal static class RepositoryFile
{
    private const string RootMark = "ZMemif.Udp.sln";

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

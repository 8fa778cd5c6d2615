using ZMemif.Memory;

namespace ZMemif.Tests.Peers;

/// <summary>
/// What this process holds of the kinds of things that the library makes or takes from peers. Only meaningful in the
/// collection <see cref="Alone"/>.
/// </summary>
/// <param name="Descriptors">Open sockets, eventfds, memory files, pipes and test files.</param>
/// <param name="Mappings">Mapped memory files of peers and of ours.</param>
/// <param name="ControlThreads">Control threads.</param>
/// <param name="Generations">Connections' memories that have not been let go.</param>
internal sealed record ProcessCounts(int Descriptors, int Mappings, int ControlThreads, int Generations)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    internal static ProcessCounts Take() => new(
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(IsOfOurKind),
        File.ReadLines("/proc/self/maps").Count(line => line.Contains("/memfd:memif", StringComparison.Ordinal)),
        Directory.EnumerateDirectories("/proc/self/task").Count(IsControlThread),
        Generation.LiveCount);

    /// <summary>
    /// Asserts that the process holds no more again: what has just ended may need a moment to go, and so may what an earlier
    /// test left behind.
    /// </summary>
    internal void AssertAgain() => Assert.True(
        SpinWait.SpinUntil(() => Take().IsAtMost(this), s_patience), $"There was {this}, and there is {Take()}.");

    private bool IsAtMost(ProcessCounts other) => Descriptors <= other.Descriptors && Mappings <= other.Mappings
        && ControlThreads <= other.ControlThreads && Generations <= other.Generations;

    private static bool IsOfOurKind(string link)
    {
        string target = new FileInfo(link).LinkTarget ?? "";
        return target.StartsWith("socket:", StringComparison.Ordinal)
            || target.StartsWith("pipe:", StringComparison.Ordinal)
            || target.StartsWith("anon_inode:[eventfd]", StringComparison.Ordinal)
            || target.StartsWith("/memfd:", StringComparison.Ordinal)
            || target.Contains("zmemif-test", StringComparison.Ordinal);
    }

    private static bool IsControlThread(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == "memif control";
        }
        catch (IOException)
        {
            // The thread ended between listing and reading.
            return false;
        }
    }
}

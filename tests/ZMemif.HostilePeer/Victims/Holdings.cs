using ZMemif.Memory;

namespace ZMemif.HostilePeer.Victims;

/// <summary>What this process holds of the kinds of things that the library makes or takes from peers.</summary>
/// <param name="Descriptors">Open sockets, eventfds, pipes and memory files.</param>
/// <param name="Mappings">Mapped memory files.</param>
/// <param name="Generations">Connections' memories that have not been let go.</param>
/// <param name="Threads">Threads with a name that is not the runtime's; one that is only just starting has none yet.</param>
internal sealed record Holdings(int Descriptors, int Mappings, int Generations, int Threads)
{
    private static readonly string[] s_kinds = ["socket:", "pipe:", "anon_inode:[eventfd]", "/memfd:"];

    private static readonly string s_processName = File.ReadAllText("/proc/self/comm");

    internal static Holdings Take() => new(
        Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(IsOfOurKind),
        File.ReadLines("/proc/self/maps").Count(line => line.Contains("/memfd:memif", StringComparison.Ordinal)),
        Generation.LiveCount,
        Directory.EnumerateDirectories("/proc/self/task").Count(IsOfOurKindOfThread));

    private static bool IsOfOurKind(string link)
    {
        string target = new FileInfo(link).LinkTarget ?? "";
        return Array.Exists(s_kinds, kind => target.StartsWith(kind, StringComparison.Ordinal));
    }

    private static bool IsOfOurKindOfThread(string task)
    {
        try
        {
            string name = File.ReadAllText(Path.Combine(task, "comm"));
            return name != s_processName && !name.StartsWith(".NET", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // The thread ended between listing and reading.
            return false;
        }
    }
}

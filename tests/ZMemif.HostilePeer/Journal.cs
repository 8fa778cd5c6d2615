namespace ZMemif.HostilePeer;

/// <summary>What this process says: whole lines on standard output, from any thread, at once.</summary>
internal static class Journal
{
    private static readonly Lock s_lock = new();

    internal static void Say(string line)
    {
        lock (s_lock)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }

    /// <summary>Something that must not happen: says so, and ends the process.</summary>
    internal static void Fault(object what)
    {
        Say($"fault {what.ToString()!.ReplaceLineEndings(" | ")}");
        Environment.Exit(3);
    }
}

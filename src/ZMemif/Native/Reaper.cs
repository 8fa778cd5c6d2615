namespace ZMemif.Native;

/// <summary>
/// Closes descriptors whose closing may take as long as a peer likes: what he passed may be a TCP socket that lingers, or a
/// file of a file system that he runs himself; and a channel that is closed lets go of what he passed unread. So that
/// nobody else waits for that, threads of the reaper's own do; they come when there is work and end soon after.
/// </summary>
internal static class Reaper
{
    /// <summary>With so many descriptors waiting, nobody new is let in.</summary>
    internal const int Most = 1024;

    // As many closings may hang before the others wait for them.
    private const int MostThreads = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);
    private static readonly object s_gate = new();
    private static readonly Queue<int> s_waiting = new();
    private static int s_threads;
    private static int s_idle;

    /// <summary>Whether closings hang, and too many wait behind them.</summary>
    internal static bool IsFull
    {
        get
        {
            lock (s_gate)
                return s_waiting.Count >= Most;
        }
    }

    /// <summary>Closes a descriptor, a moment later. Thread-safe, never blocks.</summary>
    internal static void Close(int fd)
    {
        lock (s_gate)
        {
            s_waiting.Enqueue(fd);
            if (s_waiting.Count <= s_idle)
            {
                Monitor.Pulse(s_gate);
                return;
            }

            if (s_threads == MostThreads)
                return;
            s_threads++;
        }

        new Thread(Work) { Name = "memif reaper", IsBackground = true }.Start();
    }

    private static void Work()
    {
        while (TryTake(out int fd))
            _ = Libc.Close(fd);
    }

    private static bool TryTake(out int fd)
    {
        lock (s_gate)
        {
            s_idle++;
            if (s_waiting.Count == 0)
                Monitor.Wait(s_gate, s_patience);
            s_idle--;
            bool any = s_waiting.TryDequeue(out fd);
            if (!any)
                s_threads--;
            return any;
        }
    }
}

namespace ZMemif.Native;

/// <summary>
/// Closes descriptors whose closing may take as long as a peer likes: what he passed may be a TCP socket that lingers, or a
/// file of a file system that he runs himself; and a channel that is closed lets go of what he passed unread. So that
/// nobody else waits for that, threads of the reaper's own do; they come when there is work and end soon after.
/// </summary>
internal static class Reaper
{
    /// <summary>With so many descriptors waiting, nobody new is let in.</summary>
    internal const int Most = 256;

    // As many closings may hang before the others wait for them.
    private const int MostThreads = 16;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);
    private static readonly object s_gate = new();
    private static readonly Queue<(int Fd, ClosingRisk Risk)> s_waiting = new();
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
    internal static void Close(int fd, ClosingRisk risk = ClosingRisk.Unknown)
    {
        lock (s_gate)
        {
            s_waiting.Enqueue((fd, risk));
            if (s_waiting.Count <= s_idle)
            {
                Monitor.Pulse(s_gate);
                return;
            }

            if (s_threads == MostThreads)
                return;
            s_threads++;
        }

        StartThread();
    }

    // Where no thread can be made, those that there are, or the next closing, take what waits.
    private static void StartThread()
    {
        try
        {
            new Thread(Work) { Name = "memif reaper", IsBackground = true }.Start();
        }
        catch (OutOfMemoryException)
        {
            lock (s_gate)
                s_threads--;
        }
    }

    private static void Work()
    {
        while (TryTake(out (int Fd, ClosingRisk Risk) next))
        {
            if (next.Risk == ClosingRisk.Channel)
                Empty(next.Fd);
            Libc.StopLingering(next.Fd);
            _ = Libc.Close(next.Fd);
        }
    }

    // What lies unread in a channel would be closed with it, as it is.
    private static void Empty(int channel)
    {
        Span<byte> message = stackalloc byte[128];
        var passed = new List<FileDescriptor>();
        using var borrowed = FileDescriptor.Borrow(channel);
        var socket = new SeqPacketSocket(borrowed);
        while (socket.Receive(message, passed, out _) > 0)
        {
            foreach (FileDescriptor fd in passed)
            {
                Libc.StopLingering(fd.Number);
                fd.Dispose();
            }

            passed.Clear();
        }
    }

    private static bool TryTake(out (int Fd, ClosingRisk Risk) next)
    {
        lock (s_gate)
        {
            s_idle++;
            if (s_waiting.Count == 0)
                Monitor.Wait(s_gate, s_patience);
            s_idle--;
            bool any = s_waiting.TryDequeue(out next);
            if (!any)
                s_threads--;
            return any;
        }
    }
}

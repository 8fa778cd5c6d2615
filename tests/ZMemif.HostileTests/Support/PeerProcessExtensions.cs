using System.Diagnostics;

namespace ZMemif.HostileTests.Support;

/// <summary>Conversations with a process.</summary>
internal static class PeerProcessExtensions
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Tells a process something, and waits for its answer.</summary>
    internal static Task<string> AskAsync(this PeerProcess process, string command, string answer)
    {
        process.Tell(command);
        return process.ExpectAsync(answer);
    }

    /// <summary>Asks until a process holds what it held before: what has just ended may need a moment to go.</summary>
    internal static async Task ExpectHoldingsAsync(this PeerProcess process, string before)
    {
        long began = Stopwatch.GetTimestamp();
        string now;
        do
            now = await process.AskAsync("holdings");
        while (now != before && Stopwatch.GetElapsedTime(began) < s_patience);
        Assert.Equal(before, now);
    }
}

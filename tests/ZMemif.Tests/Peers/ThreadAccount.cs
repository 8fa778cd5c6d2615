using System.Globalization;

namespace ZMemif.Tests.Peers;

/// <summary>What a thread of this process has cost so far, as the kernel counts it.</summary>
/// <param name="Processor">Time on a processor.</param>
/// <param name="Sleeps">How often it gave the processor away by itself, which is how often it was woken.</param>
internal readonly record struct ThreadAccount(TimeSpan Processor, long Sleeps)
{
    private const string SleepsField = "voluntary_ctxt_switches:";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    internal static ThreadAccount Read(int id)
    {
        string nanoseconds = File.ReadAllText($"/proc/self/task/{id}/schedstat").Split(' ')[0];
        string sleeps = File.ReadLines($"/proc/self/task/{id}/status").First(line => line.StartsWith(SleepsField, StringComparison.Ordinal));
        return new ThreadAccount(
            TimeSpan.FromMicroseconds(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / 1000),
            long.Parse(sleeps.AsSpan(SleepsField.Length), CultureInfo.InvariantCulture));
    }

    /// <summary>The number of the only thread of a name; others may be about to end.</summary>
    internal static int FindByName(string name)
    {
        int[] found = [];
        Assert.True(SpinWait.SpinUntil(() => (found = [.. NumbersByName(name)]).Length == 1, s_patience), $"There are {found.Length} threads '{name}'.");
        return found[0];
    }

    private static IEnumerable<int> NumbersByName(string name)
    {
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            string seen = "";
            try
            {
                seen = File.ReadAllText(Path.Combine(task, "comm")).TrimEnd();
            }
            catch (IOException)
            {
                // The thread ended between listing and reading.
            }

            if (seen == name)
                yield return int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture);
        }
    }
}

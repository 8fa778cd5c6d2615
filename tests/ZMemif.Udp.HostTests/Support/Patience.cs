using System.Globalization;

namespace ZMemif.Udp.HostTests.Support;

/// <summary>
/// How long tests wait at most for things that happen in real time. A slow machine sets <see cref="Variable"/> to a factor.
/// </summary>
internal static class Patience
{
    /// <summary>Environment variable that stretches every limit; 1 when it is not set.</summary>
    internal const string Variable = "ZMEMIF_TEST_TIMESCALE";

    private static readonly double s_factor = double.Parse(
        Environment.GetEnvironmentVariable(Variable) ?? "1", CultureInfo.InvariantCulture);

    /// <summary>Enough for anything that a test waits for, and short enough to fail before somebody looks at the clock.</summary>
    internal static TimeSpan Limit => Seconds(15);

    internal static int LimitMilliseconds => (int)Limit.TotalMilliseconds;

    internal static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds * s_factor);

    /// <summary>Waits until a condition holds; fails the test with <paramref name="what"/> when it does not in time.</summary>
    internal static void Until(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Limit), $"Not within {Limit.TotalSeconds} s: {what}.");

    /// <summary>Asks again and again until the answer is as wanted; each question takes its time, so nothing waits between.</summary>
    internal static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isWanted, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        T answer = await ask();
        while (!isWanted(answer))
        {
            Assert.False(limit.IsCancellationRequested, $"Not within {Limit.TotalSeconds} s: {what}. The last answer was: {answer}");
            answer = await ask();
        }

        return answer;
    }
}

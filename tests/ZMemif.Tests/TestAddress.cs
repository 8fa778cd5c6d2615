namespace ZMemif.Tests;

/// <summary>Addresses that no other test and no other process uses.</summary>
internal static class TestAddress
{
    private static int s_last;

    internal static string Abstract() => $"@zmemif-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_last)}";

    internal static string Path() => System.IO.Path.Combine(
        System.IO.Path.GetTempPath(), $"zmemif-test-{Environment.ProcessId}-{Interlocked.Increment(ref s_last)}.sock");
}

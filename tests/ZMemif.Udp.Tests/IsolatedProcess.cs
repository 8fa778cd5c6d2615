using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ZMemif.Udp.Tests;

/// <summary>
/// Runs the body of a test in a process of its own, for what belongs to a whole process: environment variables and
/// static state. The child is this test program again, told to run this one test.
/// </summary>
internal static class IsolatedProcess
{
    private const string Marker = "ZMEMIF_ISOLATED_TEST";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a body with an environment variable set, or certainly not set.</summary>
    /// <param name="test">The class of the calling test.</param>
    /// <param name="variable">The variable.</param>
    /// <param name="value">Its value; null for none.</param>
    /// <param name="body">What to run there.</param>
    /// <param name="method">The calling test.</param>
    internal static async Task RunAsync(
        Type test, string variable, string? value, Action body, [CallerMemberName] string method = "")
    {
        string name = $"{test.FullName}.{method}";
        if (Environment.GetEnvironmentVariable(Marker) == name)
            body();
        else
            await RunChildAsync(name, variable, value);
    }

    private static async Task RunChildAsync(string name, string variable, string? value)
    {
        string program = Path.ChangeExtension(typeof(IsolatedProcess).Assembly.Location, null);
        var start = new ProcessStartInfo(program, ["-noColor", "-method", name]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Marker] = name;
        start.Environment.Remove(variable);
        if (value is not null)
            start.Environment[variable] = value;

        using Process child = Process.Start(start)!;
        using var patience = new CancellationTokenSource(s_patience);
        Task<string> output = child.StandardOutput.ReadToEndAsync(patience.Token);
        Task<string> errors = child.StandardError.ReadToEndAsync(patience.Token);
        try
        {
            await child.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
        }

        // The count shows that the test was found there, and not merely that nothing failed.
        string report = await output + await errors;
        Assert.True(child.ExitCode == 0 && report.Contains("Total: 1, Errors: 0, Failed: 0", StringComparison.Ordinal), report);
    }
}

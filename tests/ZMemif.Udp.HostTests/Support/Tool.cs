using System.Diagnostics;

namespace ZMemif.Udp.HostTests.Support;

/// <summary>Runs installed programs to their end, never longer than <see cref="Patience.Limit"/>.</summary>
internal static class Tool
{
    // Administrators' tools are not in everybody's PATH.
    private static readonly string[] s_folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), "/usr/sbin", "/sbin"];

    /// <summary>The program's path, or null when it is not installed.</summary>
    internal static string? Find(string name) =>
        s_folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program.</summary>
    /// <param name="name">Its name, without a path.</param>
    /// <param name="arguments">Its arguments, one by one.</param>
    /// <param name="input">What it reads from standard input.</param>
    internal static async Task<ToolResult> RunAsync(string name, IEnumerable<string> arguments, string input = "")
    {
        using Process process = Process.Start(new ProcessStartInfo(Find(name) ?? name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        string command = $"{name} {string.Join(' ', arguments)}";
        using var limit = new CancellationTokenSource(Patience.Limit);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new ToolResult(command, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"'{command}' did not end within {Patience.Limit.TotalSeconds} s.");
        }
        finally
        {
            process.Kill();
        }
    }
}

using System.Diagnostics;
using System.Globalization;

namespace ZMemif.Cli.Bench;

/// <summary>The receiving process of a benchmark: this program again, pinned to another processor.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    private PeerProcess(Process process) => _process = process;

    internal static PeerProcess Start(string benchmark, BenchOptions options)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ZMemif.Cli.dll"));
        foreach (string argument in (string[])
            ["bench", benchmark, "--receive", "--socket", options.Socket, "--size", Text(options.Size), "--burst", Text(options.Burst), "--cpus", $"{Text(options.Cpus.Sender)},{Text(options.Cpus.Receiver)}"])
        {
            start.ArgumentList.Add(argument);
        }

        return new PeerProcess(Process.Start(start) ?? throw new InvalidOperationException("The receiving process did not start."));
    }

    /// <summary>Ends the process, if it has not ended by itself.</summary>
    public void Dispose()
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(2)))
            _process.Kill();
        _process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

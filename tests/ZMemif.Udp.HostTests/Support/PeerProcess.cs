using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ZMemif.Udp.HostTests.Support;

/// <summary><c>examples/Echo</c> as a second process, ended with this object at the latest.</summary>
internal sealed class PeerProcess : IDisposable
{
    private const int StopSignal = 19;
    private const int ContinueSignal = 18;
    private const string SleepsField = "voluntary_ctxt_switches:";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private PeerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "(end of output)");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "(end of errors)");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What the process said so far.</summary>
    internal string Output => string.Join('\n', _output);

    /// <summary>Starts an echo server, and waits until it says that it is ready.</summary>
    internal static PeerProcess StartServer(string connection, int port)
    {
        PeerProcess peer = Start("--server", "--connection", connection, "--port", $"{port}");
        try
        {
            Patience.Until(() => peer.Output.Contains("ready ", StringComparison.Ordinal), "the echo server is ready");
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <summary>Starts a client that sends so many datagrams and wants each of them back.</summary>
    internal static PeerProcess StartClient(string connection, string server, int port, int count) =>
        Start("--client", "--connection", connection, "--to", server, "--port", $"{port}", "--count", $"{count}");

    /// <summary>SIGKILL: the process has no say in it.</summary>
    internal void Kill()
    {
        Assert.False(_process.HasExited, $"The peer ended by itself:\n{Output}");
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGSTOP: the process stands still, and does not know.</summary>
    internal void Stop() => Signal(StopSignal);

    /// <summary>SIGCONT: it goes on.</summary>
    internal void Continue() => Signal(ContinueSignal);

    /// <summary>What the threads whose names begin so have cost so far: time on a processor, and how often they were woken.</summary>
    internal (TimeSpan Processor, long Wakeups) CostOf(params string[] names)
    {
        long nanoseconds = 0;
        long wakeups = 0;
        foreach (string task in Directory.EnumerateDirectories($"/proc/{_process.Id}/task"))
        {
            string name = File.ReadAllText(Path.Combine(task, "comm"));
            if (!names.Any(begin => name.StartsWith(begin, StringComparison.Ordinal)))
                continue;
            nanoseconds += long.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
            string sleeps = File.ReadLines(Path.Combine(task, "status")).First(line => line.StartsWith(SleepsField, StringComparison.Ordinal));
            wakeups += long.Parse(sleeps.AsSpan(SleepsField.Length), CultureInfo.InvariantCulture);
        }

        Assert.True(wakeups > 0, $"The process has no threads named {string.Join(" or ", names)}.");
        return (TimeSpan.FromMicroseconds(nanoseconds / 1000.0), wakeups);
    }

    /// <summary>Waits until the process ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    internal int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Patience.Limit), $"The peer did not end within {Patience.Limit.TotalSeconds} s:\n{Output}");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Signal(int signal) => Assert.Equal(0, kill(_process.Id, signal));

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);

    private static PeerProcess Start(params string[] arguments) => new(Process.Start(
        new ProcessStartInfo(DotnetPath(), [EchoPath(), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!);

    // The build puts every project's output into a folder beside ours.
    private static string EchoPath()
    {
        var ours = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(ours.FullName, "..", "..", "Echo", ours.Name, "Echo.dll"));
    }

    // The host that runs this process: <root>/shared/Microsoft.NETCore.App/<version>/ is its runtime.
    private static string DotnetPath() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}

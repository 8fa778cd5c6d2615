using System.Diagnostics;
using System.Globalization;

namespace ZMemif.Udp.Tests.Programs;

/// <summary>One of the programs of <c>tests/ZMemif.Udp.Programs</c> as a process; it ends by itself, or is ended.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly CancellationTokenSource _patience = new(s_patience);
    private readonly Task<string> _errors;

    private ProgramProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(_patience.Token);
    }

    /// <param name="half">Kernel or Memif.</param>
    /// <param name="connection">The interface, for the latter.</param>
    /// <param name="arguments">What is to be run.</param>
    internal static ProgramProcess Start(string half, string? connection, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(PathOf($"ZMemif.Udp.Programs.{half}"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[MemifInterface.ConnectionVariable] = connection;
        return new ProgramProcess(Process.Start(start)!);
    }

    /// <summary>Waits until the server says where it listens.</summary>
    internal async Task<int> ReadyAsync()
    {
        string? line = await _process.StandardOutput.ReadLineAsync(_patience.Token);
        return line?.Split(' ') is ["ready", string port]
            ? int.Parse(port, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The server said '{line}'. {await _errors}");
    }

    /// <summary>What it says until it ends, which has to be in order.</summary>
    internal async Task<string> OutcomeAsync()
    {
        string said = await _process.StandardOutput.ReadToEndAsync(_patience.Token);
        await _process.WaitForExitAsync(_patience.Token);
        Assert.True(_process.ExitCode == 0, $"{said}{await _errors}");
        return said;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
        _patience.Dispose();
    }

    // Beside this test's own folder, under the same configuration.
    private static string PathOf(string name)
    {
        var ours = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.GetFullPath(Path.Combine(ours.FullName, "..", "..", name, ours.Name, name));
    }
}

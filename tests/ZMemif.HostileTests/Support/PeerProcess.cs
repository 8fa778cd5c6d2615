using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace ZMemif.HostileTests.Support;

/// <summary>
/// The program ZMemif.HostilePeer in one of its modes: obeys lines on its standard input, and says lines. Every wait for it
/// is bounded, and it ends with this object at the latest.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Channel<string> _unread = Channel.CreateUnbounded<string>();
    private readonly List<string> _said = [];
    private int _streamsEnded;

    private PeerProcess(Process process)
    {
        _process = process;
        Read(process.StandardOutput);
        Read(process.StandardError);
    }

    /// <summary>Everything it said so far.</summary>
    internal IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
                return [.. _said];
        }
    }

    /// <summary>Starts it on its processor.</summary>
    internal static PeerProcess Start(Seat seat, params IEnumerable<string> arguments) => new(seat.Run(() => Process.Start(
        new ProcessStartInfo(DotnetPath(), [PeerPath(), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!));

    /// <summary>The kernel's number of it.</summary>
    internal int Id => _process.Id;

    /// <summary>Waits until it says a line that begins with this word.</summary>
    /// <returns>The rest of the line.</returns>
    internal async Task<string> ExpectAsync(string word)
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            await foreach (string line in _unread.Reader.ReadAllAsync(patience.Token))
            {
                Assert.False(line.StartsWith("fault ", StringComparison.Ordinal), Report(line));
                if (line == word || line.StartsWith(word + " ", StringComparison.Ordinal))
                    return line[word.Length..].Trim();
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(Report($"It did not say '{word}' within {s_patience.TotalSeconds} s."));
        }

        Assert.Fail(Report($"It ended with {await WaitForExitAsync()} where '{word}' was expected."));
        return "";
    }

    /// <summary>Tells it something.</summary>
    internal void Tell(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Tells it something that it answers with the same word.</summary>
    internal Task<string> AskAsync(string command)
    {
        Tell(command);
        return ExpectAsync(command);
    }

    /// <summary>SIGKILL: the process has no say in it.</summary>
    internal void Kill()
    {
        Assert.False(_process.HasExited, Report("It ended by itself."));
        _process.Kill();
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>Its exit code.</returns>
    internal async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await WaitForExitAsync();
        _process.Dispose();
    }

    // On threads of their own: the thread pool makes none while the processors are busy, and busy is what peers are.
    private void Read(StreamReader stream) => new Thread(() =>
    {
        while (stream.ReadLine() is { } line)
            Take(line);
        if (Interlocked.Increment(ref _streamsEnded) == 2)
            _unread.Writer.Complete();
    })
    { IsBackground = true, Name = "reader of a peer" }.Start();

    private void Take(string line)
    {
        lock (_said)
            _said.Add(line);
        _unread.Writer.TryWrite(line);
    }

    private string Report(string what) => $"{what}\n{string.Join('\n', Said.TakeLast(50))}";

    // The build puts every project's output into a folder beside ours.
    private static string PeerPath()
    {
        var ours = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.GetFullPath(Path.Combine(ours.FullName, "..", "..", "ZMemif.HostilePeer", ours.Name, "ZMemif.HostilePeer.dll"));
    }

    // The host that runs this process: <root>/shared/Microsoft.NETCore.App/<version>/ is its runtime.
    private static string DotnetPath() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
}

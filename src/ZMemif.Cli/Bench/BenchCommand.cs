using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace ZMemif.Cli.Bench;

/// <summary><c>zmemif bench raw|udp</c>: a sender in this process and a receiver in another, each on its own processor.</summary>
internal static class BenchCommand
{
    private static readonly Option<int> s_size = new("--size") { Description = "Bytes per frame (raw, at least 16) or per payload (udp, at least 8).", DefaultValueFactory = _ => 64 };
    private static readonly Option<int> s_burst = new("--burst") { Description = "Packets per publication (raw), or on their way at most (udp).", DefaultValueFactory = _ => 64 };
    private static readonly Option<double> s_seconds = new("--seconds") { Description = "How long to send.", DefaultValueFactory = _ => 3 };
    private static readonly Option<string> s_cpus = new("--cpus") { Description = "The sender's processor and the receiver's.", DefaultValueFactory = _ => "0,1" };
    private static readonly Option<bool> s_json = new("--json") { Description = "Print the result as one JSON object." };
    private static readonly Option<string?> s_socket = new("--socket") { Hidden = true };
    private static readonly Option<bool> s_receive = new("--receive") { Hidden = true };

    internal static Command Create() => new("bench", "Measures what one queue pair between two processes carries.")
    {
        Verb("raw", "Raw frames, reserved and committed in bursts.", RawBench.Receive, RawBench.Send),
        Verb("udp", "UDP datagrams, one at a time, through MemifDatagramSocket.", UdpBench.Receive, UdpBench.Send),
    };

    private static Command Verb(
        string name, string description, Action<BenchOptions> receive, Func<BenchOptions, (long Packets, long Lost, long Wrong, double Seconds)> send)
    {
        var verb = new Command(name, description) { s_size, s_burst, s_seconds, s_cpus, s_json, s_socket, s_receive };
        verb.SetAction(parsed =>
        {
            (BenchOptions options, string? wrong) = Read(name, parsed);
            if (wrong is not null)
            {
                Console.Error.WriteLine($"zmemif bench {name}: {wrong}");
                return 2;
            }

            return Run(name, () =>
            {
                if (!parsed.GetValue(s_receive))
                    return Measure(name, options, send, parsed.GetValue(s_json));
                Processors.PinMainThread(options.Cpus.Receiver);
                receive(options);
                return 0;
            });
        });
        return verb;
    }

    // What the other process or the system does is a line, not a stack trace.
    private static int Run(string name, Func<int> verb)
    {
        try
        {
            return verb();
        }
        catch (Exception e) when (e is IOException or TimeoutException or SocketException or OperationCanceledException)
        {
            Console.Error.WriteLine($"zmemif bench {name}: {e.Message}");
            return 1;
        }
    }

    private static int Measure(
        string name, BenchOptions options, Func<BenchOptions, (long Packets, long Lost, long Wrong, double Seconds)> send, bool json)
    {
        double? before = Processors.MeasureCacheLineRoundTrip(options.Cpus.Sender, options.Cpus.Receiver);
        (long packets, long lost, long wrong, double seconds) = send(options);
        double? after = Processors.MeasureCacheLineRoundTrip(options.Cpus.Sender, options.Cpus.Receiver);
        var result = new BenchResult
        {
            Benchmark = name,
            Size = options.Size,
            Burst = options.Burst,
            Seconds = seconds,
            Packets = packets,
            Lost = lost,
            Wrong = wrong,
            CacheLineRoundTrips = [before, after],
        };
        Console.WriteLine(json ? JsonSerializer.Serialize(result, BenchJson.Default.BenchResult) : result.ToString());
        return result.IsGood ? 0 : 1;
    }

    // Each wrong option with its cure; the other process gets what was found right, and is pinned to one processor already.
    private static (BenchOptions Options, string? Wrong) Read(string name, ParseResult parsed)
    {
        int[] cpus = [.. parsed.GetValue(s_cpus)!.Split(',').Select(cpu => int.TryParse(cpu, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        var options = new BenchOptions(
            parsed.GetValue(s_size),
            parsed.GetValue(s_burst),
            parsed.GetValue(s_seconds),
            parsed.GetValue(s_socket) ?? $"@zmemif-bench-{Guid.NewGuid():N}",
            (cpus[0], cpus[^1]));
        bool isRaw = name == "raw";
        (int least, int most) = isRaw ? (16, MemifDefaults.BufferSize) : (8, 65507);
        int mostBurst = isRaw ? MemifDefaults.RingSize : 65536;
        string? wrong = options switch
        {
            _ when parsed.GetValue(s_receive) => null,
            _ when cpus.Length is < 1 or > 2 || cpus.Any(cpu => !Processors.Exists(cpu)) =>
                $"--cpus takes one or two processors that this process may run on ({Processors.Known()}), such as 0,1; not '{parsed.GetValue(s_cpus)}'.",
            _ when options.Size < least || options.Size > most =>
                $"--size takes {least} to {most} bytes{(isRaw ? ", so that a frame fits one buffer" : "")}; not {options.Size}.",
            _ when options.Burst < 1 || options.Burst > mostBurst => $"--burst takes 1 to {mostBurst} packets; not {options.Burst}.",
            { Seconds: not (> 0 and <= 86400) } => $"--seconds takes more than 0 and at most 86400; not {options.Seconds}.",
            _ => null,
        };
        return (options, wrong);
    }
}

using System.Globalization;
using ZMemif.Tests.Peers;

namespace ZMemif.HostilePeer.Victims;

/// <summary>
/// The process under attack: a healthy port that moves packets all the time, and on the same socket a port whose peer is
/// hostile. Obeys lines on standard input and answers each with one; events of the ports come as lines at any time.
/// </summary>
internal sealed class Victim : IDisposable
{
    private const uint HealthyId = 0;

    private readonly MemifSocket _socket;
    private readonly MemifSocket _other;
    private readonly MemifPortOptions _options;
    private readonly HealthyPair _healthy;
    private MemifPort? _port;
    private PortUser? _user;
    private NoDescriptorsLeft? _exhaustion;

    private Victim(Arguments arguments)
    {
        MemifRole role = arguments.Get("role", MemifRole.Server);
        _options = new MemifPortOptions
        {
            Id = (uint)arguments.GetNumber("id", 0),
            Role = role,
            RingSize = 64,
            RxQueues = arguments.GetNumber("queues", 1),
            TxQueues = arguments.GetNumber("queues", 1),
            Seals = arguments.Get("seals", MemifSealPolicy.Require),
            Malformed = arguments.Get("malformed", MemifMalformedPolicy.Disconnect),
            MaxRegionBytes = arguments.GetNumber("max-region", new MemifPortOptions().MaxRegionBytes),
            MaxTotalBytes = arguments.GetNumber("max-total", new MemifPortOptions().MaxTotalBytes),
        };

        // As a client the healthy port reaches its server through the attacker's socket, and the server has one of its own.
        string address = arguments["address"];
        var options = new MemifSocketOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(500) };
        _socket = new MemifSocket(address, options);
        _other = new MemifSocket(role == MemifRole.Server ? address : arguments["honest"], options);
        _socket.Error += (_, e) => Journal.Say($"error {e.Error.Code} {e.Error.Message}");
        MemifRole otherRole = role == MemifRole.Server ? MemifRole.Client : MemifRole.Server;
        MemifPort mine = _socket.AddPort(new MemifPortOptions { Id = HealthyId, Role = role });
        MemifPort others = _other.AddPort(new MemifPortOptions { Id = HealthyId, Role = otherRole });
        MemifSocket[] sockets = role == MemifRole.Server ? [_socket, _other] : [_other, _socket];
        foreach (MemifSocket socket in sockets)
            socket.Start();
        Task.WaitAll([mine.WaitConnectedAsync(), others.WaitConnectedAsync()], TimeSpan.FromSeconds(20));
        _healthy = new HealthyPair(mine, others);
    }

    internal static int Run(Arguments arguments)
    {
        using var victim = new Victim(arguments);
        Journal.Say("ready");
        while (Console.In.ReadLine() is { } command && command != "quit")
            Journal.Say($"{command} {victim.Obey(command)}");
        return 0;
    }

    public void Dispose()
    {
        _healthy.Stop();
        _socket.Dispose();
        _other.Dispose();
    }

    private string Obey(string command) => command.Split(' ') switch
    {
        ["exhaust", { } but] => Exhaust(int.Parse(but, CultureInfo.InvariantCulture)),
        ["replenish"] => Replenish(),
        [{ } word] => ObeyWord(word),
        _ => throw new ArgumentException($"There is no command '{command}'."),
    };

    private string ObeyWord(string command) => command switch
    {
        "holdings" => Holdings.Take().ToString(),
        "begin" => Begin(),
        "healthy" => $"{_healthy.TakeRate()}",
        "longest-healthy" => $"{_healthy.LongestCall}",
        "verified" => $"{_user!.Verified}",
        "longest" => $"{_user!.LongestSend}",
        "state" => $"{_port!.State} after {_port.ConnectionCount} links, {_port.RxQueues[0].Statistics.Malformed} malformed, {_user!.Rounds} rounds",
        "end" => End(),
        _ => throw new ArgumentException($"There is no command '{command}'."),
    };

    private string Begin()
    {
        _port = _socket.AddPort(_options);
        _port.Connected += (_, _) => Journal.Say("up");
        _port.Disconnected += (_, e) => Journal.Say($"down {e.Error.Code} {e.Error.Message}");
        _user = new PortUser(_port);
        return "";
    }

    private string Exhaust(int but)
    {
        FillThePool();
        _exhaustion = new NoDescriptorsLeft(but);
        return "";
    }

    // The runtime makes no thread without descriptors, and a pool that wants one more ends the process: so it has enough before.
    private static void FillThePool()
    {
        const int Threads = 16;
        ThreadPool.SetMinThreads(Threads, Threads);
        using var all = new CountdownEvent(Threads);
        using var go = new ManualResetEventSlim();
        Task[] fillers =
        [
            .. Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
            {
                all.Signal();
                go.Wait();
            })),
        ];
        all.Wait();
        go.Set();
        Task.WaitAll(fillers);
    }

    private string Replenish()
    {
        _exhaustion!.Dispose();
        return "";
    }

    // In this order: closing the port under its users is a part of the test.
    private string End()
    {
        if (!_port!.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10)))
            Journal.Fault("The port does not close.");
        _user!.Stop();
        return "";
    }
}

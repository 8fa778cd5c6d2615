using ZMemif.HostilePeer.Victims;

namespace ZMemif.HostilePeer.Load;

/// <summary>
/// The process whose peers are killed, one after the other, under full load: threads of it send by copy and in place,
/// wait and receive, hold leases, and end them. Obeys lines on standard input; says <c>up</c> for every link.
/// </summary>
internal sealed class LoadedVictim : IDisposable
{
    private readonly MemifSocket _socket;
    private readonly MemifRole _role;
    private readonly LoadVerifier[] _verifiers = [new(mayJoinLate: false), new(mayJoinLate: false)];
    private readonly List<Thread> _threads = [];
    private MemifPort? _port;
    private volatile bool _isOver;

    private LoadedVictim(Arguments arguments)
    {
        _role = arguments.Get("role", MemifRole.Server);
        _socket = new MemifSocket(arguments["address"]);

        // So that the socket listens before anything is counted.
        if (_role == MemifRole.Server)
            _socket.AddPort(new MemifPortOptions { Id = 1, Role = _role });
        _socket.Start();
    }

    internal static int Run(Arguments arguments)
    {
        using var victim = new LoadedVictim(arguments);
        Journal.Say("ready");
        while (Console.In.ReadLine() is { } command && command != "quit")
            Journal.Say($"{command} {victim.Obey(command)}");
        return 0;
    }

    public void Dispose() => _socket.Dispose();

    private string Obey(string command) => command switch
    {
        "holdings" => Holdings.Take().ToString(),
        "begin" => Begin(),
        "links" => $"{_port!.ConnectionCount}",
        "verified" => $"{_verifiers[0].Verified} {_verifiers[1].Verified}",
        "end" => End(),
        _ => throw new ArgumentException($"There is no command '{command}'."),
    };

    private string Begin()
    {
        MemifPort port = _port = _socket.AddPort(LoadPort.Options(_role));
        port.Connected += (_, _) => Journal.Say("up");
        var leases = new LeaseHolder(port.RxQueues[1], _verifiers[1]);
        Start("send copies", SendAlways(new LoadSender(port.TxQueues[0], inPlace: false)));
        Start("send in place", SendAlways(new LoadSender(port.TxQueues[1], inPlace: true)));
        Start("receive", () => Receive(port.RxQueues[0]));
        Start("lease", () => Lease(leases));
        Start("end leases", leases.EndLeases);
        return "";
    }

    private string End()
    {
        _isOver = true;
        foreach (Thread thread in _threads)
        {
            if (!thread.Join(TimeSpan.FromSeconds(10)))
                Journal.Fault($"The thread '{thread.Name}' is held by the port.");
        }

        if (!_port!.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(10)))
            Journal.Fault("The port does not close.");
        return "";
    }

    private void Start(string name, Action action)
    {
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
#pragma warning disable CA1031 // Whatever a peer's death makes a call throw is a finding.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Journal.Fault(e);
            }
        })
        { Name = name };
        _threads.Add(thread);
        thread.Start();
    }

    private Action SendAlways(LoadSender sender) => () =>
    {
        while (!_isOver)
        {
            if (sender.Send() == 0)
                Thread.Sleep(_port!.State == MemifPortState.Connected ? 0 : 1);
        }
    };

    private void Receive(MemifRxQueue queue)
    {
        byte[] buffer = new byte[LoadPort.MaxLength];
        while (!_isOver)
        {
            queue.Wait(TimeSpan.FromMilliseconds(5));
            if (queue.Acquire(64) == 0)
                continue;
            while (queue.TryRead(out MemifPacket packet))
                _verifiers[0].Verify(buffer.AsSpan(0, packet.CopyTo(0, buffer)));
            queue.Release();
        }
    }

    private void Lease(LeaseHolder leases)
    {
        while (!_isOver)
            leases.Receive();
        leases.Finish();
    }
}

// Our raw layer as one end of a memif, for interop/run.sh. What it prints is made for scripts:
//   started | state Up|Down | region N: … | error CODE: sentence | wrong sentence
//   flows queue Q connection N (a window of frames is through) | done queue Q connection N
//   queue Q sent PACKETS BYTES received PACKETS BYTES
using System.Runtime.InteropServices;
using RawPeer;
using ZMemif;

if (args is [])
{
    Console.Error.WriteLine(Settings.Usage);
    return 2;
}

var settings = new Settings(args);
using var stop = new CancellationTokenSource();
using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
{
    context.Cancel = true;
    stop.Cancel();
});

string? wrong = null;
using var socket = new MemifSocket(settings.Socket);
MemifPort port = socket.AddPort(settings.Port);
socket.Error += (_, e) => Say($"{(e.IsWarning ? "warning" : "error")} {e.Error.Code}: {e.Error.Message}");
port.Connected += (_, _) => Connected();
port.Disconnected += (_, e) => Disconnected(e.Error);
socket.Start();
Say("started");

Task[] work = [.. Enumerable.Range(0, port.TxQueues.Length).Select(StartFlow)];
foreach (MemifRxQueue queue in port.RxQueues)
    stop.Token.Register(queue.Wake);
Task.WhenAll(work).GetAwaiter().GetResult();
for (int i = 0; i < port.TxQueues.Length; i++)
{
    (MemifTxStatistics tx, MemifRxStatistics rx) = (port.TxQueues[i].Statistics, port.RxQueues[i].Statistics);
    Console.WriteLine($"queue {i} sent {tx.Packets} {tx.Bytes} received {rx.Packets} {rx.Bytes}");
}

if (wrong is null)
    return 0;
Console.WriteLine($"wrong {wrong}");
return 1;

// The end of the link that comes of our leaving is no news.
void Say(string line)
{
    if (!stop.IsCancellationRequested)
        Console.WriteLine(line);
}

void Connected()
{
    Say("state Up");
    foreach (string line in port.ToDetails().Split('\n', StringSplitOptions.TrimEntries).Where(line => line.StartsWith("region ", StringComparison.Ordinal)))
        Say(line);
}

void Disconnected(MemifException error)
{
    Say($"error {error.Code}: {error.Message}");
    Say("state Down");
    if (error.Code == MemifErrorCode.RingViolation)
        GiveUp(error.Message);
}

void GiveUp(string message)
{
    Interlocked.CompareExchange(ref wrong, message, null);
    stop.Cancel();
}

Task StartFlow(int queue)
{
    Flow flow = settings.Mode switch
    {
        "loop" => new LoopFlow(settings, port, queue),
        "burst" => new BurstFlow(settings, port, queue),
        "send" => new SendFlow(settings, port, queue),
        "receive" => new ReceiveFlow(settings, port, queue),
        _ => throw new ArgumentException(Settings.Usage),
    };
    return Task.Factory.StartNew(() => Drive(flow, port.RxQueues[queue]), TaskCreationOptions.LongRunning);
}

void Drive(Flow flow, MemifRxQueue rx)
{
    try
    {
        while (!stop.IsCancellationRequested)
        {
            if (!flow.Step())
                rx.Wait(TimeSpan.FromMilliseconds(10));
        }

        flow.Drain();
    }
    catch (InvalidDataException e)
    {
        GiveUp(e.Message);
    }
}

// Our raw layer as one end of a memif, for interop/run.sh. What it prints is made for scripts:
//   started | state Up|Down | error CODE: sentence | wrong sentence
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

using var socket = new MemifSocket(settings.Socket);
MemifPort port = socket.AddPort(settings.Port);
socket.Error += (_, e) => Console.WriteLine($"{(e.IsWarning ? "warning" : "error")} {e.Error.Code}: {e.Error.Message}");
port.Connected += (_, _) => Console.WriteLine("state Up");
port.Disconnected += (_, e) => Console.WriteLine($"error {e.Error.Code}: {e.Error.Message}\nstate Down");
socket.Start();
Console.WriteLine("started");

Task[] work = [.. Enumerable.Range(0, port.TxQueues.Length).Select(StartFlow)];
foreach (MemifRxQueue queue in port.RxQueues)
    stop.Token.Register(queue.Wake);
try
{
    Task.WhenAll(work).GetAwaiter().GetResult();
}
catch (InvalidDataException e)
{
    Console.WriteLine($"wrong {e.Message}");
    return 1;
}
finally
{
    for (int i = 0; i < port.TxQueues.Length; i++)
    {
        (MemifTxStatistics tx, MemifRxStatistics rx) = (port.TxQueues[i].Statistics, port.RxQueues[i].Statistics);
        Console.WriteLine($"queue {i} sent {tx.Packets} {tx.Bytes} received {rx.Packets} {rx.Bytes}");
    }
}

return 0;

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
    }
    catch (InvalidDataException)
    {
        stop.Cancel(); // the other flows need not go on
        throw;
    }
}

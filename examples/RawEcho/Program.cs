// Echo of raw packets: what a memif carries, without any IP. One process with --pair, or one end each.
using Examples;
using ZMemif;

const string Usage = """
    Echo of raw packets over memif. With --pcap FILE, every packet of this end (of a pair, the asking one) goes to a file, too.

      RawEcho --pair   [--count 1000000]                             both ends in this process
      RawEcho --server [--socket /tmp/memif.sock]
      RawEcho --client [--socket /tmp/memif.sock] [--count 1000000]
    """;

var arguments = new Arguments(args);
string address = arguments.Has("--pair") ? $"@raw-echo-{Environment.ProcessId}" : arguments.Text("--socket", "/tmp/memif.sock");
int count = arguments.Number("--count", 1_000_000);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => e.Cancel = true;
Console.CancelKeyPress += (_, _) => stop.Cancel();

if (arguments.Has("--pair"))
{
    Task server = Task.Run(() => Serve(stop.Token));
    int result = Ask();
    stop.Cancel();
    await server;
    return result;
}

if (arguments.Has("--server"))
    return Serve(stop.Token);
if (arguments.Has("--client"))
    return Ask();
Console.Error.WriteLine(Usage);
return 2;

int Serve(CancellationToken stopped)
{
    using var socket = new MemifSocket(address);
    MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
    if (arguments.Find("--pcap") is { } file && !arguments.Has("--pair"))
        port.StartCapture(file);
    port.Connected += (_, _) => Console.WriteLine(port);
    port.Disconnected += (_, _) => Console.WriteLine(port.LastError?.Message);
    socket.Start();
    byte[] copy = new byte[65553];
    port.RxQueues[0].ReceiveAll(packet => Echo(packet, port.TxQueues[0], copy), stopped);
    return 0;
}

static void Echo(MemifPacket packet, MemifTxQueue tx, byte[] copy)
{
    int length = packet.CopyTo(0, copy);

    // Full: the other end has to read first. If it does not for a second, the packet is lost.
    if (!tx.TrySend(copy.AsSpan(0, length)) && tx.WaitForRoom(TimeSpan.FromSeconds(1), length))
        tx.TrySend(copy.AsSpan(0, length));
}

int Ask()
{
    using var socket = new MemifSocket(address);
    MemifPort port = socket.AddPort(new MemifPortOptions { Role = MemifRole.Client });
    if (arguments.Find("--pcap") is { } file)
        port.StartCapture(file);
    socket.Start();
    port.WaitConnectedAsync(stop.Token).GetAwaiter().GetResult();
    byte[] received = new byte[8];
    int sent = 0;
    int wrong = 0;
    var clock = System.Diagnostics.Stopwatch.StartNew();
    int back = 0;
    while (back < count && port.State == MemifPortState.Connected)
    {
        while (sent < count && sent - back < 256 && port.TxQueues[0].TrySend(BitConverter.GetBytes((long)sent)))
            sent++;
        if (!port.RxQueues[0].TryReceive(received, out _))
            port.RxQueues[0].Wait(TimeSpan.FromMilliseconds(100));
        else if (BitConverter.ToInt64(received) != back++)
            wrong++;
    }

    Console.WriteLine($"{back:N0} of {count:N0} packets there and back in {clock.Elapsed.TotalSeconds:N2} s, {wrong} wrong");
    return wrong == 0 && back == count ? 0 : 1;
}

// A bridge of two memif ports: what comes in on one goes out on the other, burst by burst, both ways.
//   Bridge --server /tmp/a.sock --client /tmp/b.sock
// A client connects to the one socket, and a server listens on the other: RawEcho, say, or DPDK.
using Examples;
using ZMemif;

var arguments = new Arguments(args);
using var listening = new MemifSocket(arguments.Text("--server"));
using var connecting = new MemifSocket(arguments.Text("--client"));
MemifPort one = listening.AddPort(new MemifPortOptions { Role = MemifRole.Server });
MemifPort other = connecting.AddPort(new MemifPortOptions { Role = MemifRole.Client });
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => e.Cancel = true;
Console.CancelKeyPress += (_, _) => stop.Cancel();
listening.Start();
connecting.Start();

await Task.WhenAll(
    Task.Factory.StartNew(() => Forward(one.RxQueues[0], other.TxQueues[0], stop.Token), TaskCreationOptions.LongRunning),
    Task.Factory.StartNew(() => Forward(other.RxQueues[0], one.TxQueues[0], stop.Token), TaskCreationOptions.LongRunning));
Console.WriteLine($"{one.ToDetails()}{other.ToDetails()}");

static void Forward(MemifRxQueue rx, MemifTxQueue tx, CancellationToken stopped)
{
    byte[] copy = new byte[65553];
    using CancellationTokenRegistration wake = stopped.Register(rx.Wake);
    while (!stopped.IsCancellationRequested)
    {
        if (rx.Acquire(maxPackets: 64) == 0)
        {
            rx.Wait(Timeout.InfiniteTimeSpan);
            continue;
        }

        // From one shared memory straight into the other. A full ring, or no link, is a loss: the queue's statistics count it.
        while (rx.TryRead(out MemifPacket packet))
        {
            if (packet.Length > tx.NextBufferLength)
                tx.TrySend(copy.AsSpan(0, packet.CopyTo(0, copy)));
            else if (tx.TryReserve(packet.Length, out Span<byte> buffer))
                packet.CopyTo(0, buffer);
        }

        tx.Commit();
        rx.Release();
    }
}

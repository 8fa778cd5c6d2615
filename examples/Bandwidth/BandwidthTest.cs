using System.Diagnostics;
using ZMemif;

namespace Bandwidth;

/// <summary>One end: a port per id on one socket, a thread per queue, and a line per second.</summary>
internal sealed class BandwidthTest : IDisposable
{
    private readonly MemifSocket _socket;
    private readonly MemifPort[] _ports;
    private readonly bool _isSender;
    private volatile bool _stopping;

    internal BandwidthTest(string address, bool isSender, int ports, int queues, string? pcap)
    {
        _isSender = isSender;
        _socket = new MemifSocket(address);
        _ports = [.. Enumerable.Range(0, ports).Select(id => _socket.AddPort(new MemifPortOptions
        {
            Id = (uint)id,
            Role = isSender ? MemifRole.Client : MemifRole.Server,
            TxQueues = queues,
            RxQueues = queues,
        }))];
        if (pcap is not null)
            _ports[0].StartCapture(pcap);
        _socket.Start();
    }

    internal void Run(TimeSpan duration, int size)
    {
        foreach (MemifPort port in _ports)
            port.WaitConnectedAsync().GetAwaiter().GetResult();
        Thread[] threads = [.. from port in _ports from queue in Enumerable.Range(0, port.TxQueues.Length) select StartThread(port, queue, size)];

        var clock = Stopwatch.StartNew();
        long last = 0;
        for (int second = 1; clock.Elapsed < duration && _ports.All(port => port.State == MemifPortState.Connected); second++)
        {
            using var tick = new ManualResetEventSlim();
            TimeSpan left = TimeSpan.FromSeconds(second) - clock.Elapsed;
            tick.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            long packets = Packets();
            Console.WriteLine($"{(packets - last) / 1e6:N2} Mpps, {packets:N0} packets");
            last = packets;
        }

        _stopping = true;
        foreach (Thread thread in threads)
            thread.Join();
        Console.WriteLine($"{(_isSender ? "sent" : "received")} {Packets():N0} packets in {clock.Elapsed.TotalSeconds:N2} s");
    }

    public void Dispose() => _socket.Dispose();

    private long Packets() => _isSender
        ? _ports.Sum(port => port.TxQueues.Sum(queue => (long)queue.Packets))
        : _ports.Sum(port => port.RxQueues.Sum(queue => (long)queue.Packets));

    private Thread StartThread(MemifPort port, int queue, int size)
    {
        var thread = new Thread(() =>
        {
            if (_isSender)
                Send(port.TxQueues[queue], size);
            else
                Receive(port.RxQueues[queue]);
        });
        thread.Start();
        return thread;
    }

    private void Send(MemifTxQueue queue, int size)
    {
        while (!_stopping)
        {
            queue.WaitForRoom(TimeSpan.FromMilliseconds(100));
            for (int i = 0; i < 64 && queue.TryReserve(size, out Span<byte> buffer); i++)
                buffer.Fill((byte)i);
            queue.Commit();
        }
    }

    private void Receive(MemifRxQueue queue)
    {
        byte[] copy = new byte[65536];
        while (!_stopping)
        {
            if (queue.Acquire(64) == 0)
            {
                queue.Wait(TimeSpan.FromMilliseconds(10));
                continue;
            }

            while (queue.TryRead(out MemifPacket packet))
                packet.CopyTo(0, copy);
            queue.Release();
        }
    }
}

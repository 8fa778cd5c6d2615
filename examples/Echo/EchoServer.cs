using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ZMemif.Udp;

namespace Echo;

/// <summary>Sends every datagram back to where it came from.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly MemifUdpClient _client;
    private readonly Thread _thread;
    private long _echoed;

    private EchoServer(MemifInterface memifInterface, int port)
    {
        _client = new MemifUdpClient(memifInterface, port);
        _thread = new Thread(Loop) { Name = "echo", IsBackground = true };
        _thread.Start();
    }

    internal static EchoServer Start(MemifInterface memifInterface, int port) => new(memifInterface, port);

    /// <summary>Serves until SIGINT or SIGTERM.</summary>
    internal static int Run(MemifInterface memifInterface, int port)
    {
        using var stop = new ManualResetEventSlim();
        void OnSignal(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Set();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        memifInterface.StateChanged += (_, _) => Console.WriteLine($"state {memifInterface.State}");
        Console.WriteLine($"state {memifInterface.State}");
        using EchoServer server = Start(memifInterface, port);
        Console.WriteLine($"ready {memifInterface.Address}:{port}");
        stop.Wait();

        MemifInterfaceStatistics statistics = memifInterface.Statistics;
        Console.WriteLine($"echoed {server._echoed} datagrams; ring frames in {statistics.RingFramesReceived}, out {statistics.RingFramesTransmitted}");
        foreach ((MemifDropReason reason, long drops) in statistics.Drops.Where(drop => drop.Value > 0))
            Console.WriteLine($"dropped {drops} {reason}");
        return 0;
    }

    public void Dispose()
    {
        _client.Dispose();
        _thread.Join();
    }

    private void Loop()
    {
        IPEndPoint? sender = null;
        while (true)
        {
            try
            {
                byte[] payload = _client.Receive(ref sender);
                _client.Send(payload, sender);
                _echoed++;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.NetworkDown)
            {
                // The link went while we answered: whoever asked is gone too. Receiving goes on when it is back.
            }
            catch (Exception e) when (e is SocketException { SocketErrorCode: SocketError.Interrupted } or ObjectDisposedException or NullReferenceException)
            {
                // Closed: in a receive, before the next call, or, as UdpClient does, in the middle of one.
                return;
            }
        }
    }
}

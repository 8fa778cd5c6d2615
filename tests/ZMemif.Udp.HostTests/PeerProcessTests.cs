using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ZMemif.Udp.HostTests.Kernel;
using ZMemif.Udp.HostTests.Support;

namespace ZMemif.Udp.HostTests;

/// <summary>The peer is another process, and is killed in the middle.</summary>
public class PeerProcessTests
{
    private const int Port = 7000;
    private const string PeerAddress = "192.0.2.1";
    private const string OurAddress = "192.0.2.2";

    private readonly string _socket = $"@zmemif-peer-{Guid.NewGuid():N}";

    [Fact]
    public async Task Client_ServerProcessKilledInTraffic_GoesDownAndComesUpWithTheNext()
    {
        using PeerProcess first = StartServer();
        using MemifInterface ours = await OpenAsync(MemifRole.Client);
        using MemifUdpClient patient = Connect(ours);
        using MemifUdpClient busy = Connect(ours);
        Exchange(patient, 100);
        Task<UdpReceiveResult> waiting = patient.ReceiveAsync();
        long received = ours.Statistics.RingFramesReceived;
        Task<SocketError> flood = Task.Run(() => SendUntilError(busy));
        Patience.Until(() => ours.Statistics.RingFramesReceived > received + 1000, "traffic flows");

        first.Kill();

        Patience.Until(() => ours.State == MemifInterfaceState.Down, "the interface is down");
        Assert.Equal(SocketError.NetworkDown, await flood.WaitAsync(Patience.Limit));
        Assert.Equal(SocketError.NetworkDown, Assert.Throws<SocketException>(() => busy.Send(Payload.OfSize(1))).SocketErrorCode);
        Assert.NotNull(ours.LastError);
        Assert.False(waiting.IsCompleted);

        using PeerProcess second = StartServer();
        Patience.Until(() => ours.State == MemifInterfaceState.Up, "the interface is up again");
        patient.Send(Payload.OfSize(200));
        UdpReceiveResult answer = await waiting.WaitAsync(Patience.Limit);
        Assert.Equal(Payload.OfSize(200), answer.Buffer);
        using MemifUdpClient next = Connect(ours);
        for (int size = 0; size <= Payload.Largest; size += 7)
            Exchange(next, size);
    }

    [Fact]
    public async Task Client_ServerProcessStopped_StallsAndRecoversWhenItGoesOn()
    {
        using PeerProcess peer = StartServer();
        using MemifInterface ours = await OpenAsync(MemifRole.Client);
        using MemifUdpClient busy = Connect(ours);
        Exchange(busy, 100);

        peer.Stop();

        Assert.Equal(SocketError.NetworkDown, await Task.Run(() => SendUntilError(busy)).WaitAsync(Patience.Limit));
        Patience.Until(() => ours.State == MemifInterfaceState.Stalled, "the interface is stalled");
        long began = Stopwatch.GetTimestamp();
        for (int i = 0; i < 100; i++)
            Assert.Equal(SocketError.NetworkDown, Assert.Throws<SocketException>(() => busy.Send(Payload.OfSize(1))).SocketErrorCode);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalMilliseconds, 0, 1000);

        peer.Continue();

        Patience.Until(() => ours.State == MemifInterfaceState.Up, "the interface is up again");
        using MemifUdpClient next = Connect(ours);
        AwaitAnswer(next);
        for (int size = 0; size <= Payload.Largest; size += 100)
            Exchange(next, size);
    }

    [Fact]
    public async Task Server_BlockedInAReceiveWhileNothingComes_CostsNothing()
    {
        string[] threads = ["memif", "echo"];
        using PeerProcess peer = StartServer();
        using MemifInterface ours = await OpenAsync(MemifRole.Client);
        using MemifUdpClient client = Connect(ours);
        Exchange(client, 100);
        await Task.Delay(500);

        (TimeSpan processor, long wakeups) = peer.CostOf(threads);
        await Task.Delay(2000);
        (TimeSpan processorAfter, long wakeupsAfter) = peer.CostOf(threads);

        // In two seconds: 0.1 % of a processor, and 5 wake-ups per second.
        Assert.InRange((processorAfter - processor).TotalMilliseconds, 0, 2);
        Assert.InRange(wakeupsAfter - wakeups, 0, 10);
    }

    [Fact]
    public async Task Server_ClientProcessKilledInTraffic_GoesDownAndServesTheNext()
    {
        using MemifInterface ours = await OpenAsync(MemifRole.Server);
        await using var echo = new HostEcho(ours, Port);
        Assert.Equal(MemifInterfaceState.Connecting, ours.State);

        for (int victim = 1; victim <= 2; victim++)
        {
            long delivered = ours.Statistics.DatagramsDelivered;
            using PeerProcess peer = StartClient(int.MaxValue / 100);
            Patience.Until(() => ours.Statistics.DatagramsDelivered > delivered + 1000, $"traffic of client {victim} flows");
            Patience.Until(() => ours.State == MemifInterfaceState.Up, $"the interface is up with client {victim}");
            peer.Kill();
            Patience.Until(() => ours.State == MemifInterfaceState.Down, $"the interface is down after client {victim}");
        }

        using PeerProcess survivor = StartClient(2000);
        Assert.True(survivor.WaitForExit() == 0, survivor.Output);
    }

    private PeerProcess StartServer() =>
        PeerProcess.StartServer($"Socket={_socket};Role=Server;Address={PeerAddress}/24", Port);

    private PeerProcess StartClient(int count) =>
        PeerProcess.StartClient($"Socket={_socket};Address={PeerAddress}/24", OurAddress, Port, count);

    private Task<MemifInterface> OpenAsync(MemifRole role) => MemifInterface.OpenAsync(new MemifInterfaceOptions
    {
        Socket = _socket,
        Role = role,
        Address = IPAddress.Parse(OurAddress),
        PrefixLength = 24,
        ConnectTimeout = Patience.Limit,
    });

    private static MemifUdpClient Connect(MemifInterface ours)
    {
        var client = new MemifUdpClient(ours);
        client.Client.ReceiveTimeout = Patience.LimitMilliseconds;
        client.Connect(IPAddress.Parse(PeerAddress), Port);
        return client;
    }

    private static void Exchange(MemifUdpClient client, int size)
    {
        IPEndPoint? sender = null;
        client.Send(Payload.OfSize(size));
        Assert.Equal(Payload.OfSize(size), client.Receive(ref sender));
    }

    // What was on its way fills the peer's receive buffer, which drops what comes then, as a kernel does.
    private static void AwaitAnswer(MemifUdpClient client)
    {
        client.Client.Blocking = false;
        Patience.Until(
            () =>
            {
                client.Send(Payload.OfSize(50));
                return client.Client.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead);
            },
            "the peer answers");
        while (client.Client.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead))
            client.Client.Receive(new byte[50]);
        client.Client.Blocking = true;
    }

    private static SocketError SendUntilError(MemifUdpClient client)
    {
        byte[] payload = Payload.OfSize(Payload.Largest);
        try
        {
            while (true)
                client.Send(payload);
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}

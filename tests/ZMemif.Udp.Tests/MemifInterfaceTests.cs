using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ZMemif.Udp.Tests.Contract;

namespace ZMemif.Udp.Tests;

public sealed class MemifInterfaceTests
{
    private static readonly IPAddress s_first = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_second = IPAddress.Parse("192.0.2.2");

    [Fact]
    public async Task OpenAsync_ClientWithoutServer_SaysWhyWhenItsTimeIsUp()
    {
        string path = Path.Combine(Path.GetTempPath(), $"zmemif-nobody-{Guid.NewGuid():N}.sock");

        MemifException failure = await Assert.ThrowsAsync<MemifException>(
            () => MemifInterface.OpenAsync($"Socket={path};Address=192.0.2.2/24;Id=7;ConnectTimeout=300ms"));

        Assert.Equal(MemifErrorCode.ConnectTimeout, failure.Code);
        Assert.StartsWith($"No memif link on '{path}' (id 7) within 0.3 s. There is no socket '{path}'; start the memif server first", failure.Message, StringComparison.Ordinal);
        Assert.Equal(MemifErrorCode.SocketNotFound, Assert.IsType<MemifException>(failure.InnerException).Code);
    }

    [Fact]
    public async Task OpenAsync_Cancelled_EndsAtOnce()
    {
        using var source = new CancellationTokenSource();
        Task<MemifInterface> opening = MemifInterface.OpenAsync(Client(NewSocket()), source.Token);

        await source.CancelAsync();

        OperationCanceledException ending = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.Soon());
        Assert.True(source.IsCancellationRequested);
        Assert.IsNotType<MemifException>(ending.InnerException);
    }

    [Fact]
    public async Task OpenAsync_WrongOptions_NamesTheKey()
    {
        await Assert.ThrowsAsync<ArgumentNullException>("options", () => MemifInterface.OpenAsync((MemifInterfaceOptions)null!));
        await Assert.ThrowsAsync<ArgumentException>("RingSize", () => MemifInterface.OpenAsync(Client(NewSocket(), options => options.RingSize = 1000)));
        Assert.Throws<ArgumentException>("Mtu", () => MemifInterface.CreatePair(options => options.Mtu = 1));
    }

    [Fact]
    public async Task OpenAsync_Server_ReturnsWhenItListens()
    {
        string socket = NewSocket();

        await using MemifInterface server = await MemifInterface.OpenAsync(Server(socket)).Soon();

        Assert.Equal(MemifInterfaceState.Connecting, server.State);
        MemifException second = await Assert.ThrowsAsync<MemifException>(() => MemifInterface.OpenAsync(Server(socket)));
        Assert.Equal(MemifErrorCode.AddressInUse, second.Code);
    }

    [Fact]
    public async Task OpenAsync_Client_ReturnsWhenTheLinkIsUp()
    {
        string socket = NewSocket();
        await using MemifInterface server = await MemifInterface.OpenAsync(Server(socket));
        var watcher = new StateWatcher(server);

        await using MemifInterface client = await MemifInterface.OpenAsync(Client(socket)).Soon();

        Assert.Equal(MemifInterfaceState.Up, client.State);
        await watcher.ReachAsync(MemifInterfaceState.Up);
        await AssertCarriesAsync(server, client);
    }

    [Fact]
    public async Task State_ClientGoesAndComes_FollowsAtTheServer()
    {
        string socket = NewSocket();
        await using MemifInterface server = await MemifInterface.OpenAsync(Server(socket));
        var watcher = new StateWatcher(server);
        MemifInterface client = await MemifInterface.OpenAsync(Client(socket));
        await watcher.ReachAsync(MemifInterfaceState.Up);

        await client.DisposeAsync();

        await watcher.ReachAsync(MemifInterfaceState.Down);
        Assert.Equal(MemifInterfaceState.Closed, client.State);
        Assert.IsType<MemifException>(server.LastError);
        await using MemifInterface again = await MemifInterface.OpenAsync(Client(socket));
        await watcher.ReachAsync(MemifInterfaceState.Up);
        Assert.Null(server.LastError);
        await AssertCarriesAsync(server, again);
    }

    [Fact]
    public async Task OpenAsync_PeerSaysNothing_TellsSo()
    {
        string name = NewSocket();
        using var silent = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        silent.Bind(new UnixDomainSocketEndPoint(name.Replace('@', '\0')));
        silent.Listen();

        MemifException e = await Assert.ThrowsAsync<MemifException>(
            () => MemifInterface.OpenAsync(Client(name, options => options.ConnectTimeout = TimeSpan.FromMilliseconds(300))).Soon());

        Assert.Equal(MemifErrorCode.ConnectTimeout, e.Code);
        Assert.Contains("did not complete the handshake", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_PeerComesBackWithAnotherStation_IsAskedForAgain()
    {
        string socket = NewSocket();
        await using MemifInterface server = await MemifInterface.OpenAsync(Server(socket));
        var watcher = new StateWatcher(server);
        MemifInterface client = await MemifInterface.OpenAsync(Client(socket, options => options.Mac = PhysicalAddress.Parse("02-00-00-00-00-0A")));
        await watcher.ReachAsync(MemifInterfaceState.Up);
        await AssertCarriesAsync(server, client);

        await client.DisposeAsync();
        await watcher.ReachAsync(MemifInterfaceState.Down);
        await using MemifInterface other = await MemifInterface.OpenAsync(Client(socket, options => options.Mac = PhysicalAddress.Parse("02-00-00-00-00-0B")));
        await watcher.ReachAsync(MemifInterfaceState.Up);

        await AssertCarriesAsync(server, other);
    }

    [Fact]
    public async Task State_ServerGoesAndComes_SocketsOfTheClientLiveOn()
    {
        string socket = NewSocket();
        MemifInterface server = await MemifInterface.OpenAsync(Server(socket));
        await using MemifInterface client = await MemifInterface.OpenAsync(Client(socket));
        var watcher = new StateWatcher(client);
        using var receiver = new MemifUdpClient(client, new IPEndPoint(s_second, 5000));
        Task<UdpReceiveResult> pending = receiver.ReceiveAsync();

        await server.DisposeAsync();

        await watcher.ReachAsync(MemifInterfaceState.Down);
        Refusal.Is(SocketError.NetworkDown, () => receiver.Send("?"u8, new IPEndPoint(s_first, 9)));
        Assert.False(pending.IsCompleted);
        await using MemifInterface again = await MemifInterface.OpenAsync(Server(socket));
        await watcher.ReachAsync(MemifInterfaceState.Up);
        await new StateWatcher(again).ReachAsync(MemifInterfaceState.Up);
        using var sender = new MemifUdpClient(again, 0);
        sender.Send("back"u8, new IPEndPoint(s_second, 5000));
        Assert.Equal("back"u8.ToArray(), (await pending.Soon()).Buffer);
    }

    [Fact]
    public async Task Dispose_ReceiversWaiting_AreWoken()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair();
        await using MemifInterface other = first;
        using var asynchronous = new MemifUdpClient(second, 0);
        using var connected = new MemifUdpClient(second, "192.0.2.1", 9);
        using var neverBound = new MemifDatagramSocket(second, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Task<int> pendingUnbound = neverBound.ReceiveAsync(new byte[1]);
        Task<UdpReceiveResult> pending = asynchronous.ReceiveAsync();
        Task<UdpReceiveResult> pendingConnected = connected.ReceiveAsync();

        await second.DisposeAsync();

        await Refusal.ComesAsync(SocketError.OperationAborted, pending);
        await Refusal.ComesAsync(SocketError.OperationAborted, pendingConnected);
        await Refusal.ComesAsync(SocketError.OperationAborted, pendingUnbound);
    }

    [Fact]
    public Task Dispose_ReceiveBlocked_IsInterrupted() => BlockedCall.IsInterruptedAsync(
        () => new DisposableLoopback(),
        loopback => loopback.Socket.Receive(new byte[4]),
        loopback => loopback.Interface.Dispose());

    [Fact]
    public async Task Dispose_ThenItsSockets_AreAsIfDisposed()
    {
        MemifInterface loopback = await MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24");
        var bound = new MemifDatagramSocket(loopback, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        bound.Bind(new IPEndPoint(IPAddress.Any, 0));
        var unbound = new MemifDatagramSocket(loopback, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var to = new IPEndPoint(s_second, 9);

        await loopback.DisposeAsync();

        foreach (MemifDatagramSocket socket in (MemifDatagramSocket[])[bound, unbound])
        {
            Assert.Throws<ObjectDisposedException>(() => socket.SendTo("x"u8, to));
            Assert.Throws<ObjectDisposedException>(() => { _ = socket.ReceiveAsync(new byte[4]); });
            Assert.Throws<ObjectDisposedException>(() => socket.Receive(new byte[4]));
            Assert.Throws<ObjectDisposedException>(() => socket.Bind(to));
            Assert.Throws<ObjectDisposedException>(() => socket.Connect(to));
            Assert.False(socket.Connected);
            socket.Dispose();
        }

        Assert.Equal(typeof(MemifInterface).FullName, Assert.Throws<ObjectDisposedException>(() => new MemifUdpClient(loopback)).ObjectName);
    }

    [Fact]
    public async Task Dispose_Repeated_WaitsForTheSameEnd()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => first.DisposeAsync().AsTask()));
        first.Dispose();
        await second.DisposeAsync();

        Assert.Equal((MemifInterfaceState.Closed, MemifInterfaceState.Closed), (first.State, second.State));
    }

    [Fact]
    public async Task CreatePair_Ends_KnowWhoTheyAre()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair();
        await using MemifInterface one = first;
        await using MemifInterface two = second;

        Assert.Equal((s_first, 24), (first.Address, first.PrefixLength));
        Assert.Equal((s_second, 24), (second.Address, second.PrefixLength));
        Assert.Equal((MemifInterfaceState.Up, MemifInterfaceState.Up), (first.State, second.State));
        Assert.NotEqual(first.Mac, second.Mac);
        Assert.Equal(2, second.Mac.GetAddressBytes()[0] & 3); // Locally administered, and not a group.
        Assert.Equal("192.0.2.2/24 (Up)", second.ToString());
        await AssertCarriesAsync(first, second);
    }

    [Fact]
    public async Task Statistics_AfterAnExchange_AddUp()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair();
        await using MemifInterface one = first;
        await using MemifInterface two = second;
        await AssertCarriesAsync(first, second);
        using var sender = new MemifUdpClient(first, 0);
        using var witness = new MemifUdpClient(second, 0);

        for (int i = 0; i < 10; i++)
            sender.Send("nobody there"u8, new IPEndPoint(s_second, 9));
        sender.Send("done"u8, new IPEndPoint(s_second, LocalPort(witness)));
        await witness.ReceiveAsync().Soon();

        // Once the loops have ended, the counters stand still.
        await first.DisposeAsync();
        await second.DisposeAsync();
        MemifInterfaceStatistics sent = first.Statistics;
        MemifInterfaceStatistics received = second.Statistics;
        Assert.Equal(12, sent.DatagramsSent);
        Assert.InRange(sent.RingFramesTransmitted, 12, long.MaxValue);
        Assert.Equal(2, received.DatagramsDelivered);
        Assert.Equal([], Dropped(sent));
        Assert.Equal([(MemifDropReason.NoSocket, 10)], Dropped(received));
        Assert.Equal(Enum.GetValues<MemifDropReason>().Length, received.Drops.Count);

        // Not the server's announcement, which may come before the client has lent it buffers; nor the port unreachables of a
        // burst that are not sent.
        static IEnumerable<(MemifDropReason Reason, long Count)> Dropped(MemifInterfaceStatistics statistics) => statistics.Drops
            .Where(drop => drop.Value > 0 && drop.Key is not (MemifDropReason.AnswerNotSent or MemifDropReason.AnswerLimited))
            .Select(drop => (drop.Key, drop.Value));
    }

    [Fact]
    public async Task CreatePair_JumboFrames_CarryEveryLength()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(options => (options.Mtu, options.BufferSize) = (9000, 2048));
        await using MemifInterface one = first;
        await using MemifInterface two = second;
        using var sender = new MemifUdpClient(first, 0);
        using var receiver = new MemifUdpClient(second, 0);
        var to = new IPEndPoint(s_second, LocalPort(receiver));
        byte[] payload = new byte[9000 - 28];
        new Random(1).NextBytes(payload);
        await AssertCarriesAsync(first, second);

        // As many at a time as a receive buffer surely holds.
        foreach (int[] lengths in Enumerable.Range(0, payload.Length + 1).Chunk(8))
        {
            Array.ForEach(lengths, length => sender.Send(payload.AsSpan(0, length), to));
            foreach (int length in lengths)
            {
                byte[] received = (await receiver.ReceiveAsync().Soon()).Buffer;
                Assert.True(payload.AsSpan(0, length).SequenceEqual(received), $"A datagram of {length} bytes arrived as another of {received.Length} bytes.");
            }
        }
    }

    [Fact]
    public async Task CreatePair_TwoQueues_CarryEveryFlow()
    {
        const int Flows = 32;
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(options => options.Queues = 2);
        await using MemifInterface one = first;
        await using MemifInterface two = second;
        await AssertCarriesAsync(first, second);
        using var receiver = new MemifUdpClient(second, 0);
        var to = new IPEndPoint(s_second, LocalPort(receiver));
        MemifUdpClient[] senders = [.. Enumerable.Range(0, Flows).Select(_ => new MemifUdpClient(first, 0))];
        Dictionary<int, byte> next = senders.ToDictionary(LocalPort, _ => (byte)0);

        for (byte round = 0; round < 4; round++)
            Array.ForEach(senders, sender => sender.Send([round], to));

        for (int i = 0; i < 4 * Flows; i++)
        {
            UdpReceiveResult received = await receiver.ReceiveAsync().Soon();
            Assert.Equal([next[received.RemoteEndPoint.Port]++], received.Buffer); // Each flow in order.
        }

        foreach (MemifUdpClient sender in senders)
        {
            receiver.Send("back"u8, new IPEndPoint(s_first, LocalPort(sender)));
            Assert.Equal("back"u8.ToArray(), (await sender.ReceiveAsync().Soon()).Buffer);
            sender.Dispose();
        }
    }

    [Fact]
    public async Task Socket_IPv6_IsNotSupportedByAnIPv4Host()
    {
        await using MemifInterface loopback = await MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24");

        Refusal.Is(SocketError.AddressFamilyNotSupported, () => _ = new MemifUdpClient(loopback, new IPEndPoint(IPAddress.IPv6Loopback, 0)));
        Refusal.Is(
            SocketError.AddressFamilyNotSupported,
            () => _ = new MemifDatagramSocket(loopback, AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp));
    }

    [Fact]
    public async Task Send_NoRoute_IsUnreachableAndDoesNotBind()
    {
        await using MemifInterface loopback = await MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24");
        using var client = new MemifUdpClient(loopback);
        var far = new IPEndPoint(IPAddress.Parse("203.0.113.7"), 9);

        Refusal.Is(SocketError.NetworkUnreachable, () => client.Send("x"u8, far));
        Refusal.Is(SocketError.NetworkUnreachable, () => client.Connect(far));

        Assert.False(client.Client.IsBound);
    }

    [Fact]
    public async Task Socket_Forgotten_GivesItsPortBack()
    {
        await using MemifInterface loopback = await MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24");
        ForgetASocketOn(loopback, port: 5000);

        GC.Collect();
        GC.WaitForPendingFinalizers();

        using var again = new MemifUdpClient(loopback, 5000);
        Assert.True(again.Client.IsBound);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void ForgetASocketOn(MemifInterface memifInterface, int port) => GC.KeepAlive(new MemifUdpClient(memifInterface, port));
    }

    private static async Task AssertCarriesAsync(MemifInterface first, MemifInterface second)
    {
        using var left = new MemifUdpClient(first, 0);
        using var right = new MemifUdpClient(second, 0);

        left.Send("there"u8, new IPEndPoint(second.Address, LocalPort(right)));
        UdpReceiveResult there = await right.ReceiveAsync().Soon();
        Assert.Equal("there"u8.ToArray(), there.Buffer);
        Assert.Equal(new IPEndPoint(first.Address, LocalPort(left)), there.RemoteEndPoint);
        right.Send("and back"u8, there.RemoteEndPoint);
        Assert.Equal("and back"u8.ToArray(), (await left.ReceiveAsync().Soon()).Buffer);
    }

    private static int LocalPort(MemifUdpClient client) => ((IPEndPoint)client.Client.LocalEndPoint!).Port;

    private static string NewSocket() => $"@zmemif-test-{Guid.NewGuid():N}";

    private static MemifInterfaceOptions Server(string socket) =>
        new() { Socket = socket, Role = MemifRole.Server, Address = s_first, PrefixLength = 24 };

    private static MemifInterfaceOptions Client(string socket, Action<MemifInterfaceOptions>? configure = null)
    {
        var options = new MemifInterfaceOptions { Socket = socket, Address = s_second, PrefixLength = 24 };
        configure?.Invoke(options);
        return options;
    }

    /// <summary>An interface without a peer, and a socket on it that is bound.</summary>
    private sealed class DisposableLoopback : IDisposable
    {
        internal DisposableLoopback()
        {
            Interface = MemifInterface.OpenAsync("Loopback=true;Address=192.0.2.2/24").GetAwaiter().GetResult();
            Socket = new MemifDatagramSocket(Interface, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            Socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        }

        internal MemifInterface Interface { get; }

        internal MemifDatagramSocket Socket { get; }

        public void Dispose()
        {
            Socket.Dispose();
            Interface.Dispose();
        }
    }
}

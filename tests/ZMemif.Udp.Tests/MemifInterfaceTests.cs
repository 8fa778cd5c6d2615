using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using ZMemif.Udp.Tests.Contract;

namespace ZMemif.Udp.Tests;

/// <summary>How an interface opens, how its link comes and goes, and its end.</summary>
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
        await Exchange.AssertCarriesAsync(server, client);
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
        await Exchange.AssertCarriesAsync(server, again);
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
        await Exchange.AssertCarriesAsync(server, client);

        await client.DisposeAsync();
        await watcher.ReachAsync(MemifInterfaceState.Down);
        await using MemifInterface other = await MemifInterface.OpenAsync(Client(socket, options => options.Mac = PhysicalAddress.Parse("02-00-00-00-00-0B")));
        await watcher.ReachAsync(MemifInterfaceState.Up);

        await Exchange.AssertCarriesAsync(server, other);
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
    public async Task Dispose_Repeated_WaitsForTheSameEnd()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => first.DisposeAsync().AsTask()));
        first.Dispose();
        await second.DisposeAsync();

        Assert.Equal((MemifInterfaceState.Closed, MemifInterfaceState.Closed), (first.State, second.State));
    }

    private static string NewSocket() => $"@zmemif-test-{Guid.NewGuid():N}";

    private static MemifInterfaceOptions Server(string socket) =>
        new() { Socket = socket, Role = MemifRole.Server, Address = s_first, PrefixLength = 24 };

    private static MemifInterfaceOptions Client(string socket, Action<MemifInterfaceOptions>? configure = null)
    {
        var options = new MemifInterfaceOptions { Socket = socket, Address = s_second, PrefixLength = 24 };
        configure?.Invoke(options);
        return options;
    }
}

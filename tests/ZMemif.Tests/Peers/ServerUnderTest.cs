namespace ZMemif.Tests.Peers;

/// <summary>
/// A server socket with two ports: one whose link with a well-behaved client must go on working whatever happens, and
/// one for the peer that the test plays.
/// </summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    internal const uint HealthyId = 0;
    internal const uint TargetId = 7;

    private readonly MemifSocket _socket;
    private readonly MemifSocket _clientSocket;
    private readonly MemifPort _healthy;
    private readonly MemifPort _healthyClient;

    private ServerUnderTest(MemifPortOptions target)
    {
        Address = TestAddress.Abstract();
        _socket = new MemifSocket(Address);
        _clientSocket = new MemifSocket(Address);
        _healthy = _socket.AddPort(new MemifPortOptions { Id = HealthyId, Role = MemifRole.Server });
        _healthyClient = _clientSocket.AddPort(new MemifPortOptions { Id = HealthyId, RingSize = 64 });
        target.Id = TargetId;
        target.Role = MemifRole.Server;
        Target = _socket.AddPort(target);
        Events = new PortLog(Target);
    }

    internal string Address { get; }

    /// <summary>The port that the test's peer talks to.</summary>
    internal MemifPort Target { get; }

    internal PortLog Events { get; }

    /// <summary>The socket of both ports.</summary>
    internal MemifSocket Socket => _socket;

    internal static async Task<ServerUnderTest> StartAsync(MemifPortOptions? target = null)
    {
        var server = new ServerUnderTest(target ?? new MemifPortOptions());
        server._socket.Start();
        server._clientSocket.Start();
        await server._healthyClient.WaitConnectedAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await server._healthy.WaitConnectedAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return server;
    }

    /// <summary>A client that has come so far with the target port.</summary>
    internal RawClient Client(ClientStage stage) => RawClient.ConnectTo(Address, stage, TargetId);

    /// <summary>The other port of the socket is on its first link still, and carries packets both ways.</summary>
    internal void AssertHealthy()
    {
        Assert.Equal((1, 1), (_healthy.ConnectionCount, _healthyClient.ConnectionCount));
        AssertCarries(_healthyClient, _healthy);
        AssertCarries(_healthy, _healthyClient);
    }

    public async ValueTask DisposeAsync()
    {
        await _clientSocket.DisposeAsync();
        await _socket.DisposeAsync();
    }

    private static void AssertCarries(MemifPort from, MemifPort to)
    {
        byte[] received = new byte[16];
        Assert.True(from.TxQueues[0].TrySend("still here"u8));
        Assert.True(to.RxQueues[0].TryReceive(received, out int length));
        Assert.Equal("still here"u8, received.AsSpan(0, length));
    }
}

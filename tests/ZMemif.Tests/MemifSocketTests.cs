using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

public sealed class MemifSocketTests
{
    [Fact]
    public async Task Start_ListeningFails_CanBeTriedAgain()
    {
        string directory = Path.Combine(Path.GetTempPath(), $"zmemif-test-{Guid.NewGuid():n}");
        await using var socket = new MemifSocket(Path.Combine(directory, "memif.sock"));
        MemifPort client = socket.AddPort(new MemifPortOptions { Id = 1, Role = MemifRole.Client });
        MemifPort server = socket.AddPort(new MemifPortOptions { Id = 1, Role = MemifRole.Server });
        Assert.Equal(MemifErrorCode.SocketNotFound, Assert.Throws<MemifException>(socket.Start).Code);
        Assert.Equal((MemifPortState.Stopped, MemifPortState.Stopped), (client.State, server.State));
        Directory.CreateDirectory(directory);

        socket.Start();

        await client.WaitConnectedAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await socket.DisposeAsync();
        Directory.Delete(directory);
    }

    [Fact]
    public async Task Start_BothRolesOnOneSocket_ConnectWithEachOther()
    {
        await using var socket = new MemifSocket(TestAddress.Abstract());
        MemifPort client = socket.AddPort(new MemifPortOptions { Role = MemifRole.Client });
        MemifPort server = socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        Assert.Equal((MemifPortState.Stopped, MemifPortState.Stopped), (client.State, server.State));

        socket.Start();
        socket.Start();

        await client.WaitConnectedAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await server.WaitConnectedAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((1, 1), (client.ConnectionCount, server.ConnectionCount));
    }

    [Fact]
    public async Task AddPort_AfterStart_BeginsAtOnce()
    {
        await using var socket = new MemifSocket(TestAddress.Path());
        socket.Start();
        MemifPort client = socket.AddPort(new MemifPortOptions { Role = MemifRole.Client });
        socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });

        await client.WaitConnectedAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task AddPort_SameIdAndRole_IsRefused()
    {
        await using var socket = new MemifSocket(TestAddress.Abstract());
        socket.AddPort(new MemifPortOptions { Id = 4 });

        ArgumentException e = Assert.Throws<ArgumentException>(() => socket.AddPort(new MemifPortOptions { Id = 4 }));

        Assert.Contains("already has a Client port with id 4", e.Message, StringComparison.Ordinal);
        socket.AddPort(new MemifPortOptions { Id = 4, Role = MemifRole.Server });
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("zero\0byte")]
    public void Constructor_AddressThatCannotBe_IsRefused(string address) =>
        Assert.ThrowsAny<ArgumentException>(() => new MemifSocket(address));

    [Fact]
    public async Task Dispose_Twice_DoesNothing()
    {
        var socket = new MemifSocket(TestAddress.Abstract());
        socket.Start();

        await socket.DisposeAsync();
        await socket.DisposeAsync();
        socket.Dispose();

        Assert.Throws<ObjectDisposedException>(socket.Start);
        Assert.Throws<ObjectDisposedException>(() => socket.AddPort(new MemifPortOptions()));
    }

    [Fact]
    public async Task Dispose_NeverStarted_ClosesThePorts()
    {
        var socket = new MemifSocket(TestAddress.Abstract());
        MemifPort port = socket.AddPort(new MemifPortOptions());
        Task waiting = port.WaitConnectedAsync();

        await socket.DisposeAsync();

        Assert.Equal(MemifPortState.Closed, port.State);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => port.WaitConnectedAsync());
    }

    [Fact]
    public async Task Dispose_SocketFile_IsRemoved()
    {
        string path = TestAddress.Path();
        var socket = new MemifSocket(path);
        socket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        socket.Start();
        Assert.True(File.Exists(path));

        await socket.DisposeAsync();

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Client_NothingAtTheAddress_SaysWhyAndGoesOnTrying()
    {
        string path = TestAddress.Path();
        await using var clientSocket = new MemifSocket(path);
        MemifPort client = clientSocket.AddPort(new MemifPortOptions());
        var events = new PortLog(client);
        clientSocket.Start();
        Assert.Equal(MemifErrorCode.SocketNotFound, (await events.ExpectDownAsync()).Code);
        Assert.Equal(MemifPortState.Connecting, client.State);

        await using var serverSocket = new MemifSocket(path);
        serverSocket.AddPort(new MemifPortOptions { Role = MemifRole.Server });
        serverSocket.Start();

        await client.WaitConnectedAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Null(client.LastError);
    }

    [Fact]
    public async Task Ids_SeveralOnOneSocket_AreKeptApart()
    {
        string address = TestAddress.Abstract();
        await using var serverSocket = new MemifSocket(address);
        await using var clientSocket = new MemifSocket(address);
        uint[] ids = [0, 1, 0x80000000, uint.MaxValue];
        MemifPort[] servers = [.. ids.Select(id => serverSocket.AddPort(new MemifPortOptions { Id = id, Role = MemifRole.Server }))];
        MemifPort[] clients = [.. ids.Select(id => clientSocket.AddPort(new MemifPortOptions { Id = id }))];
        serverSocket.Start();
        clientSocket.Start();
        await Task.WhenAll(servers.Concat(clients).Select(port => port.WaitConnectedAsync())).WaitAsync(TimeSpan.FromSeconds(20));

        for (int i = 0; i < ids.Length; i++)
            Assert.True(clients[i].TxQueues[0].TrySend([(byte)i]));

        byte[] buffer = new byte[1];
        for (int i = 0; i < ids.Length; i++)
        {
            Assert.True(servers[i].RxQueues[0].TryReceive(buffer, out _));
            Assert.Equal(i, buffer[0]);
        }
    }
}

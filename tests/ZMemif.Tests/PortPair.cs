using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>A server and a client port in this process, connected over real shared memory.</summary>
internal sealed class PortPair : IAsyncDisposable
{
    private readonly MemifSocket _serverSocket;
    private readonly MemifSocket _clientSocket;

    private PortPair(MemifSocket serverSocket, MemifSocket clientSocket, MemifPort server, MemifPort client)
    {
        _serverSocket = serverSocket;
        _clientSocket = clientSocket;
        Server = server;
        Client = client;
        ServerEvents = new PortLog(server);
        ClientEvents = new PortLog(client);
    }

    internal MemifPort Server { get; }

    internal MemifPort Client { get; }

    /// <summary>What happened after the link came up.</summary>
    internal PortLog ServerEvents { get; }

    /// <summary>What happened after the link came up.</summary>
    internal PortLog ClientEvents { get; }

    internal static async Task<PortPair> ConnectAsync(Action<MemifPortOptions>? configure = null)
    {
        string address = TestAddress.Abstract();
        var serverSocket = new MemifSocket(address);
        var clientSocket = new MemifSocket(address);
        MemifPort server = serverSocket.AddPort(Options(MemifRole.Server, configure));
        MemifPort client = clientSocket.AddPort(Options(MemifRole.Client, configure));
        var pair = new PortPair(serverSocket, clientSocket, server, client);
        serverSocket.Start();
        clientSocket.Start();
        await pair.ServerEvents.ExpectUpAsync();
        await pair.ClientEvents.ExpectUpAsync();
        return pair;
    }

    /// <summary>The transmit queue of one end and the receive queue of the other.</summary>
    internal (MemifTxQueue Tx, MemifRxQueue Rx) From(MemifRole role, int queue = 0) => role == MemifRole.Client
        ? (Client.TxQueues[queue], Server.RxQueues[queue])
        : (Server.TxQueues[queue], Client.RxQueues[queue]);

    /// <summary>Disposes one end's socket.</summary>
    internal ValueTask DisposeAsync(MemifRole end) =>
        end == MemifRole.Client ? _clientSocket.DisposeAsync() : _serverSocket.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(MemifRole.Client);
        await DisposeAsync(MemifRole.Server);
    }

    private static MemifPortOptions Options(MemifRole role, Action<MemifPortOptions>? configure)
    {
        var options = new MemifPortOptions { Role = role };
        configure?.Invoke(options);
        return options;
    }
}

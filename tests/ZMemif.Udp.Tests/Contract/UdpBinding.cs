using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>
/// What a contract is bound to: two ends that reach each other. Sockets under test are made <see cref="Here"/>; whom they
/// talk to is <see cref="There"/>.
/// </summary>
public abstract class UdpBinding : IAsyncLifetime
{
    /// <summary>No wait in a contract is meant to take so long; it ends what would hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public abstract IUdpHost Here { get; }

    public abstract IUdpHost There { get; }

    /// <summary>An address that every host of the network of <see cref="Here"/> hears, and that is not 255.255.255.255.</summary>
    public abstract IPAddress DirectedBroadcast { get; }

    /// <summary>An address that is nobody's here (RFC 5737).</summary>
    public IPAddress NotLocal { get; } = IPAddress.Parse("203.0.113.7");

    /// <summary>Sends one datagram each way, so that neighbors know each other before a test looks at details.</summary>
    public virtual async ValueTask InitializeAsync()
    {
        await ExchangeAsync(Here, There);
        await ExchangeAsync(There, Here);
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>A client here, bound to an own address and a free port; no receive of it waits for ever.</summary>
    public IUdpClientUnderTest BoundClient() => BoundClient(Here);

    /// <summary>A client at the other end, likewise.</summary>
    public IUdpClientUnderTest PeerClient() => BoundClient(There);

    /// <summary>A raw socket here that is not bound; no receive of it waits for ever.</summary>
    public ISocketUnderTest UnboundSocket()
    {
        ISocketUnderTest socket = Here.CreateSocket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        return socket;
    }

    /// <summary>A raw socket here, bound to an own address and a free port.</summary>
    public ISocketUnderTest BoundSocket()
    {
        ISocketUnderTest socket = UnboundSocket();
        socket.Bind(new IPEndPoint(Here.Address, 0));
        return socket;
    }

    /// <summary>Returns when everything sent so far, in either direction, has arrived: links keep order.</summary>
    public async Task SettleAsync()
    {
        await ExchangeAsync(Here, There);
        await ExchangeAsync(There, Here);
    }

    private static IUdpClientUnderTest BoundClient(IUdpHost host)
    {
        IUdpClientUnderTest client = host.CreateClient(new IPEndPoint(host.Address, 0));
        client.Socket!.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        return client;
    }

    private static async Task ExchangeAsync(IUdpHost from, IUdpHost to)
    {
        using IUdpClientUnderTest sender = BoundClient(from);
        using IUdpClientUnderTest receiver = BoundClient(to);
        sender.Send("settled?"u8, receiver.LocalEndPoint());
        await receiver.ReceiveAsync().WaitAsync(Patience);
    }
}

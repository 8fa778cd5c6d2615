using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary><c>UdpClient</c>'s sends to a host that is given in text (contract §5.2).</summary>
public abstract class UdpClientHostContract(UdpBinding binding)
{
    private static readonly byte[] s_four = [1, 2, 3, 4];

    [Fact]
    public async Task Send_EachFormToAnAddressInText_ArrivesThere()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.Here.CreateClient();
        string host = peer.LocalEndPoint().Address.ToString();
        int port = peer.LocalEndPoint().Port;
        Func<Task<int>>[] forms =
        [
            () => Task.FromResult(client.Send(s_four, 4, host, port)),
            () => Task.FromResult(client.Send(s_four.AsSpan(), host, port)),
            () => client.SendAsync(s_four, 4, host, port),
            () => client.SendAsync(s_four.AsMemory(), host, port).AsTask(),
        ];

        foreach (Func<Task<int>> send in forms)
        {
            Assert.Equal(4, await send().Soon());
            Assert.Equal(s_four, (await peer.ReceiveAsync().Soon()).Buffer);
        }
    }

    [Fact]
    public async Task Send_EachFormToAName_ArrivesThere()
    {
        using IUdpClientUnderTest local = binding.Here.CreateClient(new IPEndPoint(IPAddress.Loopback, 0));
        using IUdpClientUnderTest client = binding.Here.CreateClient();
        int port = local.LocalEndPoint().Port;
        Func<Task<int>>[] forms =
        [
            () => Task.FromResult(client.Send(s_four, 4, "localhost", port)),
            () => Task.FromResult(client.Send(s_four.AsSpan(), "localhost", port)),
            () => client.SendAsync(s_four, 4, "localhost", port),
            () => client.SendAsync(s_four.AsMemory(), "localhost", port).AsTask(),
        ];

        foreach (Func<Task<int>> send in forms)
        {
            Assert.Equal(4, await send().Soon());
            Assert.Equal(s_four, (await local.ReceiveAsync().Soon()).Buffer);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Send_ArgumentsWrong_AreRefusedByTheCall(string host)
    {
        using IUdpClientUnderTest client = binding.BoundClient();

        Assert.Throws<ArgumentNullException>("dgram", () => client.Send(null!, 5, host, 9));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => client.Send(s_four, 5, host, 9));
        Assert.Throws<ArgumentOutOfRangeException>("port", () => client.Send(s_four, 4, host, 65_536));
        Assert.Throws<ArgumentOutOfRangeException>("port", () => client.Send(s_four.AsSpan(), host, -1));
        Assert.Equal("datagram", Refusal.IsSync<ArgumentNullException>(() => client.SendAsync(null!, 5, host, 9)).ParamName);
        Assert.Equal("bytes", Refusal.IsSync<ArgumentOutOfRangeException>(() => client.SendAsync(s_four, 5, host, 9)).ParamName);
        Assert.Equal("port", Refusal.IsSync<ArgumentOutOfRangeException>(() => client.SendAsync(s_four, 4, host, 65_536)).ParamName);
        Assert.Equal("port", Refusal.IsSync<ArgumentOutOfRangeException>(() => client.SendAsync(s_four.AsMemory(), host, -1).AsTask()).ParamName);
        Assert.Equal("datagram", Refusal.IsSync<ArgumentNullException>(() => client.SendAsync(null!, 5, null, 0)).ParamName);
        await Assert.ThrowsAsync<TaskCanceledException>(
            () => client.SendAsync(s_four.AsMemory(), host, 9, new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public void Send_UnknownHost_IsWhatTheResolverSays()
    {
        using IUdpClientUnderTest client = binding.Here.CreateClient();

        Assert.Throws<SocketException>(() => client.Send(s_four, 4, "no.such.host.invalid", 9));
        Assert.Throws<SocketException>(() => client.Send(s_four.AsSpan(), "no.such.host.invalid", 9));
        Assert.False(client.Socket!.IsBound);
    }

    [Fact]
    public void Send_OfAClosedClient_LooksTheHostUpFirst()
    {
        IUdpClientUnderTest client = binding.Here.CreateClient();
        client.Close();

        Assert.Throws<SocketException>(() => client.Send(s_four, 4, "no.such.host.invalid", 9));
        Assert.Throws<SocketException>(() => client.Send(s_four.AsSpan(), "no.such.host.invalid", 9));
        Assert.Throws<ObjectDisposedException>(() => client.Send(s_four, 4, "127.0.0.1", 9));
        Assert.Throws<ObjectDisposedException>(() => client.Send(s_four, 4, "127.0.0.1", 0));
    }
}

public sealed class KernelUdpClientHostTests(KernelBinding binding) : UdpClientHostContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackUdpClientHostTests(LoopbackBinding binding) : UdpClientHostContract(binding), IClassFixture<LoopbackBinding>
{
    /// <summary>The kernel's client resolves before it returns, and throws by the call itself.</summary>
    [Fact]
    public async Task SendAsync_UnknownHost_IsTheTasksRefusal()
    {
        using var client = new MemifUdpClient();

        Task<int> array = client.SendAsync(new byte[4], 4, "no.such.host.invalid", 9);
        ValueTask<int> memory = client.SendAsync(new byte[4].AsMemory(), "no.such.host.invalid", 9);

        await Assert.ThrowsAsync<SocketException>(() => array.Soon());
        await Assert.ThrowsAsync<SocketException>(() => memory.Soon());
        Assert.False(client.Client.IsBound);
    }

    /// <summary>To the kernel the empty name is one of its own addresses; here it is the interface's.</summary>
    [Fact]
    public async Task Send_EmptyName_IsTheInterface()
    {
        using var client = new MemifUdpClient(new IPEndPoint(DefaultMemifHost.Interface.Address, 0));
        int port = Assert.IsType<IPEndPoint>(client.Client.LocalEndPoint).Port;

        client.Send("sync"u8, string.Empty, port);
        await client.SendAsync("async"u8.ToArray(), string.Empty, port).Soon();

        Assert.Equal("sync"u8.ToArray(), (await client.ReceiveAsync().Soon()).Buffer);
        Assert.Equal("async"u8.ToArray(), (await client.ReceiveAsync().Soon()).Buffer);
    }
}

public sealed class PairUdpClientHostTests(PairBinding binding) : UdpClientHostContract(binding), IClassFixture<PairBinding>;

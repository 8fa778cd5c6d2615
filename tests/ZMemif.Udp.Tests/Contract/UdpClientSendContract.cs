using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>What <c>UdpClient</c>'s Send family does with a datagram that is in order (contract §5.2, §5.3, §7).</summary>
public abstract class UdpClientSendContract(UdpBinding binding)
{
    [Fact]
    public async Task Send_EachForm_Arrives()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        IPEndPoint to = peer.LocalEndPoint();
        string host = to.Address.ToString();

        Assert.Equal(1, client.Send([1, 99], 1, to));
        Assert.Equal(1, client.Send([2, 99], 1, host, to.Port));
        Assert.Equal(1, client.Send((ReadOnlySpan<byte>)[3], to));
        Assert.Equal(1, client.Send((ReadOnlySpan<byte>)[4], host, to.Port));
        Assert.Equal(1, await client.SendAsync([5, 99], 1, to).Soon());
        Assert.Equal(1, await client.SendAsync([6, 99], 1, host, to.Port).Soon());
        Assert.Equal(1, await client.SendAsync(new byte[] { 7 }.AsMemory(), to).Soon());
        Assert.Equal(1, await client.SendAsync(new byte[] { 8 }.AsMemory(), host, to.Port).Soon());

        for (byte i = 1; i <= 8; i++)
        {
            UdpReceiveResult received = await peer.ReceiveAsync().Soon();
            Assert.Equal([i], received.Buffer);
            Assert.Equal(client.LocalEndPoint(), received.RemoteEndPoint);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(18)]
    [InlineData(19)]
    [InlineData(1471)]
    [InlineData(1472)]
    public async Task Send_AnyLength_ArrivesUnchanged(int length)
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        byte[] payload = new byte[length];
        new Random(length).NextBytes(payload);

        Assert.Equal(length, client.Send(payload, length, peer.LocalEndPoint()));

        Assert.Equal(payload, (await peer.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public async Task Send_NotBound_BindsToAnyAddressAndIsAnswered()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.Here.CreateClient();

        client.Send("?"u8, peer.LocalEndPoint());

        Assert.Equal(IPAddress.Any, client.LocalEndPoint().Address);
        UdpReceiveResult question = await peer.ReceiveAsync().Soon();
        Assert.Equal(new IPEndPoint(binding.Here.Address, client.LocalEndPoint().Port), question.RemoteEndPoint);
        peer.Send("!"u8, question.RemoteEndPoint);
        Assert.Equal("!"u8.ToArray(), (await client.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public async Task SendAsync_RoomOnTheWay_CompletesAtOnceAndHasBound()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.Here.CreateClient();

        Task<int> sent = client.SendAsync(new byte[8].AsMemory(), peer.LocalEndPoint()).AsTask();

        Assert.True(sent.IsCompletedSuccessfully);
        Assert.Equal(8, await sent);
        Assert.True(client.Socket!.IsBound);
    }

    [Fact]
    public async Task SendAsync_CancelledBefore_SendsNothingAndDoesNotBind()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.Here.CreateClient();
        IPEndPoint to = peer.LocalEndPoint();
        var cancelled = new CancellationToken(canceled: true);
        Task<int>[] sends =
        [
            client.SendAsync(new byte[1].AsMemory(), cancelled).AsTask(),
            client.SendAsync(new byte[1].AsMemory(), to, cancelled).AsTask(),
            client.SendAsync(new byte[1].AsMemory(), to.Address.ToString(), to.Port, cancelled).AsTask(),
        ];

        foreach (Task<int> send in sends)
        {
            Assert.True(send.IsCanceled);
            TaskCanceledException exception = await Assert.ThrowsAsync<TaskCanceledException>(() => send);
            Assert.Equal(cancelled, exception.CancellationToken);
        }

        Assert.False(client.Socket!.IsBound);
        client.Send("real"u8, to);
        Assert.Equal("real"u8.ToArray(), (await peer.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public void Send_LongerThanAnyDatagram_IsRefusedAndDoesNotBind()
    {
        using IUdpClientUnderTest client = binding.Here.CreateClient();

        Refusal.Is(SocketError.MessageSize, () => client.Send(new byte[65_508], 65_508, new IPEndPoint(binding.There.Address, 9)));

        Assert.False(client.Socket!.IsBound);
    }

    [Fact]
    public async Task Send_ManyThreads_LosesAndMixesNothing()
    {
        const int Threads = 4;
        const int Each = 40; // 160 small datagrams, well inside a default receive buffer.
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        IPEndPoint to = peer.LocalEndPoint();

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
                client.Send([(byte)thread, (byte)i, (byte)(thread ^ i)], 3, to);
        })));

        byte[] next = new byte[Threads];
        for (int i = 0; i < Threads * Each; i++)
        {
            byte[] received = (await peer.ReceiveAsync().Soon()).Buffer;
            Assert.Equal(received[0] ^ received[1], received[2]);
            Assert.Equal(next[received[0]]++, received[1]);
        }
    }

    [Fact]
    public void Send_DirectedBroadcast_NeedsPermissionThatTheProgramGives()
    {
        using IUdpClientUnderTest client = binding.BoundClient();
        var everybody = new IPEndPoint(binding.DirectedBroadcast, 9);

        Refusal.Is(SocketError.AccessDenied, () => client.Send(new byte[4], 4, everybody));
        Assert.False(client.Socket!.EnableBroadcast);

        client.Socket.EnableBroadcast = true;
        Assert.Equal(4, client.Send(new byte[4], 4, everybody));
    }

    [Fact]
    public async Task Send_LimitedBroadcast_IsPermittedOnceByItself()
    {
        var everybody = new IPEndPoint(IPAddress.Broadcast, 9);
        Func<IUdpClientUnderTest, Task<int>>[] sends =
        [
            client => Task.FromResult(client.Send(new byte[4], 4, everybody)),
            client => Task.FromResult(client.Send(new byte[4].AsSpan(), everybody)),
            client => client.SendAsync(new byte[4], 4, everybody),
            client => client.SendAsync(new byte[4].AsMemory(), everybody).AsTask(),
        ];

        foreach (Func<IUdpClientUnderTest, Task<int>> send in sends)
        {
            using IUdpClientUnderTest client = binding.BoundClient();
            Assert.False(client.Socket!.EnableBroadcast);
            Assert.Equal(4, await send(client).Soon());
            Assert.True(client.Socket.EnableBroadcast);

            client.Socket.EnableBroadcast = false;
            SocketException refusal = await Assert.ThrowsAsync<SocketException>(() => send(client));
            Assert.Equal(SocketError.AccessDenied, refusal.SocketErrorCode);
        }
    }

    [Fact]
    public async Task Send_AnyAddress_MeansThisHost()
    {
        using IUdpClientUnderTest receiver = binding.Here.CreateClient(0);
        using IUdpClientUnderTest client = binding.Here.CreateClient();

        client.Send("me"u8, new IPEndPoint(IPAddress.Any, receiver.LocalEndPoint().Port));

        UdpReceiveResult received = await receiver.ReceiveAsync().Soon();
        Assert.Equal("me"u8, received.Buffer);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, client.LocalEndPoint().Port), received.RemoteEndPoint);
    }
}

public sealed class KernelUdpClientSendTests(KernelBinding binding) : UdpClientSendContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackUdpClientSendTests(LoopbackBinding binding) : UdpClientSendContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairUdpClientSendTests(PairBinding binding) : UdpClientSendContract(binding), IClassFixture<PairBinding>;

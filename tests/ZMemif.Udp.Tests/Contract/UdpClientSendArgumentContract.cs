using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Which check of <c>UdpClient</c>'s Send family wins, and whether the call or its task carries the refusal (contract §5.2).</summary>
public abstract class UdpClientSendArgumentContract(UdpBinding binding)
{
    private static readonly byte[] s_four = new byte[4];
    private static readonly IPEndPoint s_v6 = new(IPAddress.IPv6Loopback, 9);

    [Fact]
    public void Send_NullArray_IsRefusedFirst()
    {
        using IUdpClientUnderTest client = binding.BoundClient();
        using IUdpClientUnderTest connected = Connected(out IPEndPoint remote);

        Assert.Throws<ArgumentNullException>("dgram", () => client.Send(null!, 0));
        Assert.Throws<ArgumentNullException>("dgram", () => client.Send(null!, 0, remote));
        Assert.Throws<ArgumentNullException>("dgram", () => client.Send(null!, 0, "127.0.0.1", 9));
        Assert.Throws<ArgumentNullException>("dgram", () => connected.Send(null!, 0, remote));
    }

    [Fact]
    public void SendAsync_NullArray_IsRefusedByTheCall()
    {
        using IUdpClientUnderTest client = binding.BoundClient();
        using IUdpClientUnderTest connected = Connected(out IPEndPoint remote);

        Assert.Equal("datagram", Refusal.IsSync<ArgumentNullException>(() => client.SendAsync(null!, 0)).ParamName);
        Assert.Equal("datagram", Refusal.IsSync<ArgumentNullException>(() => connected.SendAsync(null!, 0, remote)).ParamName);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    public void Send_LengthOutOfRange_IsRefused(int bytes)
    {
        using IUdpClientUnderTest client = binding.BoundClient();
        using IUdpClientUnderTest connected = Connected(out _);

        Assert.Throws<ArgumentOutOfRangeException>("size", () => client.Send(s_four, bytes, client.LocalEndPoint()));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => client.Send(s_four, bytes, null));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => client.Send(s_four, bytes, s_v6));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => connected.Send(s_four, bytes));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    public void SendAsync_LengthOutOfRange_IsRefusedByTheCallBeforeAnythingElse(int bytes)
    {
        using IUdpClientUnderTest client = binding.BoundClient();
        using IUdpClientUnderTest connected = Connected(out IPEndPoint remote);

        Assert.Equal("bytes", Refusal.IsSync<ArgumentOutOfRangeException>(() => client.SendAsync(s_four, bytes)).ParamName);
        Assert.Equal("bytes", Refusal.IsSync<ArgumentOutOfRangeException>(() => client.SendAsync(s_four, bytes, remote)).ParamName);
        Assert.Equal("bytes", Refusal.IsSync<ArgumentOutOfRangeException>(() => connected.SendAsync(s_four, bytes, remote)).ParamName);
    }

    [Fact]
    public void Send_NotConnected_LooksAtThatBeforeTheLength()
    {
        using IUdpClientUnderTest client = binding.BoundClient();

        Assert.Throws<InvalidOperationException>(() => client.Send(s_four, 99));
        Assert.Throws<InvalidOperationException>(() => client.Send(s_four.AsSpan()));
    }

    [Fact]
    public void Send_NoDestination_IsTheSocketsRefusal()
    {
        using IUdpClientUnderTest client = binding.Here.CreateClient();
        Action[] calls =
        [
            () => client.Send(s_four, 4, null),
            () => client.Send(s_four, 4, null, 0),
            () => client.Send(s_four, 4, null, 9),
            () => client.Send(s_four, 4, "127.0.0.1", 0),
            () => client.Send(s_four.AsSpan(), null),
            () => client.Send(s_four.AsSpan(), null, 0),
            () => client.Send(s_four.AsSpan(), "127.0.0.1", 0),
        ];

        foreach (Action call in calls)
            Refusal.Is(SocketError.DestinationAddressRequired, call);
        Assert.False(client.Socket!.IsBound);
    }

    [Fact]
    public async Task SendAsync_NoDestination_IsTheTasksRefusal()
    {
        using IUdpClientUnderTest client = binding.Here.CreateClient();

        await Refusal.ComesAsync(SocketError.DestinationAddressRequired, client.SendAsync(s_four, 4));
        await Refusal.ComesAsync(SocketError.DestinationAddressRequired, client.SendAsync(s_four, 4, null));
        await Refusal.ComesAsync(SocketError.DestinationAddressRequired, client.SendAsync(s_four, 4, null, 0));
        await Refusal.ComesAsync(SocketError.DestinationAddressRequired, client.SendAsync(s_four.AsMemory()));
        await Refusal.ComesAsync(SocketError.DestinationAddressRequired, client.SendAsync(s_four.AsMemory(), null));
        await Refusal.ComesAsync(SocketError.DestinationAddressRequired, client.SendAsync(s_four.AsMemory(), null, 0));
        Assert.False(client.Socket!.IsBound);
    }

    [Fact]
    public void Send_ConnectedAndADestination_IsRefused()
    {
        using IUdpClientUnderTest client = Connected(out IPEndPoint remote);
        string host = remote.Address.ToString();
        Action[] calls =
        [
            () => client.Send(s_four, 4, remote),
            () => client.Send(s_four, 99, remote),
            () => client.Send(s_four.AsSpan(), remote),
            () => client.Send(s_four, 4, host, remote.Port),
            () => client.Send(s_four, 4, host, 0),
            () => client.Send(s_four, 4, null, 9),
            () => client.Send(null!, 0, host, 9),
            () => client.Send(s_four.AsSpan(), host, remote.Port),
            () => client.SendAsync(s_four, 4, remote),
            () => client.SendAsync(null!, 0, host, 9),
            () => client.SendAsync(s_four.AsMemory(), remote).AsTask(),
            () => client.SendAsync(s_four.AsMemory(), host, remote.Port).AsTask(),
            () => client.SendAsync(s_four.AsMemory(), remote, new CancellationToken(canceled: true)).AsTask(),
        ];

        foreach (Action call in calls)
            Assert.Throws<InvalidOperationException>(call);
    }

    [Fact]
    public async Task Send_ConnectedAndNoDestination_GoesToThePeer()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        client.Connect(peer.LocalEndPoint());

        Assert.Equal(1, client.Send([1], 1));
        Assert.Equal(1, client.Send([2], 1, null));
        Assert.Equal(1, client.Send([3], 1, null, 0));
        Assert.Equal(1, client.Send((ReadOnlySpan<byte>)[4]));
        Assert.Equal(1, client.Send((ReadOnlySpan<byte>)[5], null));
        Assert.Equal(1, client.Send((ReadOnlySpan<byte>)[6], null, 0));
        Assert.Equal(1, await client.SendAsync([7], 1).Soon());
        Assert.Equal(1, await client.SendAsync([8], 1, null).Soon());
        Assert.Equal(1, await client.SendAsync([9], 1, null, 0).Soon());
        Assert.Equal(1, await client.SendAsync(new byte[] { 10 }.AsMemory()).Soon());
        Assert.Equal(1, await client.SendAsync(new byte[] { 11 }.AsMemory(), null).Soon());
        Assert.Equal(1, await client.SendAsync(new byte[] { 12 }.AsMemory(), null, 0).Soon());

        for (byte i = 1; i <= 12; i++)
            Assert.Equal([i], (await peer.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public async Task Send_OtherFamily_IsRefusedByTheSocketOrByTheName()
    {
        using IUdpClientUnderTest client = binding.Here.CreateClient();

        Refusal.Is(SocketError.AddressFamilyNotSupported, () => client.Send(s_four, 4, s_v6));
        await Refusal.ComesAsync(SocketError.AddressFamilyNotSupported, client.SendAsync(s_four, 4, s_v6));
        await Refusal.ComesAsync(SocketError.AddressFamilyNotSupported, client.SendAsync(s_four.AsMemory(), s_v6));
        Assert.Throws<ArgumentException>("hostname", () => client.Send(s_four, 4, "::1", 9));
        Assert.Equal("hostname", Refusal.IsSync<ArgumentException>(() => client.SendAsync(s_four, 4, "::1", 9)).ParamName);
        Assert.False(client.Socket!.IsBound);
    }

    [Fact]
    public async Task Send_PortZero_IsRefused()
    {
        using IUdpClientUnderTest client = binding.Here.CreateClient();
        var nowhere = new IPEndPoint(binding.There.Address, 0);

        Refusal.Is(SocketError.InvalidArgument, () => client.Send(s_four, 4, nowhere));
        await Refusal.ComesAsync(SocketError.InvalidArgument, client.SendAsync(s_four, 4, nowhere));
    }

    private IUdpClientUnderTest Connected(out IPEndPoint remote)
    {
        remote = new IPEndPoint(binding.There.Address, 9);
        IUdpClientUnderTest client = binding.BoundClient();
        client.Connect(remote);
        return client;
    }
}

public sealed class KernelUdpClientSendArgumentTests(KernelBinding binding) : UdpClientSendArgumentContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackUdpClientSendArgumentTests(LoopbackBinding binding) : UdpClientSendArgumentContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairUdpClientSendArgumentTests(PairBinding binding) : UdpClientSendArgumentContract(binding), IClassFixture<PairBinding>;

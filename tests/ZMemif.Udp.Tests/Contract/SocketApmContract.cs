using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Sending and connecting by Begin and End (contract §15, §2.5).</summary>
public abstract class SocketApmContract(UdpBinding binding)
{
    [Fact]
    public async Task BeginSendTo_IsDoneAtOnceAndBinds()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.UnboundSocket();
        IAsyncResult? calledBack = null;

        IAsyncResult result = socket.BeginSendTo(
            "0123456789"u8.ToArray(), 2, 5, SocketFlags.None, peer.LocalEndPoint(), found => calledBack = found, "state");

        Assert.Same(result, calledBack);
        Assert.Equal("state", result.AsyncState);
        Assert.True(socket.IsBound);
        Assert.Equal(5, socket.EndSendTo(result));
        Assert.Equal(5, socket.EndSendTo(result));
        UdpReceiveResult received = await peer.ReceiveAsync().Soon();
        Assert.Equal("23456"u8, received.Buffer);
    }

    [Fact]
    public async Task BeginSend_Connected_Sends()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(peer.LocalEndPoint());

        Assert.Equal(1, socket.EndSend(socket.BeginSend([1, 2], 1, 1, SocketFlags.None, null, null)));
        Assert.Equal(2, socket.EndSend(socket.BeginSend([1, 2], 0, 2, SocketFlags.None, out SocketError error, null, null)!, out SocketError endError));
        Assert.Equal((SocketError.Success, SocketError.Success), (error, endError));
        Assert.Equal(3, socket.EndSend(socket.BeginSend([new([3]), Array.Empty<byte>(), new([4, 5])], SocketFlags.None, null, null)));

        Assert.Equal([2], (await peer.ReceiveAsync().Soon()).Buffer);
        Assert.Equal([1, 2], (await peer.ReceiveAsync().Soon()).Buffer);
        Assert.Equal([3, 4, 5], (await peer.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public void BeginSend_NotConnected_EndTellsUnlessTheErrorIsAskedFor()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();

        IAsyncResult result = socket.BeginSend(new byte[1], 0, 1, SocketFlags.None, null, null);

        Refusal.Is(SocketError.DestinationAddressRequired, () => socket.EndSend(result));
        Assert.Equal(0, socket.EndSend(result, out SocketError error));
        Assert.Equal(SocketError.DestinationAddressRequired, error);
        Assert.Null(socket.BeginSend(new byte[1], 0, 1, SocketFlags.None, out error, null, null));
        Assert.Equal(SocketError.DestinationAddressRequired, error);
        Assert.Null(socket.BeginSend([new byte[1]], SocketFlags.None, out error, null, null));
        Assert.Equal(SocketError.DestinationAddressRequired, error);
        Assert.False(socket.IsBound);
    }

    [Fact]
    public void BeginSend_UnusableArguments_AreRefused()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        EndPoint there = new IPEndPoint(binding.There.Address, 9);

        Assert.Throws<ArgumentNullException>("buffer", () => socket.BeginSend((byte[])null!, 0, 0, SocketFlags.None, null, null));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => socket.BeginSend(new byte[2], 0, 3, SocketFlags.None, out _, null, null));
        Assert.Throws<ArgumentNullException>("buffers", () => socket.BeginSend(null!, SocketFlags.None, null, null));
        Assert.Throws<ArgumentException>("buffers", () => socket.BeginSend([], SocketFlags.None, out _, null, null));
        Assert.Throws<ArgumentNullException>("segment", () => socket.BeginSend([default], SocketFlags.None, null, null));
        Assert.Throws<ArgumentNullException>("buffer", () => socket.BeginSendTo(null!, 0, 0, SocketFlags.None, null!, null, null));
        Assert.Throws<ArgumentOutOfRangeException>("offset", () => socket.BeginSendTo(new byte[1], 2, 0, SocketFlags.None, there, null, null));
        Assert.Throws<ArgumentNullException>("remoteEP", () => socket.BeginSendTo(new byte[1], 0, 1, SocketFlags.None, null!, null, null));
        IAsyncResult tooLong = socket.BeginSendTo(new byte[65_508], 0, 65_508, SocketFlags.None, there, null, null);
        Refusal.Is(SocketError.MessageSize, () => socket.EndSendTo(tooLong));
    }

    [Fact]
    public void End_OtherResult_IsRefused()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        foreach (IAsyncResult? other in (IAsyncResult?[])[null, Task.CompletedTask])
        {
            Action[] ends =
            [
                () => socket.EndSend(other!),
                () => socket.EndSend(other!, out _),
                () => socket.EndSendTo(other!),
                () => socket.EndConnect(other!),
                () => socket.EndDisconnect(other!),
                () => socket.EndSendFile(other!),
                () => socket.EndAccept(other!),
                () => socket.EndAcceptAndReceive(other!),
            ];
            Assert.All(ends, end => Assert.Equal("asyncResult", Assert.ThrowsAny<ArgumentException>(end).ParamName));
        }
    }

    [Fact]
    public void BeginConnect_EveryForm_IsDoneAtOnce()
    {
        var there = new IPEndPoint(binding.There.Address, 9);
        Func<ISocketUnderTest, IAsyncResult>[] forms =
        [
            socket => socket.BeginConnect(there, null, "state"),
            socket => socket.BeginConnect(there.Address, 9, null, "state"),
            socket => socket.BeginConnect([IPAddress.Broadcast, IPAddress.IPv6Loopback, there.Address], 9, null, "state"),
            socket => socket.BeginConnect(there.Address.ToString(), 9, null, "state"),
            socket => socket.BeginConnect(new DnsEndPoint(there.Address.ToString(), 9), null, "state"),
        ];
        Assert.All(forms, begin =>
        {
            using ISocketUnderTest socket = binding.UnboundSocket();

            IAsyncResult result = begin(socket);

            socket.EndConnect(result);
            Assert.True(result.CompletedSynchronously);
            Assert.Equal("state", result.AsyncState);
            Assert.Equal(there, socket.RemoteEndPoint);
        });
    }

    [Fact]
    public void BeginConnect_Refused_EndTellsEachTime()
    {
        using ISocketUnderTest socket = binding.BoundSocket();

        IAsyncResult refused = socket.BeginConnect(IPAddress.Broadcast, 9, null, null);

        SocketException failure = Refusal.Is(SocketError.AccessDenied, () => socket.EndConnect(refused));
        Assert.DoesNotContain("255.255.255.255", failure.Message, StringComparison.Ordinal);
        Refusal.Is(SocketError.AccessDenied, () => socket.EndConnect(refused));
        Assert.Throws<ArgumentNullException>("address", () => socket.EndConnect(socket.BeginConnect([null!], 9, null, null)));
        Assert.Throws<NotSupportedException>(() => socket.EndConnect(socket.BeginConnect([IPAddress.IPv6Loopback], 9, null, null)));
        Assert.ThrowsAny<SocketException>(() => socket.EndConnect(socket.BeginConnect("no.such.host.invalid", 9, null, null)));
    }

    [Fact]
    public void BeginConnect_UnusableArguments_AreRefused()
    {
        using ISocketUnderTest socket = binding.BoundSocket();

        Assert.Throws<ArgumentNullException>("remoteEP", () => socket.BeginConnect((EndPoint)null!, null, null));
        Assert.Throws<ArgumentNullException>("address", () => socket.BeginConnect((IPAddress)null!, 9, null, null));
        Assert.Throws<ArgumentNullException>("addresses", () => socket.BeginConnect((IPAddress[])null!, 9, null, null));
        Assert.Throws<ArgumentException>("addresses", () => socket.BeginConnect(Array.Empty<IPAddress>(), 9, null, null));
        Assert.Throws<ArgumentNullException>("host", () => socket.BeginConnect((string)null!, 9, null, null));
        Assert.Throws<ArgumentOutOfRangeException>("port", () => socket.BeginConnect(IPAddress.Loopback, 99_999, null, null));
        Assert.Throws<ArgumentOutOfRangeException>("port", () => socket.BeginConnect([IPAddress.Loopback], 99_999, null, null));
        Assert.Throws<ArgumentOutOfRangeException>("port", () => socket.BeginConnect("127.0.0.1", -1, null, null));
        Assert.Throws<NotSupportedException>(() => socket.BeginConnect(new IPEndPoint(IPAddress.IPv6Loopback, 9), null, null));
        Assert.Throws<NotSupportedException>(() => socket.BeginConnect(IPAddress.IPv6Loopback, 9, null, null));
    }

    [Fact]
    public void BeginDisconnect_Connected_DissolvesTheConnection()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(new IPEndPoint(binding.There.Address, 9));

        IAsyncResult result = socket.BeginDisconnect(true, null, "state");

        socket.EndDisconnect(result);
        Assert.True(result.CompletedSynchronously);
        Assert.False(socket.Connected);
        Assert.Null(socket.RemoteEndPoint);
        Refusal.Is(SocketError.DestinationAddressRequired, () => socket.Send("x"u8));
    }

    [Fact]
    public void BeginDisconnect_NotConnected_IsRefused()
    {
        using ISocketUnderTest socket = binding.BoundSocket();

        Refusal.Is(SocketError.NotConnected, () => socket.BeginDisconnect(true, null, null));
    }

    [Fact]
    public void BeginAccept_ADatagramSocketDoesNotListen()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        Assert.Throws<InvalidOperationException>(() => socket.BeginAccept(null, null));

        IAsyncResult result = socket.BeginAccept(5, null, "state");

        Assert.True(result.CompletedSynchronously);
        Assert.Throws<InvalidOperationException>(() => socket.EndAcceptAndReceive(result));
        Assert.Throws<ArgumentException>("asyncResult", () => socket.EndAccept(result));
    }

    [Fact]
    public void BeginSendFile_IsNotForDatagrams()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        Assert.Throws<NotSupportedException>(() => socket.BeginSendFile("file", null, null));
        socket.Connect(new IPEndPoint(binding.There.Address, 9));

        IAsyncResult result = socket.BeginSendFile("file", null, "state");

        Assert.True(result.CompletedSynchronously);
        Assert.Throws<NotSupportedException>(() => socket.EndSendFile(result));
    }

    [Fact]
    public void Closed_EveryBegin_IsDisposedBeforeAnythingElse()
    {
        ISocketUnderTest socket = binding.BoundSocket();
        socket.Dispose();
        EndPoint nothing = null!;
        Action[] calls =
        [
            () => socket.BeginReceive((byte[])null!, 0, 0, SocketFlags.None, null, null),
            () => socket.BeginReceive((byte[])null!, 0, 0, SocketFlags.None, out _, null, null),
            () => socket.BeginReceive(null!, SocketFlags.None, null, null),
            () => socket.BeginReceive(null!, SocketFlags.None, out _, null, null),
            () => socket.BeginReceiveFrom(null!, 0, 0, SocketFlags.None, ref nothing, null, null),
            () => socket.BeginReceiveMessageFrom(null!, 0, 0, SocketFlags.None, ref nothing, null, null),
            () => socket.BeginSend((byte[])null!, 0, 0, SocketFlags.None, null, null),
            () => socket.BeginSend(null!, SocketFlags.None, out _, null, null),
            () => socket.BeginSendTo(null!, 0, 0, SocketFlags.None, null!, null, null),
            () => socket.BeginConnect((EndPoint)null!, null, null),
            () => socket.BeginDisconnect(true, null, null),
            () => socket.BeginAccept(null, null),
            () => socket.BeginSendFile(null, null, null),
        ];

        Assert.All(calls, call => Assert.Throws<ObjectDisposedException>(call));
        Assert.Throws<ObjectDisposedException>(() => socket.EndAcceptAndReceive(socket.BeginAccept(5, null, null)));
        Assert.Throws<ArgumentNullException>("asyncResult", () => socket.EndReceive(null!));
    }
}

public sealed class KernelSocketApmTests(KernelBinding binding) : SocketApmContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketApmTests(LoopbackBinding binding) : SocketApmContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketApmTests(PairBinding binding) : SocketApmContract(binding), IClassFixture<PairBinding>;

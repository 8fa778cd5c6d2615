using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Every form in which a socket sends and receives, in its good case (contract §2.3, §8).</summary>
public abstract class SocketFormsContract(UdpBinding binding)
{
    // In the middle of this array lies what is sent.
    private static readonly byte[] s_padded = [9, 9, 1, 2, 3, 4, 9];
    private static readonly byte[] s_four = [1, 2, 3, 4];
    private static readonly ArraySegment<byte> s_segment = new(s_padded, 2, 4);
    private static readonly ArraySegment<byte>[] s_segments = [new(s_padded, 2, 1), ArraySegment<byte>.Empty, new(s_padded, 3, 3)];

    [Fact]
    public async Task Send_EachForm_SendsThePayloadToThePeer()
    {
        Func<ISocketUnderTest, Task<int>>[] forms =
        [
            socket => Task.FromResult(socket.Send(s_four)),
            socket => Task.FromResult(socket.Send(s_four, SocketFlags.None)),
            socket => Task.FromResult(socket.Send([1, 2, 3, 4, 9], 4, SocketFlags.None)),
            socket => Task.FromResult(socket.Send(s_padded, 2, 4, SocketFlags.None)),
            socket => Task.FromResult(Good(socket.Send(s_padded, 2, 4, SocketFlags.None, out SocketError error), error)),
            socket => Task.FromResult(socket.Send(s_segments)),
            socket => Task.FromResult(socket.Send(s_segments, SocketFlags.DontRoute)),
            socket => Task.FromResult(Good(socket.Send(s_segments, SocketFlags.None, out SocketError error), error)),
            socket => Task.FromResult(socket.Send((IList<ArraySegment<byte>>)[s_segment])),
            socket => Task.FromResult(socket.Send(s_four.AsSpan(), SocketFlags.None)),
            socket => Task.FromResult(Good(socket.Send(s_four.AsSpan(), SocketFlags.None, out SocketError error), error)),
            socket => socket.SendAsync(s_segment),
            socket => socket.SendAsync(s_segment, SocketFlags.None),
            socket => socket.SendAsync(s_segments),
            socket => socket.SendAsync(s_segments, SocketFlags.None),
            socket => socket.SendAsync(s_four.AsMemory(), SocketFlags.None).AsTask(),
        ];
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        socket.Connect(peer.LocalEndPoint());

        await AllArriveAsync(forms, socket, peer);
    }

    [Fact]
    public async Task SendTo_EachForm_SendsThePayloadThere()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        IPEndPoint to = peer.LocalEndPoint();
        Func<ISocketUnderTest, Task<int>>[] forms =
        [
            socket => Task.FromResult(socket.SendTo(s_four, to)),
            socket => Task.FromResult(socket.SendTo(s_four, SocketFlags.None, to)),
            socket => Task.FromResult(socket.SendTo([1, 2, 3, 4, 9], 4, SocketFlags.None, to)),
            socket => Task.FromResult(socket.SendTo(s_padded, 2, 4, SocketFlags.None, to)),
            socket => Task.FromResult(socket.SendTo(s_four.AsSpan(), SocketFlags.None, to)),
            socket => Task.FromResult(socket.SendTo(s_four, SocketFlags.None, to.Serialize())),
            socket => socket.SendToAsync(s_segment, to),
            socket => socket.SendToAsync(s_segment, SocketFlags.None, to),
            socket => socket.SendToAsync(s_four.AsMemory(), SocketFlags.None, to).AsTask(),
            socket => socket.SendToAsync(s_four.AsMemory(), SocketFlags.None, to.Serialize()).AsTask(),
        ];
        using ISocketUnderTest socket = binding.UnboundSocket();

        await AllArriveAsync(forms, socket, peer);
    }

    [Fact]
    public Task Receive_EachForm_WritesThePayloadWhereItBelongs()
    {
        Func<ISocketUnderTest, byte[], Task<int>>[] forms =
        [
            (socket, buffer) => Task.FromResult(socket.Receive(buffer, 2, 5, SocketFlags.None)),
            (socket, buffer) => Task.FromResult(Good(socket.Receive(buffer, 2, 5, SocketFlags.None, out SocketError error), error)),
            (socket, buffer) => Task.FromResult(socket.Receive(Scattered(buffer))),
            (socket, buffer) => Task.FromResult(socket.Receive(Scattered(buffer), SocketFlags.None)),
            (socket, buffer) => Task.FromResult(Good(socket.Receive(Scattered(buffer), SocketFlags.None, out SocketError error), error)),
            (socket, buffer) => Task.FromResult(socket.Receive((IList<ArraySegment<byte>>)[new(buffer, 2, 5)])),
            (socket, buffer) => Task.FromResult(socket.Receive(buffer.AsSpan(2), SocketFlags.None)),
            (socket, buffer) => Task.FromResult(Good(socket.Receive(buffer.AsSpan(2), SocketFlags.None, out SocketError error), error)),
            (socket, buffer) => socket.ReceiveAsync(new ArraySegment<byte>(buffer, 2, 5)),
            (socket, buffer) => socket.ReceiveAsync(new ArraySegment<byte>(buffer, 2, 5), SocketFlags.None),
            (socket, buffer) => socket.ReceiveAsync(Scattered(buffer)),
            (socket, buffer) => socket.ReceiveAsync(Scattered(buffer), SocketFlags.None),
            (socket, buffer) => socket.ReceiveAsync(buffer.AsMemory(2), SocketFlags.None).AsTask(),
        ];
        return AllReceiveAsync(forms, offset: 2);
    }

    [Fact]
    public Task Receive_EachFormFromTheStartOfTheArray_WritesThePayloadThere()
    {
        Func<ISocketUnderTest, byte[], Task<int>>[] forms =
        [
            (socket, buffer) => Task.FromResult(socket.Receive(buffer)),
            (socket, buffer) => Task.FromResult(socket.Receive(buffer, SocketFlags.None)),
            (socket, buffer) => Task.FromResult(socket.Receive(buffer, 5, SocketFlags.None)),
        ];
        return AllReceiveAsync(forms, offset: 0);
    }

    [Fact]
    public async Task ReceiveFrom_EachForm_TellsWhoSentIt()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        byte[] buffer = new byte[7];
        EndPoint remote = Any();
        SocketFlags flags = SocketFlags.None;
        var address = new SocketAddress(AddressFamily.InterNetwork);
        Func<Task<(int Count, EndPoint Remote)>>[] forms =
        [
            () => Task.FromResult((socket.ReceiveFrom(buffer, ref remote), remote)),
            () => Task.FromResult((socket.ReceiveFrom(buffer, SocketFlags.None, ref remote), remote)),
            () => Task.FromResult((socket.ReceiveFrom(buffer, 5, SocketFlags.None, ref remote), remote)),
            () => Task.FromResult((socket.ReceiveFrom(buffer, 0, 5, SocketFlags.None, ref remote), remote)),
            () => Task.FromResult((socket.ReceiveFrom(buffer.AsSpan(), SocketFlags.None, ref remote), remote)),
            () => Task.FromResult((socket.ReceiveFrom(buffer, SocketFlags.None, address), Any().Create(address))),
            () => Task.FromResult((socket.ReceiveMessageFrom(buffer, 0, 5, ref flags, ref remote, out _), remote)),
            () => Task.FromResult((socket.ReceiveMessageFrom(buffer, ref flags, ref remote, out _), remote)),
            () => TellAsync(socket.ReceiveFromAsync(new ArraySegment<byte>(buffer), Any())),
            () => TellAsync(socket.ReceiveFromAsync(new ArraySegment<byte>(buffer), SocketFlags.None, Any())),
            () => TellAsync(socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, Any()).AsTask()),
            async () => (await socket.ReceiveFromAsync(buffer, SocketFlags.None, address), Any().Create(address)),
            () => TellAsync(socket.ReceiveMessageFromAsync(new ArraySegment<byte>(buffer), Any())),
            () => TellAsync(socket.ReceiveMessageFromAsync(new ArraySegment<byte>(buffer), SocketFlags.None, Any())),
            () => TellAsync(socket.ReceiveMessageFromAsync(buffer.AsMemory(), Any()).AsTask()),
            () => TellAsync(socket.ReceiveMessageFromAsync(buffer.AsMemory(), SocketFlags.None, Any()).AsTask()),
        ];

        foreach (Func<Task<(int Count, EndPoint Remote)>> receive in forms)
        {
            buffer.AsSpan().Clear();
            remote = Any();
            address = new SocketAddress(AddressFamily.InterNetwork);
            peer.Send(s_four, socket.LocalIPEndPoint());
            (int count, EndPoint from) = await receive().Soon();
            Assert.Equal(4, count);
            Assert.Equal(s_four, buffer[..4]);
            Assert.Equal(peer.LocalEndPoint(), from);
        }

        Assert.Equal(SocketFlags.None, flags);
    }

    [Fact]
    public async Task ReceiveMessageFrom_EachForm_TellsWhereToAndWhetherItWasCut()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        byte[] buffer = new byte[3];
        EndPoint remote = Any();
        SocketFlags flags = SocketFlags.None;
        Func<Task<(SocketFlags Flags, IPPacketInformation Information)>>[] forms =
        [
            () =>
            {
                socket.ReceiveMessageFrom(buffer, 0, 2, ref flags, ref remote, out IPPacketInformation information);
                return Task.FromResult((flags, information));
            },
            () =>
            {
                socket.ReceiveMessageFrom(buffer.AsSpan(), ref flags, ref remote, out IPPacketInformation information);
                return Task.FromResult((flags, information));
            },
            async () => Cut(await socket.ReceiveMessageFromAsync(new ArraySegment<byte>(buffer), Any())),
            async () => Cut(await socket.ReceiveMessageFromAsync(buffer.AsMemory(), Any())),
        ];

        foreach (Func<Task<(SocketFlags Flags, IPPacketInformation Information)>> receive in forms)
        {
            flags = SocketFlags.None;
            peer.Send(s_four, socket.LocalIPEndPoint());
            (SocketFlags told, IPPacketInformation information) = await receive().Soon();
            Assert.Equal(SocketFlags.Truncated, told);
            Assert.Equal(binding.Here.Address, information.Address);
        }
    }

    [Fact]
    public async Task Receive_Peek_LeavesTheDatagram()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        byte[] buffer = new byte[3];
        ArraySegment<byte>[] scattered = [new(buffer, 0, 1), new(buffer, 1, 2)];
        peer.Send(s_four, socket.LocalIPEndPoint());

        Assert.Equal(3, socket.Receive(buffer, SocketFlags.Peek));
        Assert.Equal(3, socket.Receive(scattered, SocketFlags.Peek));
        Assert.Equal(3, await socket.ReceiveAsync(scattered, SocketFlags.Peek).Soon());
        Assert.Equal(4, socket.Available);
        Assert.Equal(4, socket.Receive(scattered, SocketFlags.Truncated));
        Assert.Equal(s_four[..3], buffer);
        Assert.Equal(0, socket.Available);
    }

    private async Task AllReceiveAsync(Func<ISocketUnderTest, byte[], Task<int>>[] forms, int offset)
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        foreach (Func<ISocketUnderTest, byte[], Task<int>> receive in forms)
        {
            byte[] buffer = new byte[7];
            peer.Send(s_four, socket.LocalIPEndPoint());
            Assert.Equal(4, await receive(socket, buffer).Soon());
            Assert.Equal([.. new byte[offset], .. s_four, .. new byte[3 - offset]], buffer);
        }
    }

    private static async Task AllArriveAsync(Func<ISocketUnderTest, Task<int>>[] forms, ISocketUnderTest socket, IUdpClientUnderTest peer)
    {
        foreach (Func<ISocketUnderTest, Task<int>> send in forms)
        {
            Assert.Equal(4, await send(socket).Soon());
            UdpReceiveResult received = await peer.ReceiveAsync().Soon();
            Assert.Equal(s_four, received.Buffer);
            Assert.Equal(socket.LocalIPEndPoint().Port, received.RemoteEndPoint.Port);
        }
    }

    private static int Good(int count, SocketError error)
    {
        Assert.Equal(SocketError.Success, error);
        return count;
    }

    private static ArraySegment<byte>[] Scattered(byte[] buffer) => [new(buffer, 2, 1), ArraySegment<byte>.Empty, new(buffer, 3, 4)];

    private static async Task<(int Count, EndPoint Remote)> TellAsync(Task<SocketReceiveFromResult> receiving)
    {
        SocketReceiveFromResult received = await receiving;
        return (received.ReceivedBytes, received.RemoteEndPoint);
    }

    private static async Task<(int Count, EndPoint Remote)> TellAsync(Task<SocketReceiveMessageFromResult> receiving)
    {
        SocketReceiveMessageFromResult received = await receiving;
        return (received.ReceivedBytes, received.RemoteEndPoint);
    }

    private static (SocketFlags Flags, IPPacketInformation Information) Cut(SocketReceiveMessageFromResult result) =>
        (result.SocketFlags, result.PacketInformation);

    private static IPEndPoint Any() => new(IPAddress.Any, 0);
}

public sealed class KernelSocketFormsTests(KernelBinding binding) : SocketFormsContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketFormsTests(LoopbackBinding binding) : SocketFormsContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketFormsTests(PairBinding binding) : SocketFormsContract(binding), IClassFixture<PairBinding>;

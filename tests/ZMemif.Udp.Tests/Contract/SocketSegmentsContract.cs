using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>One datagram from, or into, a list of segments (contract §7, §8).</summary>
public abstract class SocketSegmentsContract(UdpBinding binding)
{
    private static readonly byte[] s_ten = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

    [Fact]
    public async Task Send_NoPeer_NeedsADestination()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        ArraySegment<byte>[] one = [new byte[1]];

        Refusal.Is(SocketError.DestinationAddressRequired, () => socket.Send(one));
        Assert.Equal(0, socket.Send(one, SocketFlags.None, out SocketError error));
        Assert.Equal(SocketError.DestinationAddressRequired, error);
        await Refusal.ComesAsync(SocketError.DestinationAddressRequired, socket.SendAsync(one));
        Assert.False(socket.IsBound);
    }

    [Fact]
    public async Task Send_TooManySegments_IsTooLong()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(peer.LocalEndPoint());
        ArraySegment<byte>[] most = [.. Enumerable.Range(0, 1024).Select(i => new ArraySegment<byte>([(byte)i]))];
        ArraySegment<byte>[] tooMany = [.. most, new byte[1]];

        Assert.Equal(1024, socket.Send(most));
        Assert.Equal(1024, await socket.SendAsync(most).Soon());
        Assert.Equal(0, socket.Send(tooMany, SocketFlags.None, out SocketError error));
        Assert.Equal(SocketError.MessageSize, error);
        await Refusal.ComesAsync(SocketError.MessageSize, socket.SendAsync(tooMany));
        Assert.False(socket.Connected);

        byte[] whole = [.. most.Select(segment => segment[0])];
        Assert.Equal(whole, (await peer.ReceiveAsync().Soon()).Buffer);
        Assert.Equal(whole, (await peer.ReceiveAsync().Soon()).Buffer);
    }

    [Theory]
    [InlineData(65_507, SocketError.Success)]
    [InlineData(65_508, SocketError.MessageSize)]
    [InlineData(65_536, SocketError.MessageSize)]
    [InlineData(200_000, SocketError.MessageSize)]
    public void Send_LongSegments_AreOneDatagramOrNone(int length, SocketError expected)
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.UnboundSocket();
        socket.Connect(peer.LocalEndPoint());
        byte[] payload = new byte[length];
        new Random(length).NextBytes(payload);

        ArraySegment<byte>[] two = [new(payload, 0, 7), new(payload, 7, length - 7)];

        int sent = socket.Send(two, SocketFlags.None, out SocketError error);

        Assert.Equal(expected, error);
        Assert.Equal(expected == SocketError.Success ? length : 0, sent);
        if (expected == SocketError.Success)
        {
            IPEndPoint? remote = null;
            Assert.Equal(payload, peer.Receive(ref remote));
        }
    }

    [Fact]
    public async Task Receive_SegmentsTooSmall_AreFilledInTurnAndTheRestIsLost()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        byte[] first = new byte[2];
        byte[] second = new byte[3];
        peer.Send(s_ten, socket.LocalIPEndPoint());
        peer.Send(s_ten, socket.LocalIPEndPoint());

        Assert.Equal(5, socket.Receive([first, second]));
        Assert.Equal([0, 1, 2, 3, 4], [.. first, .. second]);
        Assert.Equal(5, await socket.ReceiveAsync([second, first]).Soon());
        Assert.Equal([0, 1, 2, 3, 4], [.. second, .. first]);
        Assert.Equal(0, socket.Available);
    }

    [Fact]
    public void Receive_SegmentsTooLarge_KeepWhatTheyHadBehindTheDatagram()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        byte[] first = new byte[8];
        byte[] second = [7, 7, 7, 7];
        peer.Send(s_ten, socket.LocalIPEndPoint());

        Assert.Equal(10, socket.Receive([first, second]));

        Assert.Equal(s_ten[..8], first);
        Assert.Equal([8, 9, 7, 7], second);
    }

    [Fact]
    public async Task ReceiveAsync_ListChangedWhileItPends_GoesWhereItWasToGo()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        byte[] first = new byte[4];
        byte[] second = new byte[6];
        List<ArraySegment<byte>> list = [first, second];
        Task<int> pending = socket.ReceiveAsync(list);
        Assert.False(pending.IsCompleted);

        list.Clear();
        peer.Send(s_ten, socket.LocalIPEndPoint());

        Assert.Equal(10, await pending.Soon());
        Assert.Equal<byte>(s_ten, (byte[])[.. first, .. second]);
    }

    /// <summary>Unlike one buffer of no length, which leaves it.</summary>
    [Fact]
    public async Task Receive_NoRoomInAnySegment_LosesTheDatagram()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        ArraySegment<byte>[] nothing = [ArraySegment<byte>.Empty, new(s_ten, 3, 0)];
        ArraySegment<byte>[] single = [ArraySegment<byte>.Empty];
        Task<int> pending = socket.ReceiveAsync(nothing);
        Assert.False(pending.IsCompleted);
        for (byte i = 0; i < 5; i++)
            peer.Send([i], 1, socket.LocalIPEndPoint());
        byte[] buffer = new byte[1];

        Assert.Equal(0, await pending.Soon());
        Assert.Equal(0, socket.Receive(nothing, SocketFlags.Peek));
        Assert.Equal(0, socket.Receive(nothing));
        Assert.Equal(0, socket.Receive(single));
        Assert.Equal(0, await socket.ReceiveAsync(single).Soon());
        Assert.Equal(1, socket.Receive(buffer));
        Assert.Equal(4, buffer[0]);
    }

    /// <summary>Nothing is waited for, and nothing taken.</summary>
    [Theory]
    [InlineData(0, SocketError.MessageSize)]
    [InlineData(1024, SocketError.Success)]
    [InlineData(1025, SocketError.MessageSize)]
    public void Receive_ManySegments_AreTooManyUnlessTheNextDatagramNeedsFewer(int queued, SocketError expected)
    {
        Func<ISocketUnderTest, ArraySegment<byte>[], SocketError>[] forms = [Received, ReceivedAsync, ReceivedByEnd, ReceivedByEvent];
        foreach (Func<ISocketUnderTest, ArraySegment<byte>[], SocketError> receive in forms)
        {
            using IUdpClientUnderTest peer = binding.PeerClient();
            using ISocketUnderTest socket = binding.BoundSocket();
            byte[] received = new byte[1026];
            if (queued > 0)
                peer.Queue([.. Enumerable.Repeat((byte)7, queued)], socket);

            SocketError error = receive(socket, [.. received.Select((_, i) => new ArraySegment<byte>(received, i, 1))]);

            Assert.Equal(expected, error);
            Assert.Equal(expected == SocketError.Success ? queued : 0, received.Count(value => value == 7));
            Assert.Equal(expected == SocketError.Success ? 0 : queued, socket.Available);
        }
    }

    [Fact]
    public async Task Receive_NothingThere_FailsAsWithOneBuffer()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        ArraySegment<byte>[] two = [new byte[1], new byte[1]];
        socket.ReceiveTimeout = 20;

        Refusal.Is(SocketError.TimedOut, () => socket.Receive(two));
        socket.Blocking = false;
        Assert.Equal(0, socket.Receive(two, SocketFlags.None, out SocketError error));
        Assert.Equal(SocketError.WouldBlock, error);
        Task<int> pending = socket.ReceiveAsync(two);
        socket.Dispose();
        await Refusal.ComesAsync(SocketError.OperationAborted, pending);
    }

    private static SocketError Received(ISocketUnderTest socket, ArraySegment<byte>[] segments)
    {
        socket.Receive(segments, SocketFlags.None, out SocketError error);
        return error;
    }

    private static SocketError ReceivedAsync(ISocketUnderTest socket, ArraySegment<byte>[] segments)
    {
        Task<int> receiving = socket.ReceiveAsync(segments);
        Assert.True(receiving.IsCompleted);
        return receiving.Exception?.InnerException is SocketException failure ? failure.SocketErrorCode : SocketError.Success;
    }

    private static SocketError ReceivedByEnd(ISocketUnderTest socket, ArraySegment<byte>[] segments)
    {
        socket.BeginReceive(segments, SocketFlags.None, out SocketError error, null, null);
        return error;
    }

    private SocketError ReceivedByEvent(ISocketUnderTest socket, ArraySegment<byte>[] segments)
    {
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        e.BufferList = segments;
        Assert.False(socket.ReceiveAsync(e));
        return e.SocketError;
    }
}

public sealed class KernelSocketSegmentsTests(KernelBinding binding) : SocketSegmentsContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketSegmentsTests(LoopbackBinding binding) : SocketSegmentsContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketSegmentsTests(PairBinding binding) : SocketSegmentsContract(binding), IClassFixture<PairBinding>;

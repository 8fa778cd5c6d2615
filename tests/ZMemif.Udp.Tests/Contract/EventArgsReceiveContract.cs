using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Receiving by <c>SocketAsyncEventArgs</c> (contract §8, §14).</summary>
public abstract class EventArgsReceiveContract(UdpBinding binding)
{
    [Fact]
    public void ReceiveFromAsync_DatagramQueued_IsDoneAtOnceAndNamesTheSender()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(64, Any());
        EndPoint given = e.RemoteEndPoint!;
        peer.Queue("0123456789"u8, socket);

        e.AssertDone(socket.ReceiveFromAsync(e), SocketAsyncOperation.ReceiveFrom, 10);

        Assert.Equal("0123456789"u8, e.Buffer.AsSpan(0, 10));
        Assert.Equal(SocketFlags.None, e.SocketFlags);
        Assert.Equal(peer.LocalEndPoint(), e.RemoteEndPoint);
        Assert.NotSame(given, e.RemoteEndPoint);
        EndPoint first = e.RemoteEndPoint!;
        peer.Queue("again"u8, socket);
        e.AssertDone(socket.ReceiveFromAsync(e), SocketAsyncOperation.ReceiveFrom, 5);
        Assert.Same(first, e.RemoteEndPoint);
    }

    [Fact]
    public void ReceiveFromAsync_OtherSender_ReplacesTheEndPoint()
    {
        using IUdpClientUnderTest one = binding.PeerClient();
        using IUdpClientUnderTest other = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(64, Any());
        foreach (IUdpClientUnderTest sender in (IUdpClientUnderTest[])[one, other, one])
        {
            sender.Queue("x"u8, socket);

            e.AssertDone(socket.ReceiveFromAsync(e), SocketAsyncOperation.ReceiveFrom, 1);

            Assert.Equal(sender.LocalEndPoint(), e.RemoteEndPoint);
        }
    }

    [Fact]
    public async Task ReceiveFromAsync_NothingThere_PendsAndRaisesOnThePoolWithTheSocket()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(64, Any());
        bool isOnPool = false;
        e.OnRaised = () => isOnPool = Thread.CurrentThread.IsThreadPoolThread;

        Assert.True(socket.ReceiveFromAsync(e));
        Assert.Equal((SocketAsyncOperation.ReceiveFrom, SocketError.Success, 0), (e.LastOperation, e.SocketError, e.BytesTransferred));
        Assert.False(e.Raised.TryRead(out _));
        peer.Send("late"u8, socket.LocalIPEndPoint());

        Assert.True(socket.StandsFor(await e.NextRaised()));
        Assert.True(isOnPool);
        Assert.Equal((SocketError.Success, 4, SocketFlags.None), (e.SocketError, e.BytesTransferred, e.SocketFlags));
        Assert.Equal("late"u8, e.Buffer.AsSpan(0, 4));
        Assert.Equal(peer.LocalEndPoint(), e.RemoteEndPoint);
    }

    [Fact]
    public async Task ReceiveAsync_Truncated_SaysSoAndLosesTheRest()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(4);
        peer.Queue("0123456789"u8, socket);

        e.AssertDone(socket.ReceiveAsync(e), SocketAsyncOperation.Receive, 4);

        Assert.Equal(SocketFlags.Truncated, e.SocketFlags);
        Assert.Null(e.RemoteEndPoint);
        Assert.Equal(0, socket.NextLength());
        e.SocketFlags = SocketFlags.None;
        Assert.True(socket.ReceiveAsync(e));
        peer.Send("abcdefgh"u8, socket.LocalIPEndPoint());
        await e.NextRaised();
        Assert.Equal((4, SocketFlags.Truncated), (e.BytesTransferred, e.SocketFlags));
        Assert.Equal("abcd"u8, e.Buffer!);
    }

    [Fact]
    public void ReceiveAsync_FlagTruncatedGiven_TellsTheWholeLength()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(2);
        e.SocketFlags = SocketFlags.Truncated;
        peer.Queue("0123456789"u8, socket);

        e.AssertDone(socket.ReceiveAsync(e), SocketAsyncOperation.Receive, 10);
        Assert.Equal(SocketFlags.Truncated, e.SocketFlags);
    }

    [Fact]
    public void ReceiveAsync_PeekThenReceive_ResetsTheFlag()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(64);
        e.SocketFlags = SocketFlags.Peek;
        peer.Queue("0123456789"u8, socket);

        e.AssertDone(socket.ReceiveAsync(e), SocketAsyncOperation.Receive, 10);
        Assert.Equal((SocketFlags.None, 10), (e.SocketFlags, socket.NextLength()));
        e.AssertDone(socket.ReceiveAsync(e), SocketAsyncOperation.Receive, 10);
        Assert.Equal((SocketFlags.None, 0), (e.SocketFlags, socket.NextLength()));
    }

    [Fact]
    public async Task ReceiveAsync_PeekPending_LeavesWhatComes()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(4);
        e.SocketFlags = SocketFlags.Peek;

        Assert.True(socket.ReceiveAsync(e));
        peer.Send("0123456789"u8, socket.LocalIPEndPoint());

        await e.NextRaised();
        Assert.Equal((SocketError.Success, 4, SocketFlags.Truncated), (e.SocketError, e.BytesTransferred, e.SocketFlags));
        Assert.Equal("0123"u8, e.Buffer!);
        Assert.Equal(10, socket.NextLength());
    }

    [Fact]
    public async Task ReceiveFromAsync_NoBuffer_WaitsForADatagramAndLeavesIt()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        e.RemoteEndPoint = Any();

        Assert.True(socket.ReceiveFromAsync(e));
        peer.Send("0123456789"u8, socket.LocalIPEndPoint());

        await e.NextRaised();
        Assert.Equal((SocketError.Success, 0, 10), (e.SocketError, e.BytesTransferred, socket.NextLength()));
        e.AssertDone(socket.ReceiveFromAsync(e), SocketAsyncOperation.ReceiveFrom, 0);
        Assert.Equal(SocketFlags.Truncated, e.SocketFlags & SocketFlags.Truncated);
        Assert.Equal(10, socket.NextLength());
    }

    [Fact]
    public async Task ReceiveMessageFromAsync_NamesSenderAndDestination()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs([4, 4], Any());
        for (int i = 0; i < 2; i++)
        {
            Assert.True(socket.ReceiveMessageFromAsync(e));
            peer.Send("0123456789"u8, socket.LocalIPEndPoint());

            await e.NextRaised();
            Assert.Equal((SocketAsyncOperation.ReceiveMessageFrom, 8, SocketFlags.Truncated), (e.LastOperation, e.BytesTransferred, e.SocketFlags));
            Assert.Equal(peer.LocalEndPoint(), e.RemoteEndPoint);
            Assert.Equal(binding.Here.Address, e.ReceiveMessageFromPacketInfo.Address);
            e.SocketFlags = SocketFlags.None;
        }

        peer.Queue("short"u8, socket);
        e.AssertDone(socket.ReceiveMessageFromAsync(e), SocketAsyncOperation.ReceiveMessageFrom, 5);
        Assert.Equal(SocketFlags.None, e.SocketFlags);
        Assert.Equal(binding.Here.Address, e.ReceiveMessageFromPacketInfo.Address);
    }

    [Fact]
    public async Task ReceiveFromAsync_BufferList_IsScattered()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs([3, 0, 4, 60], Any());
        peer.Queue("0123456789"u8, socket);

        e.AssertDone(socket.ReceiveFromAsync(e), SocketAsyncOperation.ReceiveFrom, 10);
        Assert.Equal(["012", "", "3456", "789"], Texts(e));
        Assert.True(socket.ReceiveFromAsync(e));
        peer.Send("abcd"u8, socket.LocalIPEndPoint());
        await e.NextRaised();
        Assert.Equal(["abc", "", "d456", "789"], Texts(e));
        Assert.Equal(4, e.BytesTransferred);
    }

    [Fact]
    public void ReceiveAsync_BufferListChangedAfterwards_WritesWhereItWasSet()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        byte[] first = new byte[2];
        byte[] second = new byte[2];
        List<ArraySegment<byte>> list = [first, second];
        e.BufferList = list;
        list.Clear();
        peer.Queue("abcd"u8, socket);

        e.AssertDone(socket.ReceiveAsync(e), SocketAsyncOperation.Receive, 4);

        Assert.Equal("ab"u8, first);
        Assert.Equal("cd"u8, second);
    }

    [Fact]
    public void ReceiveAsync_PartOfArray_WritesOnlyThere()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(8);
        e.SetBuffer(2, 3);
        peer.Queue("0123456789"u8, socket);

        e.AssertDone(socket.ReceiveAsync(e), SocketAsyncOperation.Receive, 3);

        Assert.Equal([0, 0, (byte)'0', (byte)'1', (byte)'2', 0, 0, 0], e.Buffer);
    }

    [Fact]
    public void ReceiveAsync_ManySegments_AreTooManyUnlessADatagramNeedsFewer()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs([.. Enumerable.Repeat(1, 1025)]);

        e.AssertFailed(socket.ReceiveAsync(e), SocketAsyncOperation.Receive, SocketError.MessageSize);
        peer.Queue("abcd"u8, socket);
        e.AssertDone(socket.ReceiveAsync(e), SocketAsyncOperation.Receive, 4);

        Assert.Equal("abcd", string.Concat(Texts(e)));
    }

    [Fact]
    public void ReceiveAsync_UnknownFlags_FailsAndTakesNothing()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest unknown = binding.EventArgs(4);
        unknown.SocketFlags = SocketFlags.Partial;
        peer.Queue("kept"u8, socket);

        unknown.AssertFailed(socket.ReceiveAsync(unknown), SocketAsyncOperation.Receive, SocketError.OperationNotSupported);

        Assert.Equal(4, socket.NextLength());
    }

    [Fact]
    public async Task ReceiveAsync_SeveralPending_AreServedInOrder()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        IEventArgsUnderTest[] pending = [.. Enumerable.Range(0, 16).Select(_ => binding.EventArgs(1))];
        Assert.All(pending, e => Assert.True(socket.ReceiveAsync(e)));

        for (byte i = 0; i < pending.Length; i++)
            peer.Send([i], 1, socket.LocalIPEndPoint());

        for (int i = 0; i < pending.Length; i++)
        {
            await pending[i].NextRaised();
            Assert.Equal([(byte)i], pending[i].Buffer!);
        }
    }

    [Fact]
    public void ReceiveFromAsync_UnusableEndPoint_IsRefused()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        foreach (EndPoint? unusable in (EndPoint?[])[null, new IPEndPoint(IPAddress.IPv6Any, 0), new DnsEndPoint("localhost", 0)])
        {
            using IEventArgsUnderTest e = binding.EventArgs(4, unusable);

            Assert.Throws<ArgumentException>("e", () => socket.ReceiveFromAsync(e));
            Assert.Throws<ArgumentException>("e", () => socket.ReceiveMessageFromAsync(e));
        }

        Assert.Throws<ArgumentNullException>("e", () => socket.ReceiveAsync(e: null));
        Assert.Throws<ArgumentNullException>("e", () => socket.ReceiveFromAsync(e: null));
        Assert.Throws<ArgumentNullException>("e", () => socket.ReceiveMessageFromAsync(e: null));
    }

    [Fact]
    public async Task ReceiveFromAsync_NotBound_Pends()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(4, Any());

        Assert.True(socket.ReceiveFromAsync(e));
        socket.Dispose();

        await e.NextRaised();
        Assert.Equal(SocketError.OperationAborted, e.SocketError);
    }

    [Fact]
    public async Task ReceiveFromAsync_PeerHasNoSuchPort_EndsRefusedAndNotConnected()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        IPEndPoint closed;
        using (IUdpClientUnderTest peer = binding.PeerClient())
            closed = peer.LocalEndPoint();
        socket.Connect(closed);
        using IEventArgsUnderTest e = binding.EventArgs(4, Any());
        Assert.True(socket.ReceiveFromAsync(e));

        socket.Send("anybody?"u8);

        await e.NextRaised();
        Assert.Equal((SocketError.ConnectionRefused, 0), (e.SocketError, e.BytesTransferred));
        Assert.Equal(Any(), e.RemoteEndPoint);
        Assert.False(socket.Connected);
    }

    [Fact]
    public async Task ReceiveAsync_NoBufferAndPeerHasNoSuchPort_Ends()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        IPEndPoint closed;
        using (IUdpClientUnderTest peer = binding.PeerClient())
            closed = peer.LocalEndPoint();
        socket.Connect(closed);
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs();
        Assert.True(socket.ReceiveAsync(e));

        socket.Send("anybody?"u8);

        await e.NextRaised();
        Assert.Equal(0, e.BytesTransferred);
    }

    private static IPEndPoint Any() => new(IPAddress.Any, 0);

    private static string[] Texts(IEventArgsUnderTest e) =>
        [.. e.BufferList!.Select(segment => System.Text.Encoding.ASCII.GetString(segment).TrimEnd('\0'))];
}

public sealed class KernelEventArgsReceiveTests(KernelBinding binding) : EventArgsReceiveContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackEventArgsReceiveTests(LoopbackBinding binding) : EventArgsReceiveContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairEventArgsReceiveTests(PairBinding binding) : EventArgsReceiveContract(binding), IClassFixture<PairBinding>;

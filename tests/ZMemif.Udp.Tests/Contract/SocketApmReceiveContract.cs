using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Receiving by Begin and End (contract §15).</summary>
public abstract class SocketApmReceiveContract(UdpBinding binding)
{
    private const int Rounds = 20;

    [Fact]
    public void BeginReceiveFrom_DatagramQueued_IsDoneAtOnceAndNamesTheSender()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        peer.Queue("0123456789"u8, socket);
        byte[] buffer = new byte[16];
        EndPoint remote = Any();
        IAsyncResult? calledBack = null;

        IAsyncResult result = socket.BeginReceiveFrom(buffer, 2, 14, SocketFlags.None, ref remote, found => calledBack = found, "state");

        Assert.Same(result, calledBack);
        Assert.True(result.CompletedSynchronously);
        Assert.True(result.IsCompleted);
        Assert.Equal("state", result.AsyncState);
        Assert.IsNotType<Task>(result, exactMatch: false);
        Assert.Equal(peer.LocalEndPoint(), remote);
        EndPoint end = Any();
        Assert.Equal(10, socket.EndReceiveFrom(result, ref end));
        Assert.Equal(10, socket.EndReceiveFrom(result, ref end));
        Assert.Equal(peer.LocalEndPoint(), end);
        Assert.Equal("0123456789"u8, buffer.AsSpan(2, 10));
    }

    [Fact]
    public async Task BeginReceiveFrom_NothingThere_CallsBackOnThePoolInTheCallersContext()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        var local = new AsyncLocal<int> { Value = 42 };
        var calledBack = new TaskCompletionSource<(IAsyncResult Result, int Local, bool IsOnPool)>(TaskCreationOptions.RunContinuationsAsynchronously);
        EndPoint remote = Any();

        IAsyncResult result = socket.BeginReceiveFrom(
            new byte[16], 0, 16, SocketFlags.None, ref remote, found => calledBack.SetResult((found, local.Value, Thread.CurrentThread.IsThreadPoolThread)), null);
        local.Value = 43;
        Assert.False(result.IsCompleted);
        peer.Send("0123456789"u8, socket.LocalIPEndPoint());

        Assert.Equal((result, 42, true), await calledBack.Task.Soon());
        Assert.False(result.CompletedSynchronously);
        Assert.Equal(Any(), remote);
        Assert.Equal(10, socket.EndReceiveFrom(result, ref remote));
        Assert.Equal(peer.LocalEndPoint(), remote);
    }

    [Fact]
    public void BeginReceive_EndWaits()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        byte[] buffer = new byte[4];
        IAsyncResult first = socket.BeginReceive(buffer, 0, 4, SocketFlags.None, null, null);
        IAsyncResult? second = socket.BeginReceive(new byte[16], 0, 16, SocketFlags.None, out SocketError error, null, null);
        Assert.Equal(SocketError.Success, error);

        peer.Send("0123456789"u8, socket.LocalIPEndPoint());
        peer.Send("next"u8, socket.LocalIPEndPoint());

        Assert.Equal(4, socket.EndReceive(first));
        Assert.Equal("0123"u8, buffer);
        Assert.True(second!.AsyncWaitHandle.WaitOne(UdpBinding.Patience));
        Assert.Equal(4, socket.EndReceive(second, out error));
        Assert.Equal(SocketError.Success, error);
    }

    [Fact]
    public void BeginReceive_List_IsScattered()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        byte[] one = new byte[3];
        byte[] two = new byte[16];
        List<ArraySegment<byte>> list = [one, two];
        IAsyncResult pending = socket.BeginReceive(list, SocketFlags.None, null, null);
        peer.Send("0123456789"u8, socket.LocalIPEndPoint());
        Assert.Equal(10, socket.EndReceive(pending));
        Assert.Equal("012"u8, one);
        Assert.Equal("3456789"u8, two.AsSpan(0, 7));
        peer.Queue("abcd"u8, socket);

        IAsyncResult? done = socket.BeginReceive(list, SocketFlags.None, out SocketError error, null, null);

        Assert.Equal(SocketError.Success, error);
        Assert.True(done!.CompletedSynchronously);
        Assert.Equal(4, socket.EndReceive(done));
        Assert.Equal("abc"u8, one);
        Assert.Equal((byte)'d', two[0]);
    }

    [Fact]
    public void BeginReceiveMessageFrom_PendingAndTruncated_TellsAll()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        EndPoint remote = Any();
        IAsyncResult pending = socket.BeginReceiveMessageFrom(new byte[16], 0, 16, SocketFlags.None, ref remote, null, null);
        peer.Send("0123456789"u8, socket.LocalIPEndPoint());
        SocketFlags flags = SocketFlags.None;

        Assert.Equal(10, socket.EndReceiveMessageFrom(pending, ref flags, ref remote, out IPPacketInformation information));

        Assert.Equal((SocketFlags.None, binding.Here.Address), (flags, information.Address));
        Assert.Equal(peer.LocalEndPoint(), remote);
        peer.Queue("0123456789"u8, socket);
        EndPoint atOnce = Any();
        IAsyncResult done = socket.BeginReceiveMessageFrom(new byte[4], 0, 4, SocketFlags.None, ref atOnce, null, null);
        Assert.Equal(peer.LocalEndPoint(), atOnce);
        Assert.Equal(4, socket.EndReceiveMessageFrom(done, ref flags, ref atOnce, out _));
        Assert.Equal(SocketFlags.Truncated, flags);
    }

    [Fact]
    public void BeginReceive_UnusableArguments_AreRefused()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        EndPoint any = Any();

        Assert.Throws<ArgumentNullException>("buffer", () => socket.BeginReceive((byte[])null!, 0, 0, SocketFlags.None, null, null));
        Assert.Throws<ArgumentOutOfRangeException>("offset", () => socket.BeginReceive(new byte[2], 3, 0, SocketFlags.None, null, null));
        Assert.Throws<ArgumentOutOfRangeException>("offset", () => socket.BeginReceive(new byte[2], -1, 3, SocketFlags.None, out _, null, null));
        Assert.Throws<ArgumentOutOfRangeException>("size", () => socket.BeginReceive(new byte[2], 0, 3, SocketFlags.None, null, null));
        Assert.Throws<ArgumentNullException>("buffers", () => socket.BeginReceive(null!, SocketFlags.None, null, null));
        Assert.Throws<ArgumentException>("buffers", () => socket.BeginReceive([], SocketFlags.None, null, null));
        Assert.Throws<ArgumentNullException>("segment", () => socket.BeginReceive([default], SocketFlags.None, null, null));
        Assert.Throws<ArgumentNullException>("buffer", () => socket.BeginReceiveFrom(null!, 0, 0, SocketFlags.None, ref any, null, null));
        foreach (EndPoint? unusable in (EndPoint?[])[null, new IPEndPoint(IPAddress.IPv6Any, 0), new DnsEndPoint("localhost", 0)])
        {
            EndPoint remote = unusable!;
            Assert.Equal("remoteEP", Assert.ThrowsAny<ArgumentException>(
                () => socket.BeginReceiveFrom(new byte[1], 0, 1, SocketFlags.None, ref remote, null, null)).ParamName);
            Assert.Equal("remoteEP", Assert.ThrowsAny<ArgumentException>(
                () => socket.BeginReceiveMessageFrom(new byte[1], 0, 1, SocketFlags.None, ref remote, null, null)).ParamName);
        }
    }

    [Fact]
    public void BeginReceive_NotBound_OnlyThoseThatNameTheSenderRefuse()
    {
        using ISocketUnderTest socket = binding.UnboundSocket();
        EndPoint any = Any();

        Assert.False(socket.BeginReceive(new byte[1], 0, 1, SocketFlags.None, null, null).IsCompleted);
        Assert.Throws<InvalidOperationException>(() => socket.BeginReceiveFrom(new byte[1], 0, 1, SocketFlags.None, ref any, null, null));
        Assert.Throws<InvalidOperationException>(() => socket.BeginReceiveMessageFrom(new byte[1], 0, 1, SocketFlags.None, ref any, null, null));
    }

    [Fact]
    public void BeginReceive_FailsAtOnce_HasNoResultIfTheErrorIsAskedFor()
    {
        using ISocketUnderTest socket = binding.BoundSocket();

        Assert.Null(socket.BeginReceive(new byte[1], 0, 1, SocketFlags.Partial, out SocketError error, null, null));
        Assert.Equal(SocketError.OperationNotSupported, error);
        Assert.Null(socket.BeginReceive([new byte[1]], SocketFlags.Partial, out error, null, null));
        Assert.Equal(SocketError.OperationNotSupported, error);
        Assert.Null(socket.BeginReceive([.. Enumerable.Repeat(new ArraySegment<byte>(new byte[1]), 1025)], SocketFlags.None, out error, null, null));
        Assert.Equal(SocketError.MessageSize, error);
        IAsyncResult result = socket.BeginReceive(new byte[1], 0, 1, SocketFlags.Partial, null, null);
        Refusal.Is(SocketError.OperationNotSupported, () => socket.EndReceive(result));
        Assert.Equal(0, socket.EndReceive(result, out error));
        Assert.Equal(SocketError.OperationNotSupported, error);
    }

    [Fact]
    public void EndReceive_OtherResult_IsRefused()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        EndPoint any = Any();
        EndPoint otherFamily = new IPEndPoint(IPAddress.IPv6Any, 0);
        EndPoint nothing = null!;
        SocketFlags flags = SocketFlags.None;
        IAsyncResult own = socket.BeginReceive(new byte[1], 0, 1, SocketFlags.None, null, null);
        foreach (IAsyncResult? other in (IAsyncResult?[])[null, Task.CompletedTask, own])
        {
            Assert.Equal("asyncResult", Assert.ThrowsAny<ArgumentException>(() => socket.EndReceiveFrom(other!, ref any)).ParamName);
            Assert.Equal("asyncResult", Assert.ThrowsAny<ArgumentException>(() => socket.EndReceiveMessageFrom(other!, ref flags, ref any, out _)).ParamName);
            if (other == own)
                continue;
            Assert.Equal("asyncResult", Assert.ThrowsAny<ArgumentException>(() => socket.EndReceive(other!)).ParamName);
            Assert.Equal("asyncResult", Assert.ThrowsAny<ArgumentException>(() => socket.EndReceive(other!, out _)).ParamName);
        }

        Assert.Throws<ArgumentNullException>("endPoint", () => socket.EndReceiveFrom(null!, ref nothing));
        Assert.Throws<ArgumentException>("endPoint", () => socket.EndReceiveFrom(own, ref otherFamily));
        Assert.Throws<ArgumentNullException>("endPoint", () => socket.EndReceiveMessageFrom(null!, ref flags, ref nothing, out _));
        Assert.Throws<ArgumentException>("endPoint", () => socket.EndReceiveMessageFrom(own, ref flags, ref otherFamily, out _));
    }

    [Fact]
    public async Task Close_ReceivesPending_CallBackAndAreAborted()
    {
        for (int round = 0; round < Rounds; round++)
        {
            ISocketUnderTest socket = binding.BoundSocket();
            EndPoint remote = Any();
            SocketFlags flags = SocketFlags.None;
            int callBacks = 0;
            var allCalledBack = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            AsyncCallback callback = _ =>
            {
                if (Interlocked.Increment(ref callBacks) == 4)
                    allCalledBack.SetResult(4);
            };
            IAsyncResult plain = socket.BeginReceive(new byte[4], 0, 4, SocketFlags.None, callback, null);
            IAsyncResult list = socket.BeginReceive([new byte[4], new byte[4]], SocketFlags.None, callback, null);
            IAsyncResult from = socket.BeginReceiveFrom(new byte[4], 0, 4, SocketFlags.None, ref remote, callback, null);
            IAsyncResult message = socket.BeginReceiveMessageFrom(new byte[4], 0, 4, SocketFlags.None, ref remote, callback, null);

            socket.Close();

            await allCalledBack.Task.Soon();
            Refusal.Is(SocketError.OperationAborted, () => socket.EndReceive(plain));
            Assert.Equal(0, socket.EndReceive(list, out SocketError error));
            Assert.Equal(SocketError.OperationAborted, error);
            Refusal.Is(SocketError.OperationAborted, () => socket.EndReceiveFrom(from, ref remote));
            Refusal.Is(SocketError.OperationAborted, () => socket.EndReceiveMessageFrom(message, ref flags, ref remote, out _));
        }
    }

    private static IPEndPoint Any() => new(IPAddress.Any, 0);
}

public sealed class KernelSocketApmReceiveTests(KernelBinding binding) : SocketApmReceiveContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketApmReceiveTests(LoopbackBinding binding) : SocketApmReceiveContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketApmReceiveTests(PairBinding binding) : SocketApmReceiveContract(binding), IClassFixture<PairBinding>;

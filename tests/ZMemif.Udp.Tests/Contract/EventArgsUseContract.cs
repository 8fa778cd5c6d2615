using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>One operation at a time, execution contexts, and ends: of the arguments and of the socket (contract §12, §14).</summary>
public abstract class EventArgsUseContract(UdpBinding binding)
{
    private const int Rounds = 20;

    [Fact]
    public async Task Pending_SecondUse_IsRefused()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(4, new IPEndPoint(IPAddress.Any, 0));
        Assert.True(socket.ReceiveFromAsync(e));
        Action[] uses =
        [
            () => socket.ReceiveAsync(e),
            () => socket.SendToAsync(e),
            () => e.SetBuffer(0, 0),
            () => e.SetBuffer(null, 0, 0),
            () => e.SetBuffer(Memory<byte>.Empty),
            () => e.BufferList = null,
            () => e.SendPacketsElements = null,
        ];

        Assert.All(uses, use => Assert.Throws<InvalidOperationException>(use));

        peer.Send("late"u8, socket.LocalIPEndPoint());
        await e.NextRaised();
        Assert.Equal((SocketError.Success, 4), (e.SocketError, e.BytesTransferred));
        e.SetBuffer(0, 2);
    }

    [Fact]
    public async Task Completed_UsedAgainFromWithin_GoesOn()
    {
        const int Datagrams = 1000;
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.EventArgs(4);
        int received = 0;
        var isDone = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        e.OnRaised = () =>
        {
            do
            {
                if (++received == Datagrams)
                {
                    isDone.SetResult(received);
                    return;
                }
            }
            while (!socket.ReceiveAsync(e));
        };
        Assert.True(socket.ReceiveAsync(e));

        for (int i = 0; i < Datagrams; i++)
        {
            peer.Send("x"u8, socket.LocalIPEndPoint());
            while (i - Volatile.Read(ref received) > 100)
                Thread.Yield();
        }

        Assert.Equal(Datagrams, await isDone.Task.Soon());
    }

    [Fact]
    public void Disposed_IsNotUsedAgain()
    {
        using ISocketUnderTest socket = binding.BoundSocket();
        IEventArgsUnderTest e = binding.EventArgs(4, new IPEndPoint(binding.There.Address, 9));
        e.Dispose();
        e.Dispose();
        Action[] uses =
        [
            () => socket.ReceiveAsync(e),
            () => socket.ReceiveFromAsync(e),
            () => socket.SendToAsync(e),
            () => socket.ConnectAsync(e),
            () => socket.DisconnectAsync(e),
            () => e.SetBuffer(null, 0, 0),
            () => e.BufferList = null,
            () => e.SendPacketsElements = null,
        ];

        Assert.All(uses, use => Assert.Throws<ObjectDisposedException>(use));
        e.RemoteEndPoint = null;
        e.SocketFlags = SocketFlags.Peek;
        e.UserToken = this;
        Assert.Same(this, e.UserToken);
    }

    [Fact]
    public async Task Dispose_WhilePending_IsPutOff()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        IEventArgsUnderTest e = binding.EventArgs(4);
        Assert.True(socket.ReceiveAsync(e));

        e.Dispose();
        peer.Send("late"u8, socket.LocalIPEndPoint());

        await e.NextRaised();
        Assert.Equal((SocketError.Success, 4), (e.SocketError, e.BytesTransferred));
        Assert.Throws<ObjectDisposedException>(() => socket.ReceiveAsync(e));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Completed_RunsInTheCallersContextUnlessSuppressed(bool suppressContext)
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using ISocketUnderTest socket = binding.BoundSocket();
        using IEventArgsUnderTest e = binding.Here.CreateEventArgs(suppressContext);
        e.SetBuffer(new byte[4]);
        var local = new AsyncLocal<int> { Value = 42 };
        int seen = -1;
        e.OnRaised = () => seen = local.Value;

        Assert.True(socket.ReceiveAsync(e));
        local.Value = 43;
        peer.Send("late"u8, socket.LocalIPEndPoint());

        await e.NextRaised();
        Assert.Equal(suppressContext ? 0 : 42, seen);
    }

    [Fact]
    public async Task Close_ReceivesPending_AreAborted()
    {
        for (int round = 0; round < Rounds; round++)
        {
            ISocketUnderTest socket = binding.BoundSocket();
            IEventArgsUnderTest[] pending =
            [
                binding.EventArgs(4),
                binding.EventArgs(4, new IPEndPoint(IPAddress.Any, 0)),
                binding.EventArgs([4, 4], new IPEndPoint(IPAddress.Any, 0)),
                binding.EventArgs(0),
            ];
            Assert.True(socket.ReceiveAsync(pending[0]));
            Assert.True(socket.ReceiveFromAsync(pending[1]));
            Assert.True(socket.ReceiveMessageFromAsync(pending[2]));
            Assert.True(socket.ReceiveAsync(pending[3]));

            socket.Close();

            foreach (IEventArgsUnderTest e in pending)
            {
                Assert.True(socket.StandsFor(await e.NextRaised()));
                Assert.Equal((SocketError.OperationAborted, 0, SocketFlags.None), (e.SocketError, e.BytesTransferred, e.SocketFlags));
                Assert.Throws<ObjectDisposedException>(() => socket.ReceiveAsync(e));
                e.Dispose();
            }
        }
    }

    [Fact]
    public async Task Close_WhileDatagramsPourIn_EndsEveryReceiveOnce()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        for (int round = 0; round < Rounds; round++)
        {
            ISocketUnderTest socket = binding.BoundSocket();
            IPEndPoint to = socket.LocalIPEndPoint();
            using var stop = new CancellationTokenSource();
            Task flood = Task.Run(() =>
            {
                while (!stop.IsCancellationRequested)
                    peer.Send("flood"u8, to);
            });
            IEventArgsUnderTest[] receives = [.. Enumerable.Range(0, 8).Select(_ => binding.EventArgs(8))];
            bool[] pending = [.. receives.Select(e => socket.ReceiveAsync(e))];

            socket.Close();

            for (int i = 0; i < receives.Length; i++)
            {
                if (pending[i])
                    await receives[i].NextRaised();
                Assert.True(receives[i].SocketError is SocketError.Success or SocketError.OperationAborted, $"{receives[i].SocketError}");
                Assert.False(receives[i].Raised.TryRead(out _));
                receives[i].Dispose();
            }

            await stop.CancelAsync();
            await flood.WaitAsync(UdpBinding.Patience);
        }
    }
}

public sealed class KernelEventArgsUseTests(KernelBinding binding) : EventArgsUseContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackEventArgsUseTests(LoopbackBinding binding) : EventArgsUseContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairEventArgsUseTests(PairBinding binding) : EventArgsUseContract(binding), IClassFixture<PairBinding>;

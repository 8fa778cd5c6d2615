using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary><c>UdpClient</c>'s Receive family (contract §5.4, §11).</summary>
public abstract class UdpClientReceiveContract(UdpBinding binding)
{
    [Fact]
    public void Receive_NeitherBoundNorSent_IsRefusedByTheCall()
    {
        using IUdpClientUnderTest client = binding.Here.CreateClient();
        IPEndPoint? remote = null;

        Assert.Throws<InvalidOperationException>(() => client.Receive(ref remote));
        Refusal.IsSync<InvalidOperationException>(() => client.ReceiveAsync());
        Refusal.IsSync<InvalidOperationException>(() => client.ReceiveAsync(CancellationToken.None).AsTask());
        Refusal.IsSync<InvalidOperationException>(() => client.ReceiveAsync(new CancellationToken(canceled: true)).AsTask());
    }

    [Fact]
    public void Receive_ADatagram_GivesExactlyItsBytesAndItsSender()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        var given = new IPEndPoint(IPAddress.Parse("1.2.3.4"), 5);
        IPEndPoint? remote = given;

        peer.Send("exactly these"u8, client.LocalEndPoint());

        Assert.Equal("exactly these"u8, client.Receive(ref remote));
        Assert.Equal(peer.LocalEndPoint(), remote);
        Assert.NotSame(given, remote);
        Assert.Equal("1.2.3.4:5", given.ToString());
    }

    [Fact]
    public void Receive_Twice_GivesFreshArraysAndEndPoints()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        IPEndPoint? first = null;
        IPEndPoint? second = null;
        peer.Send("one"u8, client.LocalEndPoint());
        peer.Send("two"u8, client.LocalEndPoint());

        byte[] one = client.Receive(ref first);
        byte[] two = client.Receive(ref second);

        Assert.Equal("one"u8, one);
        Assert.Equal("two"u8, two);
        Assert.Equal(first, second);
        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task Receive_EmptyDatagram_GivesAnEmptyArrayAndItsSender()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        IPEndPoint? remote = null;
        peer.Send([], client.LocalEndPoint());
        peer.Send([], client.LocalEndPoint());

        Assert.Empty(client.Receive(ref remote));
        Assert.Equal(peer.LocalEndPoint(), remote);

        UdpReceiveResult received = await client.ReceiveAsync().Soon();
        Assert.Empty(received.Buffer);
        Assert.Equal(peer.LocalEndPoint(), received.RemoteEndPoint);
    }

    [Fact]
    public async Task ReceiveAsync_DatagramWaits_IsCompleteOnReturn()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        peer.Send([1], client.LocalEndPoint());
        peer.Send([2], client.LocalEndPoint());
        await binding.SettleAsync();

        Task<UdpReceiveResult> task = client.ReceiveAsync();
        Assert.Equal(TaskStatus.RanToCompletion, task.Status);
        Assert.Equal([1], (await task).Buffer);

        ValueTask<UdpReceiveResult> valueTask = client.ReceiveAsync(CancellationToken.None);
        Assert.True(valueTask.IsCompletedSuccessfully);
        Assert.Equal([2], (await valueTask).Buffer);
    }

    [Fact]
    public async Task ReceiveAsync_SeveralPending_AreServedInOrder()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IDatagramSocketUnderTest client = binding.BoundSocket();
        byte[][] buffers = [new byte[4], new byte[4], new byte[4]];
        Task<int>[] pending = [.. buffers.Select(buffer => client.ReceiveAsync(buffer).AsTask())];
        Assert.All(pending, receive => Assert.False(receive.IsCompleted));

        foreach (byte i in (byte[])[1, 2, 3])
            peer.Send([i], client.LocalIPEndPoint());

        for (int i = 0; i < pending.Length; i++)
        {
            Assert.Equal(1, await pending[i].Soon());
            Assert.Equal(i + 1, buffers[i][0]);
        }
    }

    [Fact]
    public async Task ReceiveAsync_CancelledBefore_LeavesTheDatagram()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        peer.Send("kept"u8, client.LocalEndPoint());
        await binding.SettleAsync();
        var cancelled = new CancellationToken(canceled: true);

        ValueTask<UdpReceiveResult> receive = client.ReceiveAsync(cancelled);

        Assert.True(receive.IsCanceled);
        TaskCanceledException exception = await Assert.ThrowsAsync<TaskCanceledException>(() => receive.AsTask());
        Assert.Equal(cancelled, exception.CancellationToken);
        Assert.Equal("kept"u8.ToArray(), (await client.ReceiveAsync().Soon()).Buffer);
    }

    [Fact]
    public async Task ReceiveAsync_CancelledWhilePending_LeavesTheDatagramToTheNext()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        using var source = new CancellationTokenSource();
        Task<UdpReceiveResult> cancelled = client.ReceiveAsync(source.Token).AsTask();
        Task<UdpReceiveResult> next = client.ReceiveAsync();

        await source.CancelAsync();

        OperationCanceledException exception = await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled.Soon());
        Assert.Equal(source.Token, exception.CancellationToken);
        Assert.Equal(TaskStatus.Canceled, cancelled.Status);
        peer.Send("for the next"u8, client.LocalEndPoint());
        Assert.Equal("for the next"u8.ToArray(), (await next.Soon()).Buffer);
    }

    [Fact]
    public async Task ReceiveAsync_CancelledAgainAndAgain_LosesNothing()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();

        for (byte i = 0; i < 50; i++)
        {
            using var source = new CancellationTokenSource();
            Task<UdpReceiveResult> receive = client.ReceiveAsync(source.Token).AsTask();
            await source.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => receive.Soon());
            peer.Send([i], client.LocalEndPoint());
            Assert.Equal([i], (await client.ReceiveAsync().Soon()).Buffer);
        }
    }

    [Fact]
    public async Task ReceiveAsync_CancelRacesWithTheDatagram_OneOfTheTwoGetsIt()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        IPEndPoint to = client.LocalEndPoint();

        for (byte i = 0; i < 50; i++)
        {
            using var source = new CancellationTokenSource();
            Task<UdpReceiveResult> racing = client.ReceiveAsync(source.Token).AsTask();
            byte number = i;
            await Task.WhenAll(Task.Run(() => peer.Send([number], to)), source.CancelAsync());
            UdpReceiveResult received;
            try
            {
                received = await racing.Soon();
            }
            catch (OperationCanceledException)
            {
                received = await client.ReceiveAsync().Soon();
            }

            Assert.Equal([i], received.Buffer);
        }
    }

    [Fact]
    public async Task ReceiveAsync_Pending_CompletesOnAPoolThread()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        Task<bool> continued = ContinueAsync(client.ReceiveAsync(CancellationToken.None));

        peer.Send("go"u8, client.LocalEndPoint());

        Assert.True(await continued.Soon());

        static async Task<bool> ContinueAsync(ValueTask<UdpReceiveResult> receive)
        {
            await receive.ConfigureAwait(false);
            return Thread.CurrentThread.IsThreadPoolThread;
        }
    }

    [Fact]
    public void Receive_TimeIsUp_TimesOutAndWorksOn()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        client.Connect(peer.LocalEndPoint());
        client.Socket!.ReceiveTimeout = 20;
        IPEndPoint? remote = null;

        Refusal.Is(SocketError.TimedOut, () => client.Receive(ref remote));

        Assert.True(client.Socket.Connected);
        Assert.Equal(peer.LocalEndPoint(), client.Socket.RemoteEndPoint);
        client.Socket.ReceiveTimeout = (int)UdpBinding.Patience.TotalMilliseconds;
        peer.Send("late"u8, client.LocalEndPoint());
        Assert.Equal("late"u8, client.Receive(ref remote));
    }

    [Fact]
    public async Task ReceiveAsync_ReceiveTimeoutSet_IsNotBoundByIt()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        client.Socket!.ReceiveTimeout = 1;
        Task<UdpReceiveResult> pending = client.ReceiveAsync();
        using IUdpClientUnderTest clock = binding.BoundClient();
        clock.Socket!.ReceiveTimeout = 20;
        IPEndPoint? remote = null;
        Refusal.Is(SocketError.TimedOut, () => clock.Receive(ref remote));

        Assert.False(pending.IsCompleted);
        peer.Send("whenever"u8, client.LocalEndPoint());
        Assert.Equal("whenever"u8.ToArray(), (await pending.Soon()).Buffer);
    }

    [Fact]
    public async Task Receive_NotBlocking_WouldBlockWhileAsyncPends()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();
        client.Socket!.Blocking = false;
        IPEndPoint? remote = null;

        Refusal.Is(SocketError.WouldBlock, () => client.Receive(ref remote));
        Task<UdpReceiveResult> pending = client.ReceiveAsync();
        Assert.False(pending.IsCompleted);
        Assert.False(client.Socket.Blocking);

        peer.Send([1], client.LocalEndPoint());
        peer.Send([2], client.LocalEndPoint());
        Assert.Equal([1], (await pending.Soon()).Buffer);
        await binding.SettleAsync();
        Assert.Equal([2], client.Receive(ref remote));
    }

    [Fact]
    public async Task Send_WhileAReceivePends_IsFullDuplex()
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        using IUdpClientUnderTest client = binding.BoundClient();

        for (byte i = 0; i < 20; i++)
        {
            Task<UdpReceiveResult> answer = client.ReceiveAsync();
            client.Send([i], 1, peer.LocalEndPoint());
            UdpReceiveResult question = await peer.ReceiveAsync().Soon();
            peer.Send(question.Buffer, question.RemoteEndPoint);
            Assert.Equal([i], (await answer.Soon()).Buffer);
        }
    }
}

public sealed class KernelUdpClientReceiveTests(KernelBinding binding) : UdpClientReceiveContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackUdpClientReceiveTests(LoopbackBinding binding) : UdpClientReceiveContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairUdpClientReceiveTests(PairBinding binding) : UdpClientReceiveContract(binding), IClassFixture<PairBinding>;

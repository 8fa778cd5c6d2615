using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Contract;

/// <summary>Many at once: closing, threads, destinations, errors (contract §9, §12, §20).</summary>
public abstract class SocketStressContract(UdpBinding binding)
{
    private const int Closings = 20;

    private static readonly Dictionary<string, Func<ISocketUnderTest, int>> s_blocking = new()
    {
        ["Receive"] = socket => socket.Receive(new byte[8]),
        ["Receive into segments"] = socket => socket.Receive([new ArraySegment<byte>(new byte[8])]),
        ["ReceiveFrom"] = socket => socket.ReceiveFrom(new byte[8], ref Anybody()),
        ["ReceiveFrom a SocketAddress"] = socket => socket.ReceiveFrom(new byte[8], SocketFlags.None, new SocketAddress(AddressFamily.InterNetwork)),
        ["ReceiveMessageFrom"] = socket => socket.ReceiveMessageFrom(new byte[8], ref Flags(), ref Anybody(), out _),
        ["Poll"] = socket => socket.Poll(-1, SelectMode.SelectRead) ? 1 : 0,
        ["EndReceive"] = socket => socket.EndReceive(socket.BeginReceive(new byte[8], 0, 8, SocketFlags.None, null, null)!),
        ["EndReceiveFrom"] = socket => socket.EndReceiveFrom(socket.BeginReceiveFrom(new byte[8], 0, 8, SocketFlags.None, ref Anybody(), null, null), ref Anybody()),
    };

    private static readonly Dictionary<string, Func<ISocketUnderTest, Task>> s_pending = new()
    {
        ["ReceiveAsync"] = socket => socket.ReceiveAsync(new byte[8].AsMemory(), SocketFlags.None).AsTask(),
        ["ReceiveAsync into an array"] = socket => socket.ReceiveAsync(new ArraySegment<byte>(new byte[8])),
        ["ReceiveAsync into segments"] = socket => socket.ReceiveAsync([new ArraySegment<byte>(new byte[8])]),
        ["ReceiveFromAsync"] = socket => socket.ReceiveFromAsync(new byte[8], new IPEndPoint(IPAddress.Any, 0)),
        ["ReceiveFromAsync a SocketAddress"] = socket =>
            socket.ReceiveFromAsync(new byte[8], SocketFlags.None, new SocketAddress(AddressFamily.InterNetwork)).AsTask(),
        ["ReceiveMessageFromAsync"] = socket => socket.ReceiveMessageFromAsync(new byte[8], new IPEndPoint(IPAddress.Any, 0)),
    };

    [ThreadStatic]
    private static EndPoint? s_anybody;

    [ThreadStatic]
    private static SocketFlags s_flags;

    [Fact]
    public async Task Close_WhileAnyReceivePendsUnderLoad_EndsItTwentyTimesEach()
    {
        foreach ((string shape, Func<ISocketUnderTest, int> receive) in s_blocking)
            await CloseAsync(shape, socket => OnAThread(() => { receive(socket); }));
        foreach ((string shape, Func<ISocketUnderTest, Task> receive) in s_pending)
            await CloseAsync(shape, receive);
    }

    [Fact]
    public async Task Socket_EightThreadsSendAndEightReceive_EachDatagramComesOnce()
    {
        const int Threads = 8, Each = 500;
        using ISocketUnderTest receiver = binding.BoundSocket();
        using ISocketUnderTest sender = binding.UnboundSocket();
        IPEndPoint to = receiver.LocalIPEndPoint();
        var received = new ConcurrentBag<int>();

        // No more on their way than a receive buffer holds.
        using var room = new SemaphoreSlim(100);
        Task[] receiving = [.. Enumerable.Range(0, Threads).Select(_ => OnAThread(() =>
        {
            byte[] buffer = new byte[4];
            for (int i = 0; i < Each; i++)
            {
                Assert.Equal(4, receiver.Receive(buffer));
                received.Add(BitConverter.ToInt32(buffer));
                room.Release();
            }
        }))];

        Task[] sending = [.. Enumerable.Range(0, Threads).Select(thread => OnAThread(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                Assert.True(room.Wait(UdpBinding.Patience));
                sender.SendTo(BitConverter.GetBytes((thread * Each) + i), to);
            }
        }))];

        await Task.WhenAll([.. sending, .. receiving]).WaitAsync(UdpBinding.Patience);
        Assert.Equal(Enumerable.Range(0, Threads * Each), received.Order());
    }

    [Fact]
    public async Task SendTo_AlternatingAndChangedDestinations_ReachesEach()
    {
        using IUdpClientUnderTest first = binding.PeerClient(), second = binding.PeerClient();
        using ISocketUnderTest socket = binding.UnboundSocket();
        Action<byte, IPEndPoint>[] forms =
        [
            (tag, to) => socket.SendTo([tag], to),
            (tag, to) => socket.SendTo(new ReadOnlySpan<byte>([tag]), SocketFlags.None, to),
            (tag, to) => socket.SendToAsync(new byte[] { tag }.AsMemory(), SocketFlags.None, to).AsTask().Wait(UdpBinding.Patience),
            (tag, to) => socket.SendTo([tag], SocketFlags.None, to.Serialize()),
        ];
        var changing = new IPEndPoint(first.LocalEndPoint().Address, 0);
        byte tag = 0;
        foreach (Action<byte, IPEndPoint> send in forms)
        {
            foreach (IUdpClientUnderTest target in new[] { first, second, first, second })
            {
                send(++tag, target.LocalEndPoint());
                Assert.Equal([tag], (await target.ReceiveAsync().Soon()).Buffer);

                changing.Port = target.LocalEndPoint().Port;
                send(++tag, changing);
                Assert.Equal([tag], (await target.ReceiveAsync().Soon()).Buffer);
            }
        }
    }

    [Fact]
    public async Task UnconnectedServer_ErrorsPourIn_GoesOn()
    {
        using IUdpClientUnderTest client = binding.PeerClient();
        using ISocketUnderTest server = binding.BoundSocket();
        IPEndPoint nobody;
        using (IUdpClientUnderTest gone = binding.PeerClient())
            nobody = gone.LocalEndPoint();

        for (byte i = 0; i < 200; i++)
        {
            Assert.Equal(1, server.SendTo([i], nobody));
            if (i % 10 != 0)
                continue;
            client.Send([i], server.LocalIPEndPoint());
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            byte[] buffer = new byte[8];
            Assert.Equal(1, server.ReceiveFrom(buffer, ref from));
            Assert.Equal((i, client.LocalEndPoint()), (buffer[0], from));
        }

        await binding.SettleAsync();
        Assert.False(server.Poll(0, SelectMode.SelectError));
        Assert.Equal(0, server.Available);
    }

    private async Task CloseAsync(string shape, Func<ISocketUnderTest, Task> receive)
    {
        using IUdpClientUnderTest peer = binding.PeerClient();
        for (int round = 0; round < Closings; round++)
        {
            ISocketUnderTest socket = binding.BoundSocket();
            IPEndPoint to = socket.LocalIPEndPoint();
            using var stop = new CancellationTokenSource();
            Task flood = OnAThread(() =>
            {
                // Half of them wait for nothing.
                while (!stop.IsCancellationRequested && round % 2 == 0)
                    peer.Send("flood"u8, to);
            });
            Task pending = receive(socket);

            socket.Close();

            Exception? exception = await Record.ExceptionAsync(() => pending.WaitAsync(UdpBinding.Patience));
            Assert.True(IsAnEnd(exception), $"{shape}, the {round + 1}th time: {exception}");
            await stop.CancelAsync();
            await flood.WaitAsync(UdpBinding.Patience);
        }
    }

    // A datagram may have come before; or the socket was closed before the call had begun.
    private static bool IsAnEnd(Exception? exception) =>
        exception is null or ObjectDisposedException or SocketException { SocketErrorCode: SocketError.Interrupted or SocketError.OperationAborted or SocketError.NotSocket };

    private static Task OnAThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static ref EndPoint Anybody()
    {
        s_anybody = new IPEndPoint(IPAddress.Any, 0);
        return ref s_anybody!;
    }

    private static ref SocketFlags Flags()
    {
        s_flags = SocketFlags.None;
        return ref s_flags;
    }
}

public sealed class KernelSocketStressTests(KernelBinding binding) : SocketStressContract(binding), IClassFixture<KernelBinding>;

public sealed class LoopbackSocketStressTests(LoopbackBinding binding) : SocketStressContract(binding), IClassFixture<LoopbackBinding>;

public sealed class PairSocketStressTests(PairBinding binding) : SocketStressContract(binding), IClassFixture<PairBinding>;

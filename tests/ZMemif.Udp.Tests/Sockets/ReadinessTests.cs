using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>What an event loop outside sees of a socket's descriptor, and threads that wait for several sockets.</summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly MemifInterface _first;
    private readonly MemifInterface _second;

    public ReadinessTests() => (_first, _second) = MemifInterface.CreatePair();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public void Handle_IsReadableWhileDatagramsWait()
    {
        using MemifDatagramSocket receiver = Open(_second);
        using MemifDatagramSocket sender = Open(_first);
        Assert.False(IsReadable(receiver, 0));

        Send(sender, receiver);
        Send(sender, receiver);
        Assert.True(IsReadable(receiver, (int)s_patience.TotalMilliseconds));
        receiver.Receive(new byte[8]);
        Assert.True(IsReadable(receiver, (int)s_patience.TotalMilliseconds));
        receiver.Receive(new byte[8]);

        Assert.False(IsReadable(receiver, 0));
    }

    [Fact]
    public void Handle_OfWhatWaitsAlready_IsReadableAtOnce()
    {
        using MemifDatagramSocket receiver = Open(_second);
        using MemifDatagramSocket sender = Open(_first);
        Send(sender, receiver);
        Assert.True(receiver.Poll(s_patience, SelectMode.SelectRead));

        Assert.True(IsReadable(receiver, 0));
        Assert.Equal(receiver.Handle, receiver.SafeHandle.DangerousGetHandle());
        Assert.Same(receiver.SafeHandle, receiver.SafeHandle);
    }

    [Fact]
    public void Handle_OfAClosedSocket_IsClosed()
    {
        MemifDatagramSocket socket = Open(_first);
        SafeSocketHandle handle = socket.SafeHandle;

        socket.Close();

        Assert.True(handle.IsClosed);
        using MemifDatagramSocket another = Open(_first);
        another.Close();
        Assert.True(another.SafeHandle.IsClosed);
    }

    [Fact]
    public async Task Handle_ExposedAndReceivedFromByAThread_LosesNothing()
    {
        const int Datagrams = 10_000;
        using MemifDatagramSocket receiver = Open(_second);
        using MemifDatagramSocket sender = Open(_first);
        receiver.ReceiveBufferSize = 4 << 20;
        Send(sender, receiver); // so that they know each other, and nothing has to wait for ARP
        receiver.Receive(new byte[8]);
        Assert.NotEqual(-1, receiver.Handle);
        Task sending = Task.Run(() =>
        {
            for (int i = 0; i < Datagrams; i++)
                Send(sender, receiver);
        });

        for (int i = 0; i < Datagrams; i++)
        {
            Assert.True(IsReadable(receiver, (int)s_patience.TotalMilliseconds), $"after {i}");
            Assert.Equal(5, receiver.Receive(new byte[8]));
        }

        await sending.WaitAsync(s_patience);
    }

    [Fact]
    public void Select_OfSeveral_LeavesTheReadyOnesInOrder()
    {
        MemifDatagramSocket[] sockets = [.. Enumerable.Range(0, 90).Select(_ => Open(_second))];
        using MemifDatagramSocket sender = Open(_first);
        MemifDatagramSocket[] expected = [.. sockets.Where((_, i) => i % 2 == 0)];
        foreach (MemifDatagramSocket socket in expected)
            Send(sender, socket);
        Assert.All(expected, socket => Assert.True(socket.Poll(s_patience, SelectMode.SelectRead)));
        List<MemifDatagramSocket> readers = [.. sockets, sockets[0]];
        List<MemifDatagramSocket> failing = [sockets[0]];

        MemifDatagramSocket.Select(readers, null, failing, -1);

        Assert.Equal([.. expected, sockets[0]], readers);
        Assert.Empty(failing);
        Assert.All(sockets, socket => socket.Dispose());
    }

    [Fact]
    public async Task Select_WaitingForSocketsOfTwoInterfaces_WakesForEither()
    {
        using MemifDatagramSocket here = Open(_first);
        using MemifDatagramSocket there = Open(_second);
        foreach ((MemifDatagramSocket from, MemifDatagramSocket to) in new[] { (here, there), (there, here) })
        {
            List<MemifDatagramSocket> readers = [here, there];
            using var asks = new ManualResetEventSlim();
            Task selecting = Task.Run(() =>
            {
                asks.Set();
                MemifDatagramSocket.Select(readers, null, null, s_patience);
            });
            asks.Wait();
            Send(from, to);
            await selecting.WaitAsync(s_patience);

            Assert.Equal([to], readers);
            to.Receive(new byte[8]);
        }
    }

    [Fact]
    public void Select_WithNothingReady_EndsWithEmptyLists()
    {
        using MemifDatagramSocket socket = Open(_first);
        List<MemifDatagramSocket> readers = [socket];
        List<MemifDatagramSocket> failing = [socket];

        MemifDatagramSocket.Select(readers, null, failing, TimeSpan.FromMilliseconds(5));

        Assert.Empty(readers);
        Assert.Empty(failing);
    }

    [Fact]
    public async Task Select_WokenByAnErrorOfTheNetwork_KeepsWhoHasIt()
    {
        using MemifDatagramSocket socket = Open(_first);
        socket.Connect(new IPEndPoint(_second.Address, 9));
        List<MemifDatagramSocket> readers = [socket];
        List<MemifDatagramSocket> failing = [socket];
        using var asks = new ManualResetEventSlim();
        Task selecting = Task.Run(() =>
        {
            asks.Set();
            MemifDatagramSocket.Select(readers, null, failing, s_patience);
        });
        asks.Wait();

        socket.Send("hello"u8);
        await selecting.WaitAsync(s_patience);

        Assert.Empty(readers);
        Assert.Equal([socket], failing);
        Assert.True(socket.Poll(0, SelectMode.SelectError));
        Assert.False(socket.Poll(s_patience, SelectMode.SelectRead));
        Assert.Equal(10061, socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error));
        Assert.False(socket.Poll(0, SelectMode.SelectError));
    }

    [Fact]
    public void Select_OfWritableSockets_KeepsAll()
    {
        List<MemifDatagramSocket> writers = [.. Enumerable.Range(0, 1025).Select(_ => Open(_first))];

        MemifDatagramSocket.Select(null, writers, null, -1);

        Assert.Equal(1025, writers.Count);
        writers.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public void Select_BadLists_AreRefused()
    {
        using MemifDatagramSocket socket = Open(_first);
        MemifDatagramSocket closed = Open(_first);
        closed.Close();

        Assert.Null(Assert.Throws<ArgumentNullException>(() => MemifDatagramSocket.Select(null, new List<MemifDatagramSocket>(), null, 0)).ParamName);
        Assert.Throws<ArgumentException>("socketList", () => MemifDatagramSocket.Select(new List<object> { socket, "no socket" }, null, null, 0));
        Assert.Throws<ArgumentOutOfRangeException>("checkRead", () => MemifDatagramSocket.Select(Enumerable.Repeat(socket, 66_000).ToList(), null, null, 0));
        Assert.Throws<ObjectDisposedException>(() => MemifDatagramSocket.Select(new List<MemifDatagramSocket> { closed }, null, null, 0));
        Assert.Throws<ArgumentOutOfRangeException>("timeout", () => MemifDatagramSocket.Select(new List<MemifDatagramSocket> { socket }, null, null, TimeSpan.FromSeconds(-2)));
    }

    private static MemifDatagramSocket Open(MemifInterface on)
    {
        var socket = new MemifDatagramSocket(on, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(on.Address, 0));
        return socket;
    }

    private static void Send(MemifDatagramSocket from, MemifDatagramSocket to) => Assert.Equal(5, from.SendTo("hello"u8, to.LocalEndPoint!));

    /// <summary>Asks the kernel, as an event loop does.</summary>
    private static bool IsReadable(MemifDatagramSocket socket, int milliseconds)
    {
        PollFd[] set = [new PollFd { Fd = (int)socket.Handle, Events = 1 }];
        int count = poll(set, 1, milliseconds);
        Assert.InRange(count, 0, 1);
        return count == 1;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Returned;
    }

    [DllImport("libc")]
    private static extern int poll([In, Out] PollFd[] set, nuint count, int milliseconds);
}

using System.Net;
using System.Net.Sockets;

namespace ZMemif.Udp.Tests.Engine;

/// <summary>Two interfaces over real shared memory, with small rings, under more load than they hold.</summary>
public sealed class PairTests
{
    private const int RingSize = 64;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task TwoThatEcho_WithMoreOnTheirWayThanTheRingsHold_NeverStandStill(int queues)
    {
        const int OnTheWay = (2 * RingSize) + 100;
        const int Echoes = 50_000;
        (MemifInterface first, MemifInterface second) = Pair(queues);
        await using (first)
        await using (second)
        {
            using MemifDatagramSocket here = Bound(first);
            using MemifDatagramSocket there = Bound(second);
            var counts = new int[2];
            Task echoing = Task.WhenAll(
                Run(() => Echo(here, counts, 0, Echoes)),
                Run(() => Echo(there, counts, 1, Echoes)));
            for (int i = 0; i < OnTheWay; i++)
                Assert.Equal(4, here.SendTo(BitConverter.GetBytes(i), there.LocalEndPointOf(second)));
            await echoing.WaitAsync(s_patience);
            AssertNothingOverflowed(first, second);
        }
    }

    [Fact]
    public async Task AvailableLoop_SeesEverythingThatHasCome()
    {
        const int Datagrams = 20_000;
        (MemifInterface first, MemifInterface second) = Pair(queues: 1);
        await using (first)
        await using (second)
        {
            using MemifDatagramSocket sender = Bound(first);
            using MemifDatagramSocket receiver = Bound(second);
            Task sending = Run(() =>
            {
                for (int i = 0; i < Datagrams; i++)
                    sender.SendTo(BitConverter.GetBytes(i), receiver.LocalEndPointOf(second));
            });

            int next = 0;
            byte[] buffer = new byte[4];
            long began = Environment.TickCount64;
            while (next < Datagrams && Environment.TickCount64 - began < s_patience.TotalMilliseconds)
            {
                while (receiver.Available > 0)
                {
                    Assert.Equal(4, receiver.Receive(buffer));
                    Assert.Equal(next++, BitConverter.ToInt32(buffer));
                }
            }

            Assert.Equal(Datagrams, next);
            await sending.WaitAsync(s_patience);
            AssertNothingOverflowed(first, second);
        }
    }

    [Fact]
    public async Task SynchronousAndAsynchronousReceivers_OnOneInterface_AllGetTheirs()
    {
        const int Each = 5_000;
        (MemifInterface first, MemifInterface second) = Pair(queues: 1);
        await using (first)
        await using (second)
        {
            using MemifDatagramSocket sender = Bound(first);
            MemifDatagramSocket[] receivers = [.. Enumerable.Range(0, 4).Select(i => Bound(second, (ushort)(20 + i)))];
            Task[] receiving = [.. receivers.Select((socket, i) => i % 2 == 0 ? Run(() => Count(socket, Each)) : CountAsync(socket, Each))];

            Task sending = Run(() =>
            {
                for (int i = 0; i < Each; i++)
                {
                    foreach (MemifDatagramSocket receiver in receivers)
                        sender.SendTo(BitConverter.GetBytes(i), receiver.LocalEndPointOf(second));
                }
            });

            await Task.WhenAll([sending, .. receiving]).WaitAsync(s_patience);
            AssertNothingOverflowed(first, second);
            foreach (MemifDatagramSocket receiver in receivers)
                receiver.Dispose();
        }
    }

    [Fact]
    public async Task Teardown_WhileEverybodyIsInside_EndsEverybody()
    {
        for (int round = 0; round < 25; round++)
        {
            (MemifInterface first, MemifInterface second) = Pair(queues: 1 + (round % 2));
            MemifDatagramSocket here = Bound(first);
            MemifDatagramSocket there = Bound(second);
            EndPoint target = there.LocalEndPointOf(second);
            Task[] inside =
            [
                Run(() => UntilItEnds(() => here.SendTo(new byte[100], target))),
                Run(() => UntilItEnds(() => here.SendTo(new byte[1000], target))),
                Run(() => UntilItEnds(() => there.Receive(new byte[2000]))),
                Run(() => UntilItEnds(() => there.Receive(new byte[2000]))),
                UntilItEndsAsync(() => there.ReceiveAsync(new byte[2000].AsMemory())),
                UntilItEndsAsync(() => here.SendToAsync(new byte[10].AsMemory(), target)),
                Run(() => UntilItEnds(() => here.Receive(new byte[2000]))),
                Run(() => UntilItEnds(() => _ = there.Available)),
            ];
            Assert.True(SpinWait.SpinUntil(() => second.Statistics.DatagramsDelivered > 100 * round, s_patience));

            MemifInterface[] order = round % 3 == 0 ? [first, second] : [second, first];
            foreach (MemifInterface ending in order)
                await ending.DisposeAsync().AsTask().WaitAsync(s_patience);

            await Task.WhenAll(inside).WaitAsync(s_patience);
            here.Dispose();
            there.Dispose();
        }
    }

    // Neighbors that know each other: before, only the latest datagrams would be kept.
    private static (MemifInterface First, MemifInterface Second) Pair(int queues)
    {
        (MemifInterface First, MemifInterface Second) pair = MemifInterface.CreatePair(options =>
        {
            options.Queues = queues;
            options.RingSize = RingSize;
            options.Overflow = MemifOverflow.Hold;
            options.Stall = TimeSpan.FromSeconds(20);
        });
        using MemifDatagramSocket first = Bound(pair.First, port: 6);
        using MemifDatagramSocket second = Bound(pair.Second, port: 6);
        first.SendTo("hello"u8, second.LocalEndPointOf(pair.Second));
        Assert.Equal(5, second.Receive(new byte[5]));
        second.SendTo("hello"u8, first.LocalEndPointOf(pair.First));
        Assert.Equal(5, first.Receive(new byte[5]));
        return pair;
    }

    private static MemifDatagramSocket Bound(MemifInterface on, ushort port = 7)
    {
        var socket = new MemifDatagramSocket(on, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }

    private static void Echo(MemifDatagramSocket socket, int[] counts, int index, int until)
    {
        byte[] buffer = new byte[100];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (counts[0] + counts[1] < until)
        {
            int length = socket.ReceiveFrom(buffer, ref from);
            socket.SendTo(buffer.AsSpan(0, length), from);
            Interlocked.Increment(ref counts[index]);
        }
    }

    private static void Count(MemifDatagramSocket socket, int datagrams)
    {
        byte[] buffer = new byte[4];
        for (int i = 0; i < datagrams; i++)
        {
            Assert.Equal(4, socket.Receive(buffer));
            Assert.Equal(i, BitConverter.ToInt32(buffer));
        }
    }

    private static async Task CountAsync(MemifDatagramSocket socket, int datagrams)
    {
        byte[] buffer = new byte[4];
        for (int i = 0; i < datagrams; i++)
        {
            Assert.Equal(4, await socket.ReceiveAsync(buffer));
            Assert.Equal(i, BitConverter.ToInt32(buffer));
        }
    }

    private static void UntilItEnds(Action call)
    {
        while (IsGoingOn(call))
        {
        }
    }

    private static async Task UntilItEndsAsync(Func<ValueTask<int>> call)
    {
        try
        {
            while (true)
                await call();
        }
        catch (Exception e) when (IsTheEnd(e))
        {
        }
    }

    private static bool IsGoingOn(Action call)
    {
        try
        {
            call();
            return true;
        }
        catch (Exception e) when (IsTheEnd(e))
        {
            return false;
        }
    }

    private static bool IsTheEnd(Exception e) => e is ObjectDisposedException
        or SocketException { SocketErrorCode: SocketError.Interrupted or SocketError.OperationAborted or SocketError.NetworkDown };

    private static void AssertNothingOverflowed(MemifInterface first, MemifInterface second) =>
        Assert.All([first, second], memif => Assert.Equal(0, memif.Statistics.Drops[MemifDropReason.ReceiveBufferFull]));

    private static Task Run(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}

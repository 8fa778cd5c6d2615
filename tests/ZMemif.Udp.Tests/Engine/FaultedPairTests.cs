using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ZMemif.Udp.Tests.Engine;

/// <summary>Two interfaces over real shared memory with faults at both: what arrives is intact, and all accounts balance.</summary>
public sealed class FaultedPairTests
{
    private const int Datagrams = 1500;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static readonly MemifDropReason[] s_dropsOnTransmit =
    [
        MemifDropReason.AnswerNotSent, MemifDropReason.AnswerLimited, MemifDropReason.NeighborUnreachable, MemifDropReason.NeighborQueueFull,
        MemifDropReason.NeighborTableFull, MemifDropReason.ParkedNotSent,
    ];

    [Theory]
    [InlineData("loss:0.05,seed:3", 1)]
    [InlineData("duplicate:0.05,seed:3", 1)]
    [InlineData("reorder:0.05,seed:3", 1)]
    [InlineData("corrupt:0.05,seed:3", 1)]
    [InlineData("delay:1ms,seed:3", 1)]
    [InlineData("full:0.01,seed:3", 1)]
    [InlineData("loss:0.02,duplicate:0.02,reorder:0.02,corrupt:0.02,delay:1ms,full:0.01,seed:3", 1)]
    [InlineData("loss:0.02,duplicate:0.02,reorder:0.02,corrupt:0.02,delay:1ms,full:0.01,seed:3", 3)]
    public async Task TwoThatFloodEachOther_WithFaultsAtBoth_BalanceAndDeliverIntact(string faults, int queues)
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(options =>
        {
            options.Queues = queues;
            options.RingSize = 64;
            options.Faults = MemifFaults.Parse(faults);

            // The checksum finds every flipped bit, but not every two.
            if (options.Role == MemifRole.Client)
                options.Faults.Corrupt = 0;
        });
        await using (first)
        await using (second)
        {
            MakeNeighborsKnown(first, second);
            MakeNeighborsKnown(second, first);
            long hellos = first.Statistics.DatagramsDelivered + second.Statistics.DatagramsDelivered;
            MemifDatagramSocket[] sockets = [.. new[] { first, second }.SelectMany(end => Enumerable.Range(0, 3).Select(i => Bound(end, 20 + i)))];
            var received = new StrongBox<long>();
            Task[] receiving = [.. sockets.Select(socket => Run(() => Receive(socket, received)))];

            await Task.WhenAll(sockets.Select((socket, i) => Run(() => Send(socket, i < 3 ? second : first, i)))).WaitAsync(s_patience);

            Assert.True(SpinWait.SpinUntil(() => IsBalanced(first, second), s_patience), Account(first) + "\n" + Account(second));
            long delivered = first.Statistics.DatagramsDelivered + second.Statistics.DatagramsDelivered - hellos;
            SpinWait.SpinUntil(() => Volatile.Read(ref received.Value) == delivered || receiving.Any(task => task.IsFaulted), s_patience);
            foreach (MemifDatagramSocket socket in sockets)
                socket.Dispose();
            await Task.WhenAll(receiving).WaitAsync(s_patience);
            Assert.Equal(delivered, received.Value);
            AssertNamedFaults(MemifFaults.Parse(faults), first.Statistics, second.Statistics);
        }
    }

    [Fact]
    public async Task Delay_OneThatWaits_GetsItAfterTheDelaysOfBothEnds()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(options => options.Faults = MemifFaults.Parse("delay:5ms"));
        await using (first)
        await using (second)
        {
            MakeNeighborsKnown(first, second);
            using MemifDatagramSocket here = Bound(first, 7);
            using MemifDatagramSocket there = Bound(second, 7);
            there.ReceiveTimeout = (int)s_patience.TotalMilliseconds;

            long began = TimeProvider.System.GetTimestamp();
            here.SendTo("?"u8, new IPEndPoint(second.Address, 7));
            Assert.Equal(1, there.Receive(new byte[100]));

            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromMilliseconds(10), s_patience);
        }
    }

    [Fact]
    public async Task Full_Always_CountsAsAPeerThatStandsStill()
    {
        (MemifInterface first, MemifInterface second) = MemifInterface.CreatePair(options =>
        {
            options.Stall = TimeSpan.FromMilliseconds(20);
            options.Faults = options.Role == MemifRole.Server ? new MemifFaults { Full = 1 } : null;
        });
        await using (first)
        await using (second)
        {
            using MemifDatagramSocket here = Bound(first, 7);
            using MemifDatagramSocket there = Bound(second, 7);
            there.SendTo("makes the neighbor known"u8, new IPEndPoint(first.Address, 7));
            Assert.True(SpinWait.SpinUntil(() => first.Statistics.FramesConsumed > 0, s_patience));

            // Its request is never answered, so it sends to the neighbor that it has learned by it.
            Assert.True(SpinWait.SpinUntil(() => IsStalled(here, second), s_patience));

            Assert.True(SpinWait.SpinUntil(() => first.State == MemifInterfaceState.Stalled, s_patience));
            Assert.Equal(0, first.Statistics.RingFramesTransmitted);
            Assert.Equal(1, first.Statistics.FaultsOnTransmit.Refused);
        }
    }

    private static bool IsStalled(MemifDatagramSocket socket, MemifInterface to)
    {
        try
        {
            socket.SendTimeout = 1000;
            socket.SendTo("?"u8, new IPEndPoint(to.Address, 7));
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.NetworkDown)
        {
            return true;
        }
    }

    private static bool IsBalanced(MemifInterface first, MemifInterface second)
    {
        (MemifInterfaceStatistics one, MemifInterfaceStatistics other) = (first.Statistics, second.Statistics);
        return IsBalanced(one) && IsBalanced(other)
            && one.RingFramesTransmitted == other.RingFramesReceived && other.RingFramesTransmitted == one.RingFramesReceived;
    }

    private static bool IsBalanced(MemifInterfaceStatistics of) => SentByHost(of) == HandedOver(of) && SeenByHost(of) == Settled(of)
        && of.FaultsOnReceive.Held == 0 && of.FaultsOnTransmit.Held == 0;

    private static long SentByHost(MemifInterfaceStatistics of) =>
        of.DatagramsSent - of.DatagramsLooped + of.MessagesMade + of.FragmentsMade - s_dropsOnTransmit.Sum(reason => of.Drops[reason]);

    private static long HandedOver(MemifInterfaceStatistics of) =>
        of.RingFramesTransmitted - of.FaultsOnTransmit.Duplicated + of.FaultsOnTransmit.Lost + of.FaultsOnTransmit.Held;

    private static long SeenByHost(MemifInterfaceStatistics of) =>
        of.RingFramesReceived + of.FaultsOnReceive.Duplicated - of.FaultsOnReceive.Lost - of.FaultsOnReceive.Held;

    // A flipped bit may make a fragment of a whole packet; then it is incomplete, which only the host itself counts. The
    // header's checksum is wrong then, too.
    private static long Settled(MemifInterfaceStatistics of) =>
        of.FramesConsumed + of.DatagramsDelivered + of.FragmentsAbsorbed - of.DatagramsLooped
        + of.Drops.Where(drop => !s_dropsOnTransmit.Contains(drop.Key) && drop.Key != MemifDropReason.SocketClosed).Sum(drop => drop.Value);

    private static string Account(MemifInterface of)
    {
        MemifInterfaceStatistics now = of.Statistics;
        return $"{of}: ring in {now.RingFramesReceived} out {now.RingFramesTransmitted}; sent {SentByHost(now)}, handed over {HandedOver(now)}; "
            + $"seen {SeenByHost(now)}, settled {Settled(now)}; held {now.FaultsOnReceive.Held} and {now.FaultsOnTransmit.Held}; "
            + string.Join(", ", now.Drops.Where(drop => drop.Value > 0).Select(drop => $"{drop.Key} {drop.Value}"));
    }

    private static void AssertNamedFaults(MemifFaults faults, MemifInterfaceStatistics first, MemifInterfaceStatistics second)
    {
        foreach (MemifFaultCounts counts in (MemifFaultCounts[])[first.FaultsOnReceive, first.FaultsOnTransmit, second.FaultsOnReceive, second.FaultsOnTransmit])
        {
            Assert.Equal(faults.Loss > 0, counts.Lost > 0);
            Assert.Equal(faults.Duplicate > 0, counts.Duplicated > 0);
            Assert.Equal(faults.Reorder > 0, counts.Reordered > 0);
            Assert.Equal(faults.Delay > TimeSpan.Zero, counts.Delayed > 0);
        }

        Assert.Equal(faults.Corrupt > 0, first.FaultsOnReceive.Corrupted > 0 && first.FaultsOnTransmit.Corrupted > 0);
        Assert.Equal((0, 0), (second.FaultsOnReceive.Corrupted, second.FaultsOnTransmit.Corrupted));
        Assert.Equal(faults.Full > 0, first.FaultsOnTransmit.Refused > 0 && second.FaultsOnTransmit.Refused > 0);
    }

    // Or all would be sent before the first answer, which may be lost, and only the latest of them kept.
    private static void MakeNeighborsKnown(MemifInterface from, MemifInterface to)
    {
        using MemifDatagramSocket here = Bound(from, 6);
        using MemifDatagramSocket there = Bound(to, 6);
        do
            here.SendTo("hello"u8, new IPEndPoint(to.Address, 6));
        while (!there.Poll(TimeSpan.FromMilliseconds(20), SelectMode.SelectRead));
    }

    private static void Send(MemifDatagramSocket socket, MemifInterface to, int seed)
    {
        byte[] payload = new byte[1472];
        for (int i = 0; i < Datagrams; i++)
        {
            int length = 8 + (((i * 31) + seed) % (payload.Length - 7));
            Fill(payload.AsSpan(0, length), i);
            socket.SendTo(payload.AsSpan(0, length), new IPEndPoint(to.Address, 20 + (i % 3)));
        }
    }

    // Until the socket is closed.
    private static void Receive(MemifDatagramSocket socket, StrongBox<long> count)
    {
        byte[] payload = new byte[2000];
        byte[] expected = new byte[2000];
        try
        {
            while (true)
            {
                int length = socket.Receive(payload);
                Fill(expected.AsSpan(0, length), BitConverter.ToInt32(payload));
                Assert.True(payload.AsSpan(0, length).SequenceEqual(expected.AsSpan(0, length)), "A datagram was changed on its way.");
                Interlocked.Increment(ref count.Value);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.Interrupted })
        {
        }
    }

    private static void Fill(Span<byte> payload, int number)
    {
        BitConverter.TryWriteBytes(payload, number);
        for (int i = 4; i < payload.Length; i++)
            payload[i] = (byte)((number * 7) + i);
    }

    private static MemifDatagramSocket Bound(MemifInterface on, int port)
    {
        var socket = new MemifDatagramSocket(on, AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    }

    private static Task Run(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}

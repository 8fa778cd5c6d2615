namespace ZMemif.Tests;

/// <summary>Shapes of the shared memory: sizes of rings and buffers, cache lines, numbers of queues.</summary>
public sealed class GeometryTests
{
    public static MatrixTheoryData<int, MemifRole> SizesAndSenders => new(
        Enumerable.Range(0, MemifLimits.UsualLog2RingSize + 1), [MemifRole.Client, MemifRole.Server]);

    public static MatrixTheoryData<int, int> CacheLinesAndSizes => new([64, 128], [0, 1, 3, 10]);

    public static TheoryData<MemifRole> Senders => [MemifRole.Client, MemifRole.Server];

    [Theory]
    [MemberData(nameof(SizesAndSenders))]
    public async Task RingSize_AnyPowerOfTwo_HoldsSoManyPacketsInOrder(int log2, MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (1 << log2, 64));

        AssertFillsAndDrains(pair, sender, slots: 1 << log2, rounds: 3);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task RingSize_LargestThatCountersAllow_WorksWhereTheServerAllowsIt(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(
            options => (options.RingSize, options.BufferSize, options.MaxRingSize) = (32768, 64, 32768));

        AssertFillsAndDrains(pair, sender, slots: 32768, rounds: 5);
    }

    [Fact]
    public async Task RingSize_MoreThanTheServerAllows_IsMadeSmaller()
    {
        await using PortPair usual = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (32768, 64));
        await using PortPair small = await PortPair.ConnectAsync(options => (options.RingSize, options.MaxRingSize) = (1024, 16));

        AssertFillsAndDrains(usual, MemifRole.Client, slots: 16384, rounds: 2);
        AssertFillsAndDrains(small, MemifRole.Client, slots: 16, rounds: 2);
        Assert.Equal(16, small.Client.MemoryConfiguration?.RingSize);
    }

    [Theory]
    [MemberData(nameof(CacheLinesAndSizes))]
    public async Task CacheLineSize_OfTheClient_IsInferredByTheServer(int cacheLine, int log2)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options =>
        {
            options.CacheLineSize = options.Role == MemifRole.Client ? cacheLine : 64;
            options.RingSize = 1 << log2;
            (options.TxQueues, options.RxQueues) = (2, 2);
        });

        foreach (MemifRole sender in new[] { MemifRole.Client, MemifRole.Server })
            AssertFillsAndDrains(pair, sender, slots: 1 << log2, rounds: 2, queue: 1);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(99)]
    [InlineData(1501)]
    [InlineData(2048)]
    [InlineData(65535)]
    public async Task BufferSize_AnyNumber_EveryLengthUpToTheLongestArrivesUnchanged(int bufferSize)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.BufferSize = bufferSize);

        foreach (MemifRole sender in new[] { MemifRole.Client, MemifRole.Server })
        {
            for (int length = 1; length < 65535; length += 4096 + (length % 7))
                AssertCarries(pair, sender, length, bufferSize);
            foreach (int length in new[] { bufferSize - 1, bufferSize, bufferSize + 1, 2 * bufferSize, 65534, 65535 })
                AssertCarries(pair, sender, Math.Min(length, 65535), bufferSize);
        }
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Packet_LongerThanTheRingHolds_IsRefusedAndNothingOfItIsSent(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (4, 64));
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);

        Assert.False(tx.TrySend(new byte[257]));

        Assert.Equal(0, rx.Acquire(1));
        Assert.Equal(1UL, tx.Statistics.Refusals);
        Assert.True(tx.TrySend(new byte[256]));
    }

    [Fact]
    public async Task Queues_UnequalCounts_EachCarriesItsOwn()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options =>
            (options.TxQueues, options.RxQueues) = options.Role == MemifRole.Client ? (3, 2) : (2, 3));

        AssertEveryQueueCarries(pair, MemifRole.Client, 3);
        AssertEveryQueueCarries(pair, MemifRole.Server, 2);
    }

    [Fact]
    public async Task Queues_ClientBringsFewer_TheOthersStayUnconnected()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options =>
            (options.TxQueues, options.RxQueues) = options.Role == MemifRole.Client ? (1, 2) : (4, 4));

        AssertEveryQueueCarries(pair, MemifRole.Client, 1);
        AssertEveryQueueCarries(pair, MemifRole.Server, 2);
        Assert.Equal([true, false, false, false], pair.Server.RxQueues.Select(queue => queue.IsConnected));
        Assert.Equal([true, true, false, false], pair.Server.TxQueues.Select(queue => queue.IsConnected));
        Assert.False(pair.Server.TxQueues[2].TrySend([1]));
        Assert.Equal(0, pair.Server.RxQueues[1].Acquire(1));
        Assert.Equal(0, pair.Server.RxQueues[1].Statistics.RingSize);
        Assert.Equal((2, 1), (pair.Server.MemoryConfiguration?.TxQueues, pair.Server.MemoryConfiguration?.RxQueues));
    }

    [Fact]
    public async Task Queues_255EachWay_AllCarry()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options =>
            (options.TxQueues, options.RxQueues, options.RingSize) = (255, 255, 2));

        AssertEveryQueueCarries(pair, MemifRole.Client, 255);
        AssertEveryQueueCarries(pair, MemifRole.Server, 255);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task IpMode_Packet_ArrivesWithoutAnEthernetHeader(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.Mode = MemifMode.Ip);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        byte[] ip = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2];

        Assert.True(tx.TrySend(ip));

        byte[] received = new byte[64];
        Assert.True(rx.TryReceive(received, out int length));
        Assert.Equal(ip, received[..length]);
        Assert.Equal((MemifMode.Ip, MemifMode.Ip), (pair.Client.Mode, pair.Server.Mode));
    }

    // Each time the ring is filled to the last slot; the counters wrap on the way where there are rounds enough.
    private static void AssertFillsAndDrains(PortPair pair, MemifRole sender, int slots, int rounds, int queue = 0)
    {
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender, queue);
        int sent = 0;
        int received = 0;
        byte[] buffer = new byte[4];
        for (int round = 0; round < rounds; round++)
        {
            while (tx.TrySend(BitConverter.GetBytes(sent)))
                sent++;
            Assert.Equal((slots, slots, slots), (sent - received, tx.Statistics.Occupancy, rx.Statistics.Occupancy));
            while (rx.TryReceive(buffer, out int length))
                Assert.Equal((4, received++), (length, BitConverter.ToInt32(buffer)));
            Assert.Equal(sent, received);
        }

        Assert.Equal((slots, slots), (tx.Statistics.RingSize, rx.Statistics.RingSize));
        Assert.Equal((MemifPortState.Connected, MemifPortState.Connected), (pair.Client.State, pair.Server.State));
    }

    private static void AssertCarries(PortPair pair, MemifRole sender, int length, int bufferSize)
    {
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        byte[] packet = new byte[length];
        new Random(length).NextBytes(packet);
        Assert.True(tx.TrySend(packet));
        Assert.Equal(1, rx.Acquire(2));
        Assert.True(rx.TryRead(out MemifPacket received));
        Assert.Equal((length, (length + bufferSize - 1) / bufferSize), (received.Length, received.SegmentCount));
        byte[] copy = new byte[length];
        received.CopyTo(0, copy);
        rx.Release();
        Assert.True(packet.AsSpan().SequenceEqual(copy));
    }

    private static void AssertEveryQueueCarries(PortPair pair, MemifRole sender, int queues)
    {
        for (int i = 0; i < queues; i++)
            Assert.True(pair.From(sender, i).Tx.TrySend([(byte)i]));
        byte[] buffer = new byte[1];
        for (int i = 0; i < queues; i++)
        {
            MemifRxQueue rx = pair.From(sender, i).Rx;
            Assert.True(rx.TryReceive(buffer, out _));
            Assert.Equal(i, buffer[0]);
            Assert.False(rx.TryReceive(buffer, out _));
        }
    }
}

namespace ZMemif.Tests;

public sealed class QueueTests
{
    public static TheoryData<MemifRole> Senders => [MemifRole.Client, MemifRole.Server];

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task TrySend_OnePacket_ArrivesUnchanged(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);

        Assert.True(tx.TrySend("a datagram"u8));

        byte[] buffer = new byte[64];
        Assert.True(rx.TryReceive(buffer, out int length));
        Assert.Equal("a datagram"u8, buffer.AsSpan(0, length));
        Assert.False(rx.TryReceive(buffer, out _));
        Assert.Equal((1UL, 10UL, 1UL, 10UL), (tx.Packets, tx.Statistics.Bytes, rx.Packets, rx.Statistics.Bytes));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task TrySend_PacketLongerThanABuffer_ArrivesChained(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.BufferSize = 100);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        byte[] packet = [.. Enumerable.Range(0, 1001).Select(i => (byte)(i * 7))];

        Assert.True(tx.TrySend(packet));

        Assert.Equal(1, rx.Acquire(8));
        Assert.True(rx.TryRead(out MemifPacket received));
        Assert.Equal((1001, 11), (received.Length, received.SegmentCount));
        byte[] copy = new byte[1001];
        Assert.Equal(1001, received.CopyTo(0, copy));
        Assert.Equal(packet, copy);
        Assert.Equal(333, received.CopyTo(668, copy));
        Assert.Equal(packet[668..], copy[..333]);
        rx.Release();
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task TrySend_RingFull_IsRefusedUntilTheReceiverReturnsSlots(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 4);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        for (byte i = 0; i < 4; i++)
            Assert.True(tx.TrySend([i]));

        Assert.False(tx.TrySend([4]));

        byte[] buffer = new byte[1];
        Assert.True(rx.TryReceive(buffer, out _));
        Assert.True(tx.TrySend([4]));
        for (byte i = 1; i <= 4; i++)
        {
            Assert.True(rx.TryReceive(buffer, out _));
            Assert.Equal(i, buffer[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Counters_PastSixteenBits_WrapWithoutLoss(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 64);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        byte[] buffer = new byte[4];
        int received = 0;

        for (int sent = 0; sent < 200_000; sent++)
        {
            Assert.True(tx.TrySend(BitConverter.GetBytes(sent)));
            if (sent % 50 != 49)
                continue;
            while (rx.TryReceive(buffer, out _))
                Assert.Equal(received++, BitConverter.ToInt32(buffer));
        }

        Assert.Equal(200_000, received);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Commit_SeveralReservations_ArriveTogether(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);

        for (byte i = 0; i < 3; i++)
        {
            Assert.True(tx.TryReserve(2, out Span<byte> buffer));
            buffer[0] = i;
            buffer[1] = i;
        }

        Assert.Equal(0, rx.Acquire(8));
        tx.Commit();
        Assert.Equal(3, rx.Acquire(8));
        rx.Release();
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Discard_AfterReservation_SendsNothing(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);

        Assert.True(tx.TryReserve(9, out _));
        tx.Discard();
        Assert.True(tx.TrySend([42]));

        byte[] buffer = new byte[9];
        Assert.True(rx.TryReceive(buffer, out int length));
        Assert.Equal((1, 42), (length, buffer[0]));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Release_BurstReadInPart_YieldsTheRestAgain(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        for (byte i = 0; i < 5; i++)
            Assert.True(tx.TrySend([i]));

        Assert.Equal(5, rx.Acquire(10));
        Assert.True(rx.TryRead(out _));
        Assert.True(rx.TryRead(out _));
        rx.Release();

        byte[] buffer = new byte[1];
        Assert.True(rx.TryReceive(buffer, out _));
        Assert.Equal(2, buffer[0]);
    }

    [Fact]
    public async Task TryReserve_WhileAnotherThreadHoldsTheQueue_IsRefusedWithAReason()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        MemifRxQueue rx = pair.Server.RxQueues[0];
        Assert.True(pair.Client.TxQueues[0].TrySend([1]));
        Assert.Equal(1, rx.Acquire(1));

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => rx.Acquire(1));

        Assert.Contains("two threads", e.Message, StringComparison.Ordinal);
        rx.Release();
    }

    [Fact]
    public async Task Queues_SeveralPairs_AreIndependent()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.TxQueues = options.RxQueues = 3);
        byte[] buffer = new byte[1];

        for (byte i = 0; i < 3; i++)
            Assert.True(pair.Client.TxQueues[i].TrySend([i]));

        for (byte i = 0; i < 3; i++)
        {
            Assert.True(pair.Server.RxQueues[i].TryReceive(buffer, out _));
            Assert.Equal(i, buffer[0]);
            Assert.False(pair.Server.RxQueues[i].TryReceive(buffer, out _));
        }
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Wait_PacketComesLater_Returns(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        byte[] buffer = new byte[1];

        Task receiver = Task.Run(() =>
        {
            for (int received = 0; received < 1000;)
            {
                rx.Wait(Timeout.InfiniteTimeSpan);
                while (rx.TryReceive(buffer, out _))
                    received++;
            }
        });
        for (int i = 0; i < 1000; i++)
        {
            while (!tx.TrySend([1]))
                Thread.Yield();
            if (i % 10 == 0)
                Thread.Yield();
        }

        await receiver.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Wait_OfZero_DoesNotSleep(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        MemifRxQueue rx = pair.From(sender).Rx;
        long start = TimeProvider.System.GetTimestamp();

        for (int i = 0; i < 5000; i++)
            rx.Wait(TimeSpan.Zero);

        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 4.5);
    }
}

using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>Bursts: many packets, one store of the ring's index, at most one event.</summary>
public sealed class BurstTests
{
    public static TheoryData<MemifRole> Senders => [MemifRole.Client, MemifRole.Server];

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Send_Burst_ArrivesInOrder(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.BufferSize = 64);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        ReadOnlyMemory<byte>[] burst = [.. Enumerable.Range(1, 100).Select(NewPacket)];

        Assert.Equal(100, tx.Send(burst));

        foreach (ReadOnlyMemory<byte> packet in burst)
            Assert.Equal(packet.Span, Receive(rx));
        Assert.Empty(Receive(rx));
        Assert.Equal((100UL, 5050UL), (tx.Statistics.Packets, tx.Statistics.Bytes));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Send_Burst_IsPublishedOnce(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        ReadOnlyMemory<byte>[] burst = [.. Enumerable.Range(1, 100).Select(NewPacket)];

        tx.Send(burst);
        Assert.Equal((0UL, 1UL), (tx.Statistics.SignalsSent, tx.Statistics.SignalsSkipped));

        rx.Acquire(100);
        while (rx.TryRead(out _))
        {
        }

        rx.Release();
        Assert.True(rx.TryArm());
        tx.Send(burst);
        Assert.Equal((1UL, 1UL), (tx.Statistics.SignalsSent, tx.Statistics.SignalsSkipped));
    }

    [Fact]
    public async Task Send_BurstToAPeerThatWantsEvents_WritesOneEvent()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Up);
        await server.Events.ExpectUpAsync();
        client.PostAll();

        using (ControlThread.Hold())
        {
            Assert.Equal(8, server.Target.TxQueues[0].Send([.. Enumerable.Range(1, 8).Select(NewPacket)]));
            Assert.Equal(1UL, client.M2SEvent.Take());
        }
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Send_BurstLargerThanTheRing_TakesWhatFits(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 8);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        ReadOnlyMemory<byte>[] burst = [.. Enumerable.Range(1, 20).Select(NewPacket)];

        Assert.Equal(8, tx.Send(burst));
        Assert.Equal(0, tx.Send(burst.AsSpan(8)));
        Assert.Equal((8UL, 2UL), (tx.Statistics.Packets, tx.Statistics.Refusals));

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(burst[i].Span, Receive(rx));
            tx.Send(burst.AsSpan(Math.Min(20, i + 8), i + 8 < 20 ? 1 : 0));
        }

        Assert.Equal(20UL, tx.Packets);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Send_RingFull_LeavesTheQueueUsable(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 1);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        ReadOnlyMemory<byte>[] one = [new byte[] { 7 }];
        Assert.Equal(1, tx.Send(one));

        for (int i = 0; i < 10; i++)
            Assert.Equal(0, tx.Send(one));

        Assert.Equal([7], Receive(rx));
        Assert.Equal(1, tx.Send(one));
        Assert.Equal(1, tx.Statistics.Occupancy);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Send_ChainThatDoesNotFit_IsLeftOutWhole(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (4, 64));
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        ReadOnlyMemory<byte>[] burst = [NewPacket(1), NewPacket(128), NewPacket(65), NewPacket(1)];

        Assert.Equal(2, tx.Send(burst));

        Assert.Equal(3, tx.Statistics.Occupancy);
        Assert.Equal(burst[0].Span, Receive(rx));
        Assert.Equal(burst[1].Span, Receive(rx));
        Assert.Equal(2, tx.Send(burst.AsSpan(2)));
    }

    [Fact]
    public async Task Send_PacketThatCannotBe_ThrowsAfterSendingThoseBefore()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);

        Assert.Throws<ArgumentOutOfRangeException>(() => tx.Send([NewPacket(3), ReadOnlyMemory<byte>.Empty, NewPacket(4)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => tx.Send([new byte[65_554]]));

        Assert.Equal(NewPacket(3).Span, Receive(rx));
        Assert.Empty(Receive(rx));
        Assert.Equal(1, tx.Send([NewPacket(1)]));
    }

    [Fact]
    public async Task Send_AfterAReservation_PublishesBothTogether()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);
        Assert.True(tx.TryReserve(1, out Span<byte> reserved));
        reserved[0] = 42;

        Assert.Equal(2, tx.Send([NewPacket(2), NewPacket(3)]));

        Assert.Equal(1UL, tx.Statistics.SignalsSkipped);
        Assert.Equal([42], Receive(rx));
        Assert.Equal(NewPacket(2).Span, Receive(rx));
        Assert.Equal(NewPacket(3).Span, Receive(rx));
    }

    [Fact]
    public async Task Send_NothingOrNoLink_SendsNothing()
    {
        PortPair pair = await PortPair.ConnectAsync();
        MemifTxQueue tx = pair.From(MemifRole.Client).Tx;
        Assert.Equal(0, tx.Send([]));

        await pair.DisposeAsync();

        Assert.Equal(0, tx.Send([NewPacket(1)]));
        Assert.Equal(0UL, tx.Statistics.SignalsSkipped + tx.Statistics.SignalsSent);
    }

    private static ReadOnlyMemory<byte> NewPacket(int length) => Enumerable.Range(length, length).Select(i => (byte)i).ToArray();

    private static byte[] Receive(MemifRxQueue rx)
    {
        byte[] buffer = new byte[256];
        return rx.TryReceive(buffer, out int length) ? buffer[..length] : [];
    }
}

using NSubstitute;
using ZMemif.Memory;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>What queues and ports count.</summary>
public sealed class StatisticsTests
{
    public static TheoryData<MemifRole> Senders => [MemifRole.Client, MemifRole.Server];

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Refusals_ByReason_AreCountedApart(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (2, 64));
        MemifTxQueue tx = pair.From(sender).Tx;

        Assert.False(tx.TryReserve(65, out _));
        Assert.False(tx.TrySend(new byte[129]));
        Assert.Equal((0UL, 0UL, 2UL), Refusals(tx));

        Assert.True(tx.TryReserve(64, out _));
        Assert.False(tx.TrySend(new byte[65]));
        Assert.True(tx.TrySend(new byte[64]));
        Assert.False(tx.TryReserve(1, out _));
        Assert.Equal(0, tx.Send([new byte[1], new byte[1]]));
        Assert.Equal((3UL, 0UL, 2UL), Refusals(tx));
        await pair.DisposeAsync();

        Assert.False(tx.TrySend([1]));
        Assert.False(tx.TryReserve(1, out _));
        Assert.Equal(0, tx.Send([new byte[1], new byte[1]]));
        Assert.Equal((3UL, 3UL, 2UL), Refusals(tx));
        Assert.Equal((8UL, 2UL), (tx.Statistics.Refusals, tx.Statistics.Packets));
    }

    [Fact]
    public void Drops_ByReasonAtAServer_AreCountedApart()
    {
        using var bed = new RingBed(log2Size: 10) { Malformed = MemifMalformedPolicy.Drop };
        using var drops = new DropsOf(bed.ServerReceives());
        uint all = (uint)bed.RegionBytes;

        WriteChain(bed, [all + 1]);
        drops.AssertAfterALook(outsideMemory: 1, longerThanBuffer: 0, tooLong: 0);
        WriteChain(bed, [65_000, 554]);
        drops.AssertAfterALook(outsideMemory: 1, longerThanBuffer: 0, tooLong: 1);

        // Of two reasons the first that is met counts.
        WriteChain(bed, [65_000, 554, all + 1]);
        drops.AssertAfterALook(outsideMemory: 1, longerThanBuffer: 0, tooLong: 2);
        WriteChain(bed, [all + 1, 65_000, 554]);
        drops.AssertAfterALook(outsideMemory: 2, longerThanBuffer: 0, tooLong: 2);
    }

    [Fact]
    public void Drops_ByReasonAtAClient_AreCountedApart()
    {
        using var bed = new RingBed(log2Size: 10) { Malformed = MemifMalformedPolicy.Drop };
        using var drops = new DropsOf(bed.ClientReceives());
        for (ushort i = 0; i < 600; i++)
            bed.Ring.WriteLengthAndFlags(i, RingBed.BufferSize, i < 599 ? Descriptor.Next : (ushort)0);
        bed.Ring.WriteLengthAndFlags(600, RingBed.BufferSize + 1, 0);
        bed.Ring.ReleaseTail(601);

        drops.AssertAfterALook(outsideMemory: 0, longerThanBuffer: 1, tooLong: 1);
    }

    [Fact]
    public void Malformed_IsTheSumOfAllReasonsForADrop()
    {
        System.Reflection.PropertyInfo[] reasons = [.. typeof(MemifRxStatistics).GetProperties().Where(property => property.Name.StartsWith("Dropped", StringComparison.Ordinal))];
        object statistics = default(MemifRxStatistics);
        for (int i = 0; i < reasons.Length; i++)
            reasons[i].SetValue(statistics, 1UL << i);

        ulong sum = (1UL << reasons.Length) - 1;
        Assert.Equal(3, reasons.Length);
        Assert.Equal(sum, ((MemifRxStatistics)statistics).Malformed);
        Assert.Equal(2 * sum, MemifRxStatistics.Sum((MemifRxStatistics)statistics, (MemifRxStatistics)statistics).Malformed);
    }

    [Fact]
    public async Task Statistics_OfAPort_AreTheSumsOfItsQueues()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.TxQueues, options.RxQueues, options.RingSize) = (3, 3, 8));
        for (int i = 0; i < 3; i++)
        {
            for (int packets = 0; packets <= i; packets++)
                Assert.True(pair.Client.TxQueues[i].TrySend(new byte[10 * (i + 1)]));
            Assert.False(pair.Client.TxQueues[i].TryReserve(4096, out _));
        }

        Assert.True(pair.Server.RxQueues[1].TryReceive(new byte[1], out _));
        Assert.True(pair.Server.RxQueues[2].TryReceive(new byte[1], out _));

        MemifPortStatistics client = pair.Client.Statistics;
        Assert.Equal((6UL, 140UL, 3UL, 3UL), (client.Tx.Packets, client.Tx.Bytes, client.Tx.RefusedTooLong, client.Tx.Refusals));
        Assert.Equal((4, 24, 6UL), (client.Tx.Occupancy, client.Tx.RingSize, client.Tx.SignalsSent + client.Tx.SignalsSkipped));
        Assert.Equal((0UL, 24), (client.Rx.Packets, client.Rx.RingSize));
        MemifPortStatistics server = pair.Server.Statistics;
        Assert.Equal((2UL, 50UL, 4, 24), (server.Rx.Packets, server.Rx.Bytes, server.Rx.Occupancy, server.Rx.RingSize));
    }

    [Fact]
    public async Task Connections_LinkComesAgain_AreCounted()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        Assert.Equal((1, 0), Links(pair.Server));
        for (int times = 1; times <= 2; times++)
        {
            pair.Server.Disconnect();
            await pair.ServerEvents.ExpectDownAsync();
            await pair.ServerEvents.ExpectUpAsync();
        }

        Assert.Equal((3, 2), Links(pair.Server));
        await using var socket = new MemifSocket(TestAddress.Abstract());
        Assert.Equal((0, 0), Links(socket.AddPort(new MemifPortOptions())));
    }

    [Fact]
    public async Task ToDetails_ConnectedAndNot_TellsOfRegionsAndQueues()
    {
        await using PortPair pair = await PortPair.ConnectAsync(options =>
            (options.TxQueues, options.RxQueues, options.RingSize, options.BufferSize, options.Secret) = (2, 2, 4, 64, "hush"));
        Assert.True(pair.Client.TxQueues[1].TrySend([1, 2]));

        string[] lines = pair.Client.ToDetails().Split('\n');
        Assert.Equal($"{pair.Client}", lines[0]);
        Assert.Equal("  mode Ethernet, secret, 1 connections", lines[1]);
        Assert.Equal($"  region 0: {4 * ((128 + (4 * 16)) + (4 * 64))} bytes", lines[2]);
        Assert.StartsWith("  tx 0: 0 of 4 slots, 0 packets, 0 bytes, refused 0 ring full 0 link down 0 too long, ", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("  tx 1: 1 of 4 slots, 1 packets, 2 bytes, ", lines[4], StringComparison.Ordinal);
        Assert.Equal("  rx 0: Interrupt, 0 of 4 slots, 0 packets, 0 bytes, dropped 0 outside memory 0 longer than buffer 0 too long, 0 wake-ups", lines[5]);
        await pair.DisposeAsync();

        string details = pair.Client.ToDetails();
        Assert.Contains("\n  last error: The interface was closed.\n", details, StringComparison.Ordinal);
        Assert.DoesNotContain("region", details, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", details, StringComparison.Ordinal);
    }

    private static (ulong RingFull, ulong LinkDown, ulong TooLong) Refusals(MemifTxQueue tx) =>
        (tx.Statistics.RefusedRingFull, tx.Statistics.RefusedLinkDown, tx.Statistics.RefusedTooLong);

    // As one packet, behind those that have been returned.
    private static void WriteChain(RingBed bed, uint[] lengths)
    {
        ushort head = bed.Ring.AcquireTail();
        for (int i = 0; i < lengths.Length; i++)
            bed.Ring.WriteDescriptor(head++, new Descriptor { Length = lengths[i], Flags = i + 1 < lengths.Length ? Descriptor.Next : (ushort)0 });
        bed.Ring.ReleaseHead(head);
    }

    private static (int, int) Links(MemifPort port) => (port.Statistics.Connections, port.Statistics.Reconnects);

    /// <summary>The queue of a walk, and what it counts.</summary>
    private sealed class DropsOf : IDisposable
    {
        private readonly MemifRxQueue _queue = new(0, MemifReceiveMode.Interrupt, Substitute.For<IQueueOwner>());

        internal DropsOf(RxWalk walk) => _queue.Attach(walk);

        internal void AssertAfterALook(ulong outsideMemory, ulong longerThanBuffer, ulong tooLong)
        {
            Assert.False(_queue.TryReceive([], out _));
            MemifRxStatistics rx = _queue.Statistics;
            Assert.Equal((outsideMemory, longerThanBuffer, tooLong), (rx.DroppedOutsideMemory, rx.DroppedLongerThanBuffer, rx.DroppedTooLong));
            Assert.Equal((outsideMemory + longerThanBuffer + tooLong, 0UL), (rx.Malformed, rx.Packets));
        }

        public void Dispose() => _queue.Close();
    }
}

using ZMemif.Memory;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>Packets on loan: they stay in shared memory, and their slots go back in the order of the ring.</summary>
[Collection(nameof(Alone))]
public sealed class LeaseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<MemifRole> Senders => [MemifRole.Client, MemifRole.Server];

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task TryLease_OnePacket_IsThereUntilItsDisposal(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 4);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        Assert.False(rx.TryLease(out MemifLease none));
        Assert.Equal((0, 0), (none.Length, none.SegmentCount));
        Assert.True(tx.TrySend("leased"u8));

        Assert.True(rx.TryLease(out MemifLease lease));

        Assert.Equal((6, 1), (lease.Length, lease.SegmentCount));
        Assert.Equal("leased"u8, lease.GetSegment(0));
        Assert.Equal("eased"u8, Copy(lease, 1));
        Assert.Equal((1UL, 6UL, 0), (rx.Statistics.Packets, rx.Statistics.Bytes, rx.Statistics.Occupancy));
        Assert.Equal(1, tx.Statistics.Occupancy);
        lease.Dispose();
        Assert.Equal(0, tx.Statistics.Occupancy);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task FullRingOfLeases_HoldsTheSenderBackUntilTheOldestIsReturned(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 4);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        MemifLease[] leases = [.. Enumerable.Range(0, 4).Select(i => SendAndLease(tx, rx, (byte)i))];
        Assert.False(tx.TrySend([4]));

        foreach (int i in new[] { 3, 1, 2 })
        {
            leases[i].Dispose();
            Assert.False(tx.TrySend([4]));
        }

        Assert.Equal([0], Copy(leases[0]));
        leases[0].Dispose();
        for (byte i = 4; i < 8; i++)
            Assert.True(tx.TrySend([i]));
        Assert.False(tx.TrySend([8]));
        for (byte i = 4; i < 8; i++)
            Assert.Equal([i], Receive(rx));
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Dispose_Again_GivesNothingBackTwice(MemifRole sender)
    {
        int before = Generation.LiveCount;
        PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 2);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        MemifLease first = SendAndLease(tx, rx, 1);
        first.Dispose();
        first.Dispose();
        MemifLease second = SendAndLease(tx, rx, 2);
        MemifLease third = SendAndLease(tx, rx, 3);

        // The slot of the first one is the third one's now.
        first.Dispose();
        third.Dispose();

        Assert.False(tx.TrySend([4]));
        Assert.Equal([2], Copy(second));
        Assert.NotEqual(first, third);
        Assert.Equal(2, tx.Statistics.Occupancy);
        await pair.DisposeAsync();
        Assert.Equal(before + 1, Generation.LiveCount);
        second.Dispose();
        second.Dispose();
        Assert.Equal(before, Generation.LiveCount);
    }

    [Fact]
    public void GetSegment_OfADefaultLease_SaysWhereLeasesComeFrom() => Assert.Contains(
        "TryLease", Assert.Throws<InvalidOperationException>(() => default(MemifLease).GetSegment(0).Length).Message, StringComparison.Ordinal);

    [Fact]
    public void Dispose_DefaultLease_DoesNothing()
    {
        MemifLease lease = default;

        lease.Dispose();

        Assert.Equal((0, 0), (lease.Length, lease.CopyTo(0, new byte[4])));
        Assert.True(lease == default);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task LinkIsLost_LeasesStayReadable_TheLastOneUnmaps(MemifRole sender)
    {
        ProcessCounts before = ProcessCounts.Take();
        PortPair pair = await PortPair.ConnectAsync(options => options.BufferSize = 64);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        byte[] chain = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        MemifLease one = SendAndLease(tx, rx, 1);
        Assert.True(tx.TrySend(chain));
        Assert.True(rx.TryLease(out MemifLease two));

        await pair.DisposeAsync();

        Assert.Equal(before with { Mappings = before.Mappings + 1, Generations = before.Generations + 1 }, WithoutDescriptors(before));
        Assert.Equal([1], Copy(one));
        one.Dispose();
        Assert.Equal(chain, Copy(two));
        two.Dispose();
        before.AssertAgain();
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task LinkComesAgain_LeasesOfTheEarlierOne_DoNotTouchIt(MemifRole sender)
    {
        int before = Generation.LiveCount;
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 4);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        MemifLease old = SendAndLease(tx, rx, 1);
        pair.Server.Disconnect();
        await pair.ServerEvents.ExpectDownAsync();
        await pair.ClientEvents.ExpectDownAsync();
        await pair.ServerEvents.ExpectUpAsync();
        await pair.ClientEvents.ExpectUpAsync();

        MemifLease recent = SendAndLease(tx, rx, 2);
        Assert.NotEqual(old, recent);
        old.Dispose();

        Assert.Equal(1, tx.Statistics.Occupancy);
        Assert.Equal([2], Copy(recent));
        recent.Dispose();
        Assert.Equal(0, tx.Statistics.Occupancy);
        Assert.Equal(before + 2, Generation.LiveCount);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task CopiedReceives_BetweenLeases_AreHeldBackByTheOldest(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => options.RingSize = 8);
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        Assert.Equal(8, tx.Send([.. Enumerable.Range(0, 8).Select(i => new ReadOnlyMemory<byte>([(byte)i]))]));
        Assert.Equal([0], Receive(rx));
        Assert.Equal(7, tx.Statistics.Occupancy);
        Assert.True(rx.TryLease(out MemifLease first));
        Assert.Equal([2], Receive(rx));
        Assert.Equal(2, rx.Acquire(2));
        Assert.True(rx.TryRead(out _));
        Assert.True(rx.TryRead(out _));
        rx.Release();
        Assert.True(rx.TryLease(out MemifLease second));
        Assert.Equal([6], Receive(rx));
        Assert.Equal(7, tx.Statistics.Occupancy);

        first.Dispose();
        Assert.Equal(3, tx.Statistics.Occupancy);
        Assert.Equal([5], Copy(second));
        second.Dispose();
        Assert.Equal(1, tx.Statistics.Occupancy);
        Assert.Equal([7], Receive(rx));
        Assert.Equal(0, tx.Statistics.Occupancy);
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task TryLease_ChainsAroundTheEndOfTheRing_AreWhole(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (8, 64));
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        MemifLease held = default;

        for (int round = 0; round < 100; round++)
        {
            byte[] packet = [.. Enumerable.Range(round, 130 + round % 60).Select(i => (byte)i)];
            Assert.True(tx.TrySend(packet));
            Assert.True(rx.TryLease(out MemifLease lease));
            Assert.Equal(3, lease.SegmentCount);
            held.Dispose();
            Assert.Equal(packet, Copy(lease));
            Assert.Equal(packet[100..], Copy(lease, 100));
            held = lease;
        }

        held.Dispose();
        Assert.Equal(0, tx.Statistics.Occupancy);
    }

    [Fact]
    public async Task TryLease_WhileABurstIsHeld_IsRefused()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);
        Assert.True(tx.TrySend([1]));
        Assert.Equal(1, rx.Acquire(1));

        Assert.Throws<InvalidOperationException>(() => rx.TryLease(out _));

        rx.Release();
    }

    [Theory]
    [MemberData(nameof(Senders))]
    public async Task Dispose_OnManyThreads_LosesNoSlotAndNoPacket(MemifRole sender)
    {
        const int Total = 100_000;
        await using PortPair pair = await PortPair.ConnectAsync(options => (options.RingSize, options.BufferSize) = (64, 64));
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        using var leases = new System.Collections.Concurrent.BlockingCollection<(int Number, MemifLease Lease)>(48);
        Task[] returners = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            foreach ((int number, MemifLease lease) in leases.GetConsumingEnumerable())
            {
                Assert.Equal(number, BitConverter.ToInt32(lease.GetSegment(0)));
                lease.Dispose();
            }
        }))];
        var receiver = Task.Run(() =>
        {
            byte[] copy = new byte[4];
            for (int received = 0; received < Total; received++)
            {
                // Every third one by copy, between the leases.
                if (received % 3 == 2)
                {
                    while (!rx.TryReceive(copy, out _))
                        rx.Wait(Patience);
                    Assert.Equal(received, BitConverter.ToInt32(copy));
                    continue;
                }

                MemifLease lease;
                while (!rx.TryLease(out lease))
                    rx.Wait(Patience);
                leases.Add((received, lease));
            }

            leases.CompleteAdding();
        });

        for (int sent = 0; sent < Total;)
        {
            if (tx.TrySend(BitConverter.GetBytes(sent)))
                sent++;
            else
                Assert.True(tx.WaitForRoom(Patience), "The receiver takes nothing any more.");
        }

        await Task.WhenAll([receiver, .. returners]).WaitAsync(Patience);
        Assert.Equal(0, tx.Statistics.Occupancy);
        Assert.Equal(MemifPortState.Connected, pair.Server.State);
    }

    private static ProcessCounts WithoutDescriptors(ProcessCounts before) => ProcessCounts.Take() with { Descriptors = before.Descriptors };

    private static MemifLease SendAndLease(MemifTxQueue tx, MemifRxQueue rx, byte content)
    {
        Assert.True(tx.TrySend([content]));
        Assert.True(rx.TryLease(out MemifLease lease));
        return lease;
    }

    private static byte[] Copy(MemifLease lease, int offset = 0)
    {
        byte[] copy = new byte[lease.Length];
        return copy[..lease.CopyTo(offset, copy)];
    }

    private static byte[] Receive(MemifRxQueue rx)
    {
        byte[] buffer = new byte[64];
        return rx.TryReceive(buffer, out int length) ? buffer[..length] : [];
    }
}

using NSubstitute;
using ZMemif.Memory;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>Who sends and goes at once is heard all the same: what lies on the ring when a link ends can still be received.</summary>
[Collection(nameof(Alone))]
public sealed class LastPacketsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<MemifRole> Ends => [MemifRole.Client, MemifRole.Server];

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Sender_HasGone_WhatItSentIsReceived(MemifRole sender)
    {
        ProcessCounts before = ProcessCounts.Take();
        await using (PortPair pair = await PortPair.ConnectAsync())
        {
            (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
            for (byte i = 0; i < 5; i++)
                Assert.True(tx.TrySend([i]));

            await pair.DisposeAsync(sender);
            await Staying(pair, sender).ExpectDownAsync();

            Assert.False(rx.IsConnected);
            Assert.Equal([0, 1, 2, 3, 4], ReadAll(rx));
            Assert.Equal(5UL, rx.Packets);
            Assert.True(SpinWait.SpinUntil(() => Generation.LiveCount == before.Generations, Patience), "What has been read is kept.");
        }

        before.AssertAgain();
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Sleeper_SenderHasGone_IsWokenAndReceives(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        Task<List<byte>> receiving = Task.Factory.StartNew(
            () =>
            {
                var received = new List<byte>();
                while (received.Count < 3)
                {
                    received.AddRange(ReadAll(rx));
                    rx.Wait(TimeSpan.FromSeconds(1));
                }

                return received;
            },
            TaskCreationOptions.LongRunning);
        for (byte i = 0; i < 3; i++)
            Assert.True(tx.TrySend([i]));

        await pair.DisposeAsync(sender);

        Assert.Equal([0, 1, 2], await receiving.WaitAsync(Patience));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Receiver_NobodyReads_NextLinkTakesItsPlace(MemifRole sender)
    {
        string address = TestAddress.Abstract();
        await using var stayingSocket = new MemifSocket(address);
        MemifPort staying = stayingSocket.AddPort(new MemifPortOptions { Role = sender == MemifRole.Client ? MemifRole.Server : MemifRole.Client });
        stayingSocket.Start();
        for (byte life = 1; life <= 3; life++)
        {
            await using var socket = new MemifSocket(address);
            MemifPort port = socket.AddPort(new MemifPortOptions { Role = sender });
            socket.Start();
            await port.WaitConnectedAsync().WaitAsync(Patience);
            await staying.WaitConnectedAsync().WaitAsync(Patience);
            Assert.True(port.TxQueues[0].TrySend([life]));
        }

        Assert.Equal([3], ReadAll(staying.RxQueues[0]));
    }

    [Fact]
    public async Task Lease_OfWhatCameLast_KeepsTheMemory()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);
        Assert.True(tx.TrySend([7]));
        await pair.DisposeAsync(MemifRole.Client);
        await pair.ServerEvents.ExpectDownAsync();

        Assert.True(rx.TryLease(out MemifLease lease));
        Assert.Equal(0, rx.Acquire(1));
        byte[] copy = new byte[1];
        lease.CopyTo(0, copy);

        Assert.Equal([7], copy);
        lease.Dispose();
    }

    [Fact]
    public void Peer_WritesOnAfterItHasGone_IsNotHeard()
    {
        int before = Generation.LiveCount;
        using var bed = new RingBed(log2Size: 3);
        var queue = new MemifRxQueue(0, MemifReceiveMode.Interrupt, Substitute.For<IQueueOwner>());
        queue.Attach(bed.ServerReceives(owned: false));
        bed.Publish(head: 0, count: 2);
        queue.Retire();
        Assert.Equal(1, queue.Acquire(1));
        Assert.True(queue.TryRead(out _));
        queue.Release();

        bed.Publish(head: 2, count: 2);

        Assert.Equal(1, queue.Acquire(4));
        Assert.True(queue.TryRead(out _));
        queue.Release();
        Assert.Equal(0, queue.Acquire(4));
        bed.Dispose();
        Assert.Equal(before, Generation.LiveCount);
        queue.Close();
    }

    [Fact]
    public void HalfAPacket_SenderHasGone_IsNotWaitedFor()
    {
        int before = Generation.LiveCount;
        using var bed = new RingBed(log2Size: 3);
        var queue = new MemifRxQueue(0, MemifReceiveMode.Interrupt, Substitute.For<IQueueOwner>());
        queue.Attach(bed.ServerReceives(owned: false));
        bed.Ring.WriteDescriptor(0, new Descriptor { Flags = Descriptor.Next, Length = 1 });
        bed.Ring.ReleaseHead(1);
        queue.Retire();

        Assert.Equal(0, queue.Acquire(1));

        bed.Dispose();
        Assert.Equal(before, Generation.LiveCount);
        queue.Close();
    }

    private static PortLog Staying(PortPair pair, MemifRole leaving) => leaving == MemifRole.Client ? pair.ServerEvents : pair.ClientEvents;

    private static List<byte> ReadAll(MemifRxQueue queue)
    {
        var received = new List<byte>();
        byte[] buffer = new byte[16];
        while (queue.TryReceive(buffer, out _))
            received.Add(buffer[0]);
        return received;
    }
}

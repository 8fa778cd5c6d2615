using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>What an inbox costs. Allocations are counted on the test's own thread, so that other tests do not matter.</summary>
public sealed class DatagramInboxMemoryTests
{
    private const int Rounds = 1000;

    /// <summary>So large that a buffer which is not given back is missed.</summary>
    private static readonly byte[] s_payload = new byte[40_000];

    private readonly DatagramInbox _inbox = new();

    [Fact]
    public void Buffers_OfReadDatagrams_AreReturned() => AssertReturned(() =>
    {
        Assert.Null(_inbox.Deliver(s_payload));
        Assert.True(_inbox.TryTake(out QueuedDatagram datagram));
        DatagramInbox.Return(datagram);
    });

    [Fact]
    public void Buffers_OfDamagedDatagrams_AreReturned() => AssertReturned(() =>
        Assert.Equal(MemifDropReason.BadUdpChecksum, _inbox.DeliverDamaged(s_payload)));

    [Fact]
    public void Buffers_OfUnreadDatagrams_AreReturnedByClose() => AssertReturned(() =>
    {
        var inbox = new DatagramInbox();
        Assert.Null(inbox.Deliver(s_payload));
        Assert.Equal(1, inbox.Close());
    });

    [Fact]
    public void Buffers_OfDatagramsThatCameTooLate_AreReturned()
    {
        _inbox.Close();
        AssertReturned(() => Assert.Equal(MemifDropReason.NoSocket, _inbox.Deliver(s_payload)));
    }

    [Fact]
    public void TakeAsync_PendingAndServed_AllocatesNothing()
    {
        Serve(rounds: 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Serve(rounds: 100_000);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public void TakeAsync_PendingAndCancelled_AllocatesBoundedlyAndUsesItsOperationAgain()
    {
        const int Receives = 100_000;
        CancelReceives(100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        CancelReceives(Receives);

        // A source, its registration, and an exception with its trace; but no operation and no place in the queue.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Receives, 0, 4000);
        Assert.Null(_inbox.Deliver(1));
        Assert.Equal(1, _inbox.TakeNumber());
    }

    [Fact]
    public async Task TakeAsync_ManyPendingAndAllCancelled_LeavesTheFirstInTurn()
    {
        const int Receives = 100_000;
        using var cancellation = new CancellationTokenSource();
        Task<QueuedDatagram> first = _inbox.TakeAsync(CancellationToken.None).AsTask();
        Task<QueuedDatagram>[] others = [.. Enumerable.Range(0, Receives).Select(_ => _inbox.TakeAsync(cancellation.Token).AsTask())];

        await cancellation.CancelAsync();

        foreach (Task<QueuedDatagram> other in others)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
        Assert.Null(_inbox.Deliver(1));
        Assert.Equal(1, InboxDriver.NumberIn(await first));
        Assert.Null(_inbox.Deliver(2));
        Assert.Equal(2, _inbox.TakeNumber());
    }

    private void Serve(int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            ValueTask<QueuedDatagram> pending = _inbox.TakeAsync(CancellationToken.None);
            _inbox.Deliver(i);
            if (!pending.IsCompletedSuccessfully)
                throw new InvalidOperationException("The receive was not served.");
            DatagramInbox.Return(pending.Result);
        }
    }

    private void CancelReceives(int count)
    {
        for (int i = 0; i < count; i++)
        {
            using var cancellation = new CancellationTokenSource();
            ValueTask<QueuedDatagram> pending = _inbox.TakeAsync(cancellation.Token);
            cancellation.Cancel();
            Assert.True(pending.IsFaulted);
            Assert.ThrowsAny<OperationCanceledException>(() => pending.GetAwaiter().GetResult());
        }
    }

    private static void AssertReturned(Action use)
    {
        use();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
            use();

        // A tenth of what would have been allocated if no buffer had come back.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (long)Rounds * s_payload.Length / 10);
    }
}

using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;
using ZMemif.Udp.Tests.Stack;

namespace ZMemif.Udp.Tests.Sockets;

public sealed class DatagramInboxTests
{
    private readonly DatagramInbox _inbox = new();

    [Fact]
    public void TryTake_Datagrams_ComeInOrder()
    {
        Assert.Null(_inbox.TakeNumber());
        for (int i = 0; i < 5; i++)
            Assert.Null(_inbox.Deliver(i));

        Assert.Equal([0, 1, 2, 3, 4, null], Enumerable.Range(0, 6).Select(_ => _inbox.TakeNumber()));
    }

    [Fact]
    public void TryTake_Datagram_HasItsPayloadAndEnds()
    {
        _inbox.Deliver("hello"u8);

        Assert.True(_inbox.TryTake(out QueuedDatagram datagram));
        Assert.Equal("hello"u8, datagram.Payload);
        Assert.Equal((Net.Neighbor, 5000, Net.Own), (datagram.Source, datagram.SourcePort, datagram.Destination));
    }

    [Fact]
    public async Task TakeAsync_DatagramWaits_CompletesAtOnce()
    {
        _inbox.Deliver(1);

        ValueTask<QueuedDatagram> task = _inbox.TakeAsync(CancellationToken.None);

        Assert.True(task.IsCompletedSuccessfully);
        Assert.Equal(1, InboxDriver.NumberIn(await task));
    }

    [Fact]
    public void Take_DatagramWaits_DoesNotWait()
    {
        _inbox.Deliver(1);

        Assert.Equal(SocketError.Success, _inbox.Take(Timeout.Infinite, out QueuedDatagram datagram));
        Assert.Equal(1, InboxDriver.NumberIn(datagram));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Take_NothingComes_TimesOutAndLeavesTheQueue(int milliseconds)
    {
        Assert.Equal(SocketError.TimedOut, _inbox.Take(milliseconds, out _));

        _inbox.Deliver(1);
        Assert.Equal(1, _inbox.TakeNumber());
    }

    [Fact]
    public async Task Waiters_BlockedAndAsynchronous_AreServedInTurn()
    {
        Task<int> first = TakeNumberAsync();
        (Thread thread, Task<int> second) = BlockInTake();
        await WaitUntilBlocked(thread);
        Task<int> third = TakeNumberAsync();

        for (int i = 1; i <= 3; i++)
            Assert.Null(_inbox.Deliver(i));

        int[] numbers = await Task.WhenAll(first, second, third);
        Assert.Equal([1, 2, 3], numbers);
        thread.Join();
    }

    [Fact]
    public async Task Waiter_ServedDirectly_LeavesNothingQueuedOrCharged()
    {
        for (int i = 0; i < 1000; i++)
        {
            Task<int> waiter = TakeNumberAsync();
            Assert.Null(_inbox.Deliver(i));
            Assert.Equal(i, await waiter);
        }

        Assert.Null(_inbox.TakeNumber());
        AssertHolds(256, new byte[64]);
    }

    [Theory]
    [InlineData(64, 256)]
    [InlineData(1472, 92)]
    public void Deliver_DefaultLimit_HoldsSoManyAndDropsTheNewest(int length, int count)
    {
        AssertHolds(count, new byte[length]);

        Assert.Equal(MemifDropReason.ReceiveBufferFull, _inbox.Deliver(new byte[length]));
        Assert.True(_inbox.TryTake(out _));
        Assert.Null(_inbox.Deliver(new byte[length]));
        Assert.Equal(MemifDropReason.ReceiveBufferFull, _inbox.Deliver(new byte[length]));
    }

    [Fact]
    public void Deliver_LongerThanTheLimit_IsTakenWhenEmptyAndThenNothingElse()
    {
        byte[] huge = new byte[ReceiveBudget.DefaultLimit + 1];

        Assert.Null(_inbox.Deliver(huge));
        Assert.Equal(MemifDropReason.ReceiveBufferFull, _inbox.Deliver([]));

        Assert.True(_inbox.TryTake(out QueuedDatagram datagram));
        Assert.Equal(huge.Length, datagram.Length);
        Assert.Null(_inbox.Deliver([]));
        Assert.Equal(MemifDropReason.ReceiveBufferFull, _inbox.Deliver(huge));
    }

    [Fact]
    public void Deliver_Damaged_IsDroppedAndChargesNothing()
    {
        for (int i = 0; i < 1000; i++)
            Assert.Equal(MemifDropReason.BadUdpChecksum, _inbox.DeliverDamaged("hello"u8));

        Assert.Null(_inbox.TakeNumber());
        AssertHolds(256, new byte[64]);
    }

    [Fact]
    public void Deliver_DamagedWhileSomebodyWaits_LeavesHimWaiting()
    {
        Task<int> waiter = TakeNumberAsync();

        _inbox.DeliverDamaged("hello"u8);

        Assert.False(waiter.IsCompleted);
    }

    [Fact]
    public async Task Cancel_OneOfSeveral_LeavesTheOthersInOrder()
    {
        using var cancellation = new CancellationTokenSource();
        Task<int> first = TakeNumberAsync();
        Task<int> second = TakeNumberAsync(cancellation.Token);
        Task<int> third = TakeNumberAsync();

        await cancellation.CancelAsync();
        _inbox.Deliver(1);
        _inbox.Deliver(2);

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        int[] numbers = await Task.WhenAll(first, third);
        Assert.Equal([1, 2], numbers);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Cancel_AtAnyPlace_KeepsTheQueueWhole(int place)
    {
        using var cancellation = new CancellationTokenSource();
        Task<int>[] waiters = [.. Enumerable.Range(0, 3).Select(i => TakeNumberAsync(i == place ? cancellation.Token : default))];

        await cancellation.CancelAsync();
        Task<int>[] rest = [.. waiters.Where((_, i) => i != place), TakeNumberAsync()];
        for (int i = 0; i < 3; i++)
            _inbox.Deliver(i);

        int[] numbers = await Task.WhenAll(rest);
        Assert.Equal([0, 1, 2], numbers);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiters[place]);
    }

    [Fact]
    public async Task Cancel_BeforeTheCall_IsCancelledWhenNothingWaits()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TakeNumberAsync(new CancellationToken(canceled: true)));

        _inbox.Deliver(1);
        Assert.Equal(1, _inbox.TakeNumber());
    }

    [Fact]
    public async Task Cancel_AfterCompletion_ChangesNothing()
    {
        using var cancellation = new CancellationTokenSource();
        ValueTask<QueuedDatagram> task = _inbox.TakeAsync(cancellation.Token);
        _inbox.Deliver(1);

        await cancellation.CancelAsync();

        Assert.Equal(1, InboxDriver.NumberIn(await task));
        Task<int> next = TakeNumberAsync();
        _inbox.Deliver(2);
        Assert.Equal(2, await next);
    }

    [Fact]
    public async Task Close_SomebodyWaits_EachGetsTheErrorOfItsKind()
    {
        Task<int>[] waiters = [TakeNumberAsync(), TakeNumberAsync(new CancellationTokenSource().Token)];
        (Thread thread, Task<int> blocked) = BlockInTake();
        await WaitUntilBlocked(thread);

        Assert.Equal(0, _inbox.Close());

        Assert.Equal(SocketError.Interrupted, (await Assert.ThrowsAsync<SocketException>(() => blocked)).SocketErrorCode);
        foreach (Task<int> waiter in waiters)
            Assert.Equal(SocketError.OperationAborted, (await Assert.ThrowsAsync<SocketException>(() => waiter)).SocketErrorCode);
        thread.Join();
    }

    [Fact]
    public async Task Close_Afterwards_NothingWaitsOrGoesIn()
    {
        _inbox.Deliver(1);
        _inbox.Deliver(2);

        Assert.Equal(2, _inbox.Close());
        Assert.Equal(0, _inbox.Close());

        Assert.Equal(MemifDropReason.NoSocket, _inbox.Deliver(3));
        Assert.False(_inbox.TryTake(out _));
        Assert.Equal(SocketError.Interrupted, _inbox.Take(Timeout.Infinite, out _));
        var error = await Assert.ThrowsAsync<SocketException>(() => TakeNumberAsync());
        Assert.Equal(SocketError.OperationAborted, error.SocketErrorCode);
    }

    [Fact]
    public void Close_WhenFull_RefusesWhatComesAsNobodys()
    {
        AssertHolds(256, new byte[64]);
        _inbox.Close();

        Assert.Equal(MemifDropReason.NoSocket, _inbox.Deliver(new byte[64]));
    }

    [Fact]
    public async Task Complete_WithAContinuation_DoesNotRunItOnTheDeliveringThread()
    {
        using var isHeld = new ManualResetEventSlim();
        Task<bool> continued = ContinueAsync();

        // Were the continuation run in here, it would wait in vain for what follows.
        _inbox.Deliver(1);
        isHeld.Set();

        Assert.True(await continued);

        async Task<bool> ContinueAsync()
        {
            InboxDriver.NumberIn(await _inbox.TakeAsync(CancellationToken.None).ConfigureAwait(false));
            return isHeld.Wait(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public async Task Take_ThreadInterrupted_LeavesTheQueue()
    {
        (Thread thread, Task<int> blocked) = BlockInTake();
        await WaitUntilBlocked(thread);
        thread.Interrupt();
        await Assert.ThrowsAsync<ThreadInterruptedException>(() => blocked);
        thread.Join();

        _inbox.Deliver(1);

        Assert.Equal(1, _inbox.TakeNumber());
    }

    private void AssertHolds(int count, byte[] payload)
    {
        for (int i = 0; i < count; i++)
            Assert.Null(_inbox.Deliver(payload));
        Assert.Equal(MemifDropReason.ReceiveBufferFull, _inbox.Deliver(payload));
    }

    private async Task<int> TakeNumberAsync(CancellationToken cancellationToken = default) =>
        InboxDriver.NumberIn(await _inbox.TakeAsync(cancellationToken));

    private (Thread Thread, Task<int> Number) BlockInTake()
    {
        var result = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                SocketError error = _inbox.Take(Timeout.Infinite, out QueuedDatagram datagram);
                if (error == SocketError.Success)
                    result.SetResult(InboxDriver.NumberIn(datagram));
                else
                    result.SetException(new SocketException((int)error));
            }
            catch (ThreadInterruptedException interrupted)
            {
                result.SetException(interrupted);
            }
        });
        thread.Start();
        return (thread, result.Task);
    }

    /// <summary>A thread that sleeps in its only blocking call has entered the queue.</summary>
    private static async Task WaitUntilBlocked(Thread thread)
    {
        while (!thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin))
            await Task.Yield();
    }
}

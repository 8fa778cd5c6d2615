using System.Numerics;
using ZMemif.Udp.Link;

namespace ZMemif.Udp.Tests.Link;

/// <summary>What befalls frames, and that exactly that is counted.</summary>
public sealed class FaultLinkTests
{
    private const int Frames = 2000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Loss_LosesWhatItCounts(bool isOut)
    {
        (MemifFaultCounts counts, List<byte[]> arrived) = await RunAsync("loss:0.2,seed:7", isOut);

        Assert.InRange(counts.Lost, Frames / 10, Frames / 4);
        Assert.Equal(Frames, arrived.Count + counts.Lost);
        Assert.Equal(arrived.Select(FaultBed.Number).Order(), arrived.Select(FaultBed.Number));
        AssertOnly(counts, counts.Lost);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Duplication_SendsTwiceWhatItCounts(bool isOut)
    {
        (MemifFaultCounts counts, List<byte[]> arrived) = await RunAsync("duplicate:0.2,seed:7", isOut);

        Assert.InRange(counts.Duplicated, Frames / 10, Frames / 4);
        Assert.Equal(counts.Duplicated, arrived.GroupBy(FaultBed.Number).Count(copies => copies.Count() == 2));
        Assert.Equal(Enumerable.Range(0, Frames), arrived.Select(FaultBed.Number).Distinct());
        AssertOnly(counts, counts.Duplicated);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reordering_LetsTheNextFrameOvertakeAsOftenAsItCounts(bool isOut)
    {
        (MemifFaultCounts counts, List<byte[]> arrived) = await RunAsync("reorder:0.2,seed:7", isOut);

        int[] numbers = [.. arrived.Select(FaultBed.Number)];
        Assert.InRange(counts.Reordered, Frames / 10, Frames / 4);
        Assert.Equal(counts.Reordered, numbers.Zip(numbers.Skip(1)).Count(pair => pair.First == pair.Second + 1));
        Assert.Equal(Enumerable.Range(0, Frames), numbers.Order());
        AssertOnly(counts, counts.Reordered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Corruption_FlipsOneBitOfEachFrameThatItCounts(bool isOut)
    {
        (MemifFaultCounts counts, List<byte[]> arrived) = await RunAsync("corrupt:0.2,seed:7", isOut);

        int[] flipped = [.. arrived.Select((frame, i) => frame.Zip(FaultBed.Frame(i)).Sum(pair => BitOperations.PopCount((uint)(pair.First ^ pair.Second))))];
        Assert.InRange(counts.Corrupted, Frames / 10, Frames / 4);
        Assert.Equal(counts.Corrupted, flipped.Sum());
        Assert.Equal(1, flipped.Max());
        AssertOnly(counts, counts.Corrupted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delay_KeepsEveryFrameForItsTime(bool isOut)
    {
        await using var bed = new FaultBed("delay:2ms");
        for (int i = 0; i < 3; i++)
        {
            Put(bed, i, isOut);
            Assert.Empty(Arrived(bed, isOut));
            bed.Pass(0.5);
        }

        Assert.Equal(3, Counts(bed, isOut).Held);
        bed.Pass(0.25);
        Assert.Empty(Arrived(bed, isOut));
        bed.Pass(0.25);
        Assert.Equal(0, FaultBed.Number(Assert.Single(Arrived(bed, isOut))));
        bed.Pass(2);
        Assert.Equal(isOut ? [0, 1, 2] : [1, 2], Arrived(bed, isOut).Select(FaultBed.Number));
        AssertOnly(Counts(bed, isOut), Counts(bed, isOut).Delayed);
        Assert.Equal(3, Counts(bed, isOut).Delayed);
    }

    [Fact]
    public async Task Full_RefusesForAWhileAndShowsNoRoom()
    {
        await using var bed = new FaultBed("full:0.5,seed:7");
        int refused = 0;
        for (int i = 0; i < 200; i++)
        {
            if (bed.TrySend(i))
                continue;
            refused++;
            Assert.Equal((0, refused), (bed.Transmitter.Room, bed.OnTransmit.Refused));
            Assert.False(bed.TrySend(i));
            Assert.Equal(refused, bed.OnTransmit.Refused);
            bed.Pass(RingPause.Length.TotalMilliseconds);
            Assert.NotEqual(0, bed.Transmitter.Room);
        }

        Assert.InRange(refused, 50, 150);
        Assert.Equal((200 - refused, 200 - refused), (bed.Sent.Length, (int)bed.Transmitter.Frames));
        AssertOnly(bed.OnTransmit, bed.OnTransmit.Refused);
        AssertOnly(bed.OnReceive, 0);
    }

    [Fact]
    public async Task Full_Always_NeverEnds()
    {
        await using var bed = new FaultBed("full:1");

        Assert.False(bed.TrySend(1));
        bed.Pass(TimeSpan.FromDays(1).TotalMilliseconds);

        Assert.False(bed.TrySend(1));
        Assert.Equal((0, 1), (bed.Transmitter.Room, bed.OnTransmit.Refused));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SameSeed_TwoRuns_DoTheSame(bool isOut)
    {
        const string All = "loss:0.1,duplicate:0.1,reorder:0.1,corrupt:0.1,delay:1ms,full:0.1,seed:";

        (MemifFaultCounts counts, List<byte[]> arrived) = await RunAsync(All + "7", isOut);
        (MemifFaultCounts again, List<byte[]> arrivedAgain) = await RunAsync(All + "7", isOut);
        (_, List<byte[]> other) = await RunAsync(All + "8", isOut);

        Assert.Equal(arrived, arrivedAgain);
        Assert.Equivalent(counts, again, strict: true);
        Assert.NotEqual(arrived, other);
        Assert.Equal(Frames + counts.Duplicated, arrived.Count + counts.Lost + counts.Held);
    }

    [Fact]
    public async Task Fault_ItsProbability_DoesNotChangeWhatBefallsOthers()
    {
        (_, List<byte[]> plain) = await RunAsync("loss:0.1,seed:7", isOut: true);
        (_, List<byte[]> twice) = await RunAsync("loss:0.1,duplicate:1,full:0.2,seed:7", isOut: true);

        Assert.Equal(plain, twice.Where((_, i) => i % 2 == 0));
    }

    [Fact]
    public async Task Queues_OfOneSeed_HaveFatesOfTheirOwn()
    {
        await using var bed = new FaultBed("loss:0.5,seed:7", queues: 2);

        bed.SendAll(100, queue: 0);
        bed.SendAll(100, queue: 1);

        Assert.NotEqual(bed.Ring.Queues[0].Sent.Select(FaultBed.Number), bed.Ring.Queues[1].Sent.Select(FaultBed.Number));
        Assert.Equal(200, bed.Ring.Queues[0].Sent.Count + bed.Ring.Queues[1].Sent.Count + bed.OnTransmit.Lost);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reordering_NobodyOvertakes_TheFrameGoesOn(bool isOut)
    {
        await using var bed = new FaultBed("reorder:1");
        Put(bed, 1, isOut);
        Assert.Empty(Arrived(bed, isOut));

        bed.Pass(FaultyLine.Patience.TotalMilliseconds);
        Assert.Single(Arrived(bed, isOut));
        Put(bed, 2, isOut);
        Assert.Equal(isOut ? 1 : 0, Arrived(bed, isOut).Count);
        bed.Pass(FaultyLine.Patience.TotalMilliseconds);

        Assert.Equal(isOut ? [1, 2] : [2], Arrived(bed, isOut).Select(FaultBed.Number));
        AssertOnly(Counts(bed, isOut), 0);
    }

    [Fact]
    public async Task Burst_ThroughNoFault_ArrivesInOrderTogether()
    {
        await using var bed = new FaultBed("loss:0,seed:1");
        for (int i = 0; i < 3; i++)
        {
            Assert.True(bed.Transmitter.TryReserve(60 + i, out Span<byte> frame));
            FaultBed.Frame(i, 60 + i).CopyTo(frame);
        }

        Assert.Empty(bed.Sent);
        Assert.True(bed.Transmitter.Commit());

        Assert.Equal([0, 1, 2], bed.Sent);
        Assert.Equal([60, 61, 62], bed.Ring.Sent.Select(frame => frame.Length));
        Assert.Equal(3, bed.Transmitter.Frames);
    }

    [Fact]
    public async Task Burst_Discarded_IsNotSentAndLeavesTheQueueUsable()
    {
        await using var bed = new FaultBed("loss:0");
        bed.Ring.Transmitter.Room = 1;
        Assert.True(bed.Transmitter.TryReserve(60, out _));
        Assert.False(bed.Transmitter.TryReserve(60, out _));

        bed.Transmitter.Discard();

        Assert.True(bed.TrySend(5));
        Assert.Equal([5], bed.Sent);
        Assert.Equal(1, bed.Transmitter.Frames);
    }

    [Fact]
    public async Task Delayed_FramesUnderWay_TakeTheirSlots()
    {
        await using var bed = new FaultBed("delay:2ms");
        bed.Ring.Transmitter.Room = 5;
        bed.Ring.Transmitter.BufferLength = 30;

        Assert.True(bed.TrySend(1));
        Assert.True(bed.TrySend(2));

        Assert.Equal(1, bed.Transmitter.Room);
        Assert.False(bed.TrySend(3));
        Assert.True(bed.TrySend(3, length: 30));
        bed.Pass(2);
        Assert.Equal([1, 2, 3], bed.Sent);
    }

    [Fact]
    public async Task Duplicate_RingFull_GoesWhenThereIsRoom()
    {
        await using var bed = new FaultBed("duplicate:1");
        bed.Ring.Transmitter.Room = 1;

        Assert.True(bed.TrySend(1));
        Assert.Equal([1], bed.Sent);
        Assert.Equal((0, 1), (bed.Transmitter.Room, bed.OnTransmit.Held));
        bed.Ring.Transmitter.Room = 1;
        bed.Pass(1);

        Assert.Equal([1, 1], bed.Sent);
        Assert.Equal(0, bed.OnTransmit.Held);
    }

    [Fact]
    public async Task LinkGoes_WhatIsUnderWayIsLost()
    {
        await using var bed = new FaultBed("delay:2ms");
        Assert.True(bed.TrySend(1));

        bed.Ring.IsUp = false;
        bed.Pass(2);

        Assert.Empty(bed.Sent);
        Assert.Equal((1, 0), (bed.OnTransmit.Lost, bed.OnTransmit.Held));
        Assert.False(bed.TrySend(2));
        Assert.Equal(1, bed.Transmitter.Frames);
    }

    [Fact]
    public async Task Closed_NothingIsSentAnyMore()
    {
        var bed = new FaultBed("delay:2ms");
        Assert.True(bed.TrySend(1));

        await bed.DisposeAsync();
        bed.Pass(10);

        Assert.Empty(bed.Sent);
        Assert.Equal(1, bed.OnTransmit.Held);
    }

    [Fact]
    public async Task Received_Delayed_WakesTheSleeperWhenDue()
    {
        await using var bed = new FaultBed("delay:2ms");
        bed.Ring.Receiver.EnqueueQuietly(FaultBed.Frame(1));
        Assert.Equal(0, bed.Receiver.Acquire(64));
        Task sleeping = Task.Factory.StartNew(() => bed.Receiver.Wait(Timeout.InfiniteTimeSpan), TaskCreationOptions.LongRunning);
        Assert.True(SpinWait.SpinUntil(() => bed.Ring.Receiver.Sleepers == 1, TimeSpan.FromSeconds(20)));

        bed.Pass(1.9);
        Assert.Equal(1, bed.Ring.Receiver.Sleepers);
        bed.Pass(1);

        await sleeping.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, bed.Receiver.Acquire(64));
    }

    [Fact]
    public async Task Received_LeftUnread_StaysAndWakesWhoSleepsNext()
    {
        await using var bed = new FaultBed("duplicate:1");
        bed.Ring.Receiver.EnqueueQuietly(FaultBed.Frame(1));
        Assert.Equal(1, bed.Receiver.Acquire(1));
        Assert.True(bed.Receiver.TryRead(out _));
        bed.Receiver.Release();

        // Returns at once, or the test does not end.
        bed.Receiver.Wait(Timeout.InfiniteTimeSpan);

        Assert.Equal((1, 1), (bed.Receiver.Frames, bed.OnReceive.Held));
        Assert.Equal(1, FaultBed.Number(Assert.Single(bed.ReceiveAll())));
        Assert.Equal(0, bed.OnReceive.Held);
    }

    [Fact]
    public async Task Received_FirstIsLost_TheNextIsSeenAtTheSameLook()
    {
        await using var bed = new FaultBed("loss:0.5,seed:7");
        for (int i = 0; i < 100; i++)
            bed.Ring.Receiver.EnqueueQuietly(FaultBed.Frame(i));

        Assert.Equal(100, bed.ReceiveAll(burst: 1).Count + bed.OnReceive.Lost);
    }

    [Fact]
    public async Task UnderWay_MoreThanALineHolds_IsLost()
    {
        const int Length = 60_000;
        await using var bed = new FaultBed("delay:10s");
        int frames = 2 * FaultyLine.MaxBytes / Length;

        for (int i = 0; i < frames; i++)
            Assert.True(bed.TrySend(i, length: Length));

        Assert.Equal(frames, bed.OnTransmit.Lost + bed.OnTransmit.Held);
        Assert.InRange(bed.OnTransmit.Held, (FaultyLine.MaxBytes / Length) - 2, FaultyLine.MaxBytes / Length);
        bed.Pass(10_000);
        Assert.Equal(Enumerable.Range(0, bed.Sent.Length), bed.Sent);
        Assert.Equal(frames - bed.OnTransmit.Lost, bed.Sent.Length);
    }

    [Theory]
    [InlineData("", typeof(MemifLink))]
    [InlineData(";Faults=loss:0,seed:7", typeof(MemifLink))]
    [InlineData(";Faults=loss:0.001", typeof(FaultLink))]
    public async Task Open_NoFaults_NothingStandsBetween(string faults, Type expected)
    {
        var options = MemifInterfaceOptions.Parse($"Socket=@zmemif-test-{Guid.NewGuid():N};Role=Server;Address=192.0.2.2/24{faults}");

        await using ILink link = InterfaceLink.Open(options, TimeProvider.System);

        Assert.IsType(expected, link);
    }

    // Sends or receives so many frames, and lets time pass until none is under way.
    private static async Task<(MemifFaultCounts Counts, List<byte[]> Arrived)> RunAsync(string faults, bool isOut)
    {
        await using var bed = new FaultBed(faults);
        if (isOut)
            bed.SendAll(Frames);
        for (int i = 0; i < Frames && !isOut; i++)
            bed.Ring.Receiver.EnqueueQuietly(FaultBed.Frame(i));
        List<byte[]> arrived = isOut ? bed.Ring.Sent : bed.ReceiveAll();
        bed.Pass(20);
        arrived.AddRange(isOut ? [] : bed.ReceiveAll());

        Assert.Equal(Frames, isOut ? bed.Transmitter.Frames : bed.Receiver.Frames);
        AssertOnly(isOut ? bed.OnReceive : bed.OnTransmit, 0);
        Assert.Equal(0, Counts(bed, isOut).Held);
        return (Counts(bed, isOut), arrived);
    }

    private static void Put(FaultBed bed, int number, bool isOut)
    {
        if (isOut)
            Assert.True(bed.TrySend(number));
        else
            bed.Ring.Receiver.EnqueueQuietly(FaultBed.Frame(number));
    }

    private static List<byte[]> Arrived(FaultBed bed, bool isOut) => isOut ? bed.Ring.Sent : bed.ReceiveAll();

    private static MemifFaultCounts Counts(FaultBed bed, bool isOut) => isOut ? bed.OnTransmit : bed.OnReceive;

    // No other counter than the one that has this value, which is 0 for none at all.
    private static void AssertOnly(MemifFaultCounts counts, long one) => Assert.Equal(
        one, counts.Lost + counts.Duplicated + counts.Reordered + counts.Corrupted + counts.Delayed + counts.Refused + counts.Held);
}

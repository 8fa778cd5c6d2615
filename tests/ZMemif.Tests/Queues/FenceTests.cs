using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.Tests.Queues;

/// <summary>
/// Publishing then looking at the mask, against clearing the mask then looking at the index: one of the two must see the
/// other, or a packet lies while its receiver sleeps (§4.2). Both at the same moment, as often as time allows.
/// </summary>
public sealed class FenceTests
{
    private const int MostRounds = 1_000_000;
    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(4);

    [Fact]
    public void PublishAndArm_AtTheSameMoment_OneSeesTheOther()
    {
        using SharedRegion region = SharedRegion.Create("memif", 4096);
        using EventCounter @event = EventCounter.Create();
        var ring = new Ring(region, 0, new RingLayout(0, 64));
        var sender = new QueueSignal(ring, @event);
        var receiver = new QueueSignal(ring, @event);
        int round = 0;
        int done = 0;
        bool isWanted = false;
        var sending = new Thread(() =>
        {
            for (int next = 1; next <= MostRounds && WaitFor(ref round, next); next++)
            {
                ring.ReleaseTail((ushort)next);
                isWanted = sender.IsWanted();
                Volatile.Write(ref done, next);
            }
        });
        sending.Start();

        int lost = 0;
        long until = Environment.TickCount64 + (long)s_mostTime.TotalMilliseconds;
        for (int next = 1; next <= MostRounds && Environment.TickCount64 < until; next++)
        {
            receiver.Disarm();
            Volatile.Write(ref round, next);
            receiver.Arm();
            bool isSeen = ring.AcquireTail() == (ushort)next;
            WaitFor(ref done, next);
            if (!isSeen && !isWanted)
                lost++;
        }

        Volatile.Write(ref round, int.MaxValue);
        sending.Join();
        Assert.Equal(0, lost);
    }

    /// <returns>False when there are no more rounds.</returns>
    private static bool WaitFor(ref int counter, int value)
    {
        var wait = default(SpinWait);
        while (Volatile.Read(ref counter) < value)
        {
            // On a machine that is busy the other one may not be running at all.
            if (wait.Count < 1000)
                wait.SpinOnce(sleep1Threshold: -1);
            else
                Thread.Yield();
        }

        return Volatile.Read(ref counter) != int.MaxValue;
    }
}

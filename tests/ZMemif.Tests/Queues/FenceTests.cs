using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.Tests.Queues;

/// <summary>
/// Publishing then looking at the mask, against clearing the mask then looking at the index: one of the two must see the
/// other, or a packet lies while its receiver sleeps (§4.2). Both at the same moment, as often as time allows.
/// </summary>
public sealed class FenceTests : IDisposable
{
    private const int MostRounds = 1_000_000;
    private const int LongestDelay = 256;

    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(4);

    private readonly SharedRegion _region = SharedRegion.Create("memif", 4096);
    private readonly EventCounter _event = EventCounter.Create();
    private readonly Ring _ring;
    private int _round;
    private int _done;
    private bool _isWanted;

    public FenceTests() => _ring = new Ring(_region, 0, new RingLayout(0, 64));

    [Fact]
    public void PublishAndArm_AtTheSameMoment_OneSeesTheOther()
    {
        var sending = new Thread(Send);
        sending.Start();

        int lost = Receive();

        Volatile.Write(ref _round, int.MaxValue);
        sending.Join();
        Assert.Equal(0, lost);
    }

    public void Dispose()
    {
        _event.Dispose();
        _region.Dispose();
    }

    private void Send()
    {
        var signal = new QueueSignal(_ring, _event);
        for (int next = 1; WaitFor(ref _round, next) < int.MaxValue; next++)
        {
            _ring.ReleaseTail((ushort)next);
            _isWanted = signal.IsWanted();
            Volatile.Write(ref _done, next);
        }
    }

    /// <returns>How often neither saw the other.</returns>
    private int Receive()
    {
        var signal = new QueueSignal(_ring, _event);
        int lost = 0;
        long until = Environment.TickCount64 + (long)s_mostTime.TotalMilliseconds;
        for (int next = 1; next <= MostRounds && Environment.TickCount64 < until; next++)
        {
            signal.Disarm();
            Volatile.Write(ref _round, next);
            for (int delay = next % LongestDelay; delay > 0; delay--)
                _ = _ring.AcquireTail();
            signal.Arm();
            bool isSeen = _ring.AcquireTail() == (ushort)next;
            WaitFor(ref _done, next);
            if (!isSeen && !_isWanted)
                lost++;
        }

        return lost;
    }

    // Looks at the mask all the while, so that the next look at it costs nothing and a store that waits is overtaken.
    private int WaitFor(ref int counter, int value)
    {
        int seen;
        for (int looks = 0; (seen = Volatile.Read(ref counter)) < value; looks++)
        {
            _ = _ring.IsMasked;
            if (looks > 20_000)
                Thread.Yield(); // the other one is not running
        }

        return seen;
    }
}

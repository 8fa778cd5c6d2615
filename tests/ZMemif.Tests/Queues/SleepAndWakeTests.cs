using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>
/// Two threads that hand one packet to and fro and sleep in between, a hundred thousand times: with fences on both sides
/// no wake-up is lost. Without the second look of a receiver and the re-kick of a sender, which would hide one.
/// </summary>
public sealed class SleepAndWakeTests
{
    private const int Rounds = 50_000;
    private const int PatienceMilliseconds = 20_000;

    [Fact]
    public async Task TwoThreads_AHundredThousandSleeps_LoseNoWakeup()
    {
        using var there = new RingBed(log2Size: 2);
        using var back = new RingBed(log2Size: 2);
        (TxWalk ping, RxWalk pinged) = (there.ClientSends(), there.ServerReceives());
        ClientRxWalk ponged = back.ClientReceives();
        ponged.PostAll();
        TxWalk pong = back.ServerSends();

        Task other = Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < Rounds; i++)
                {
                    Receive(pinged, there.Event);
                    Send(pong);
                }
            },
            TaskCreationOptions.LongRunning);
        for (int i = 0; i < Rounds; i++)
        {
            Send(ping);
            Receive(ponged, back.Event);
        }

        await other.WaitAsync(TimeSpan.FromMilliseconds(PatienceMilliseconds));
    }

    private static void Send(TxWalk tx)
    {
        Assert.True(tx.TryAdd([1]));
        if (tx.Commit())
            tx.Signal.Notify();
    }

    private static void Receive(RxWalk rx, EventCounter @event)
    {
        rx.Signal.Arm();
        while (!rx.HasPackets)
        {
            PollFd[] set = [new() { Fd = @event.Descriptor.Number, Events = Libc.POLLIN }];
            Assert.True(Libc.Poll(set, PatienceMilliseconds) == 1, "A wake-up was lost.");
            rx.Signal.Drain();
        }

        rx.Signal.Disarm();
        Assert.Equal(1, rx.Gather(1));
        Assert.True(rx.TryRead(out ReadOnlySpan<PacketSegment> _, out int _));
        rx.Release();
    }
}

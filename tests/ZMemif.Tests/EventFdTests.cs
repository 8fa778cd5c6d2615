using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests;

/// <summary>Events of receive queues in the hands of a program with a loop of its own.</summary>
[Collection(nameof(Alone))]
public sealed class EventFdTests
{
    private const int PatienceMilliseconds = 20_000;

    [Fact]
    public void Signal_ThenDrain_IsReadableAndNotAnyMore()
    {
        using var @event = new EventFd();
        Assert.False(IsReadable(@event, 0));

        @event.Signal();
        @event.Signal();
        Assert.True(IsReadable(@event, 0));

        @event.Drain();
        @event.Drain();
        Assert.False(IsReadable(@event, 0));
    }

    [Theory]
    [InlineData(MemifRole.Client)]
    [InlineData(MemifRole.Server)]
    public async Task OpenEvent_Armed_IsReadableWhenThePeerSends(MemifRole sender)
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(sender);
        using EventFd? @event = rx.OpenEvent();
        Assert.NotNull(@event);
        Assert.False(IsReadable(@event, 0));

        for (byte i = 0; i < 100; i++)
        {
            Assert.True(rx.TryArm());
            Assert.True(tx.TrySend([i]));
            Assert.True(IsReadable(@event, PatienceMilliseconds));
            @event.Drain();
            rx.Disarm();
            byte[] packet = new byte[1];
            Assert.True(rx.TryReceive(packet, out _));
            Assert.Equal(i, packet[0]);

            // Awake: the peer need not write events.
            Assert.True(tx.TrySend([i]));
            Assert.True(rx.TryReceive(packet, out _));
        }

        Assert.Equal((100UL, 100UL), (tx.Statistics.SignalsSent, tx.Statistics.SignalsSkipped));
    }

    [Fact]
    public async Task TryArm_PacketIsThere_SaysThatItIsNoTimeToSleep()
    {
        await using PortPair pair = await PortPair.ConnectAsync();
        (MemifTxQueue tx, MemifRxQueue rx) = pair.From(MemifRole.Client);
        Assert.True(tx.TrySend([1]));

        Assert.False(rx.TryArm());

        Assert.True(rx.TryReceive(new byte[1], out _));
        Assert.True(rx.TryArm());
    }

    [Fact]
    public async Task OpenEvent_LinkEnds_TheDescriptorIsStillTheProgramsOwn()
    {
        ProcessCounts before = ProcessCounts.Take();
        PortPair pair = await PortPair.ConnectAsync();
        MemifRxQueue rx = pair.Server.RxQueues[0];
        EventFd? @event = rx.OpenEvent();
        Assert.NotNull(@event);

        await pair.DisposeAsync();

        Assert.False(IsReadable(@event, 0));
        @event.Signal();
        Assert.True(IsReadable(@event, 0));
        Assert.Equal(before with { Descriptors = before.Descriptors + 1 }, ProcessCounts.Take());
        @event.Dispose();
        before.AssertAgain();
        Assert.Null(rx.OpenEvent());
        Assert.False(rx.TryArm());
        rx.Disarm();
    }

    [Fact]
    public async Task OpenEvent_NoLinkYet_IsNothing()
    {
        await using var socket = new MemifSocket(TestAddress.Abstract());
        MemifPort port = socket.AddPort(new MemifPortOptions());

        Assert.Null(port.RxQueues[0].OpenEvent());
        Assert.False(port.RxQueues[0].TryArm());
    }

    private static bool IsReadable(EventFd @event, int milliseconds)
    {
        PollFd[] set = [new() { Fd = (int)@event.Handle.DangerousGetHandle(), Events = Libc.POLLIN }];
        int ready = Libc.Poll(set, milliseconds);
        Assert.True(ready >= 0);
        return ready == 1;
    }
}

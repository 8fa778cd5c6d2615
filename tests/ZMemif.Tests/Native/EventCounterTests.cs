using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Native;

public sealed class EventCounterTests
{
    [Fact]
    public void Signal_SeveralTimes_IsDrainedAtOnce()
    {
        using EventCounter @event = EventCounter.Create();
        @event.Signal();
        @event.Signal();
        Assert.True(IsReadable(@event));

        @event.Drain();

        Assert.False(IsReadable(@event));
    }

    [Fact]
    public void Drain_EmptyAndMadeBlockingByThePeer_DoesNotBlock()
    {
        using EventCounter @event = EventCounter.Create();
        Assert.Equal(0, Libc.Fcntl(@event.Descriptor, Libc.F_SETFL, 0));

        @event.Drain();

        Assert.False(IsReadable(@event));
    }

    [Fact]
    public void Signal_CounterFilledByThePeer_IsPendingAndDoesNotBlock()
    {
        using EventCounter @event = EventCounter.Create();
        Assert.Equal(8, Libc.Write(@event.Descriptor, ulong.MaxValue - 1));

        @event.Signal();

        Assert.True(IsReadable(@event));
    }

    [Fact]
    public void Adopt_BlockingEvent_MakesItNonBlocking()
    {
        FileDescriptor descriptor = Descriptors.Event();
        Assert.Equal(0, Libc.Fcntl(descriptor, Libc.F_SETFL, 0));

        using EventCounter adopted = EventCounter.Adopt(descriptor);

        Assert.Equal(Libc.O_NONBLOCK, Libc.Fcntl(adopted.Descriptor, Libc.F_GETFL) & Libc.O_NONBLOCK);
    }

    [Fact]
    public void Adopt_AnythingElse_IsRefusedAndClosed()
    {
        foreach (FileDescriptor descriptor in new[] { Descriptors.Pipe(), Descriptors.Socket(), Descriptors.Open("/dev/null"), Descriptors.MemoryFile(1, 0, "anon_inode:[eventfd]") })
        {
            MemifException e = Assert.Throws<MemifException>(() => EventCounter.Adopt(descriptor));

            Assert.Equal(MemifErrorCode.ProtocolViolation, e.Code);
            Assert.True(descriptor.IsClosed);
        }
    }

    [Fact]
    public void Adopt_MemoryFileWithANameThatForgesALine_IsShownHarmless()
    {
        FileDescriptor file = Descriptors.MemoryFile(1, 0, "a\nb\u202ec\u2028d\u200be");

        MemifException e = Assert.Throws<MemifException>(() => EventCounter.Adopt(file));

        Assert.Equal("The interrupt descriptor of a ring is no eventfd but '/memfd:a?b?c?d?e (deleted)'.", e.Message);
    }

    private static bool IsReadable(EventCounter @event)
    {
        PollFd[] set = [new() { Fd = @event.Descriptor.Number, Events = Libc.POLLIN }];
        return Libc.Poll(set, 0) == 1;
    }
}

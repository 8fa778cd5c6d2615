using ZMemif.Native;

namespace ZMemif.Tests.Peers;

/// <summary>An eventfd in the hands of a peer, who has no manners.</summary>
internal static class EventCounterExtensions
{
    /// <summary>What the counter held, which is zero afterwards; zero also when there was nothing.</summary>
    internal static ulong Take(this EventCounter @event) =>
        Libc.ReadNow(@event.Descriptor, out ulong value) == sizeof(ulong) ? value : 0;

    /// <summary>Fills the counter, and makes the writes of all who share it block.</summary>
    internal static void BlockWriters(this EventCounter @event)
    {
        @event.Take();
        Assert.Equal(sizeof(ulong), Libc.Write(@event.Descriptor, ulong.MaxValue - 1));
        int flags = Errno.Check(Libc.Fcntl(@event.Descriptor, Libc.F_GETFL), "fcntl");
        Errno.Check(Libc.Fcntl(@event.Descriptor, Libc.F_SETFL, flags & ~Libc.O_NONBLOCK), "fcntl");
    }
}

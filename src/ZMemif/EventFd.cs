using System.Runtime.InteropServices;
using ZMemif.Native;

namespace ZMemif;

/// <summary>
/// A Linux eventfd(2), for programs with an event loop of their own (poll, epoll, libuv): a descriptor that is readable
/// while its counter is not zero. Thread-safe.
/// </summary>
public sealed class EventFd : IDisposable
{
    private readonly EventCounter _counter;

    internal EventFd(EventCounter counter) => _counter = counter;

    /// <summary>Creates an eventfd whose counter is zero.</summary>
    /// <exception cref="MemifException">The process has no descriptors left.</exception>
    public EventFd()
        : this(EventCounter.Create())
    {
    }

    /// <summary>The descriptor, owned by this object.</summary>
    public SafeHandle Handle => _counter.Descriptor;

    /// <summary>Makes the descriptor readable.</summary>
    public void Signal() => _counter.Signal();

    /// <summary>Sets the counter to zero; the descriptor is not readable any more. Never blocks.</summary>
    public void Drain() => _counter.Drain();

    /// <summary>Closes the descriptor.</summary>
    public void Dispose() => _counter.Dispose();
}

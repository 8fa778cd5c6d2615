using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>A descriptor, for programs with an event loop of their own.</content>
public partial class MemifDatagramSocket
{
    private SafeSocketHandle? _safeHandle;

    /// <summary>
    /// An eventfd(2), made when it is first asked for: readable while there is a datagram to receive, an error to be told, or the
    /// end. It is for waiting only (poll, epoll): reading or writing it belongs to the socket. It lives as long as the socket; of a closed one it is closed.
    /// </summary>
    /// <exception cref="MemifException">The process has no descriptors left.</exception>
    public SafeSocketHandle SafeHandle
    {
        get
        {
            if (_safeHandle is { } handle)
                return handle;
            SafeSocketHandle made = IsDisposed ? Closed() : new SafeSocketHandle(_endpoint.Inbox.Expose().Handle.DangerousGetHandle(), ownsHandle: false);
            return Interlocked.CompareExchange(ref _safeHandle, made, null) ?? made;
        }
    }

    /// <inheritdoc cref="SafeHandle"/>
    public nint Handle => SafeHandle.DangerousGetHandle();

    private static SafeSocketHandle Closed()
    {
        var closed = new SafeSocketHandle();
        closed.Dispose();
        return closed;
    }
}

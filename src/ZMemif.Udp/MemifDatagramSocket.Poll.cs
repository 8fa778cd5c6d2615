using System.Net.Sockets;

namespace ZMemif.Udp;

/// <content>Waiting until something is possible, without doing it.</content>
public partial class MemifDatagramSocket
{
    /// <summary>Waits until the socket is ready.</summary>
    /// <param name="microSeconds">How long at most; −1 without limit, another negative number not at all. Rounded up to milliseconds.</param>
    /// <param name="mode">For what.</param>
    /// <returns>
    /// <see cref="SelectMode.SelectRead"/>: a receive would not wait, or the socket was closed meanwhile;
    /// <see cref="SelectMode.SelectWrite"/>: there is room on the ring; <see cref="SelectMode.SelectError"/>: there is an error to tell;
    /// anything else: false.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public bool Poll(int microSeconds, SelectMode mode)
    {
        ThrowIfDisposed();
        int milliseconds = MillisecondsOf(microSeconds);
        bool isReady = mode switch
        {
            SelectMode.SelectRead => _endpoint.WaitReadable(milliseconds),
            SelectMode.SelectWrite => _endpoint.WaitWritable(milliseconds),
            SelectMode.SelectError => SpinWait.SpinUntil(() => IsDisposed || _endpoint.Inbox.HasFailure, milliseconds),
            _ => false,
        };
        GC.KeepAlive(this);
        return isReady;
    }

    /// <inheritdoc cref="Poll(int, SelectMode)"/>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> without limit.</param>
    /// <param name="mode">For what.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative, or longer than an <see cref="int"/> of microseconds.</exception>
    public bool Poll(TimeSpan timeout, SelectMode mode) => Poll(MicrosecondsOf(timeout), mode);

    private static int MillisecondsOf(int microSeconds) =>
        microSeconds < -1 ? 0 : microSeconds == -1 ? Timeout.Infinite : (int)Math.Ceiling(microSeconds / 1000.0);

    private static int MicrosecondsOf(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
            return Timeout.Infinite;
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout.TotalMicroseconds, int.MaxValue, nameof(timeout));
        return (int)timeout.TotalMicroseconds;
    }
}

using System.Diagnostics;
using ZMemif.Native;
using ZMemif.Queues;

namespace ZMemif;

/// <content>Waiting for room.</content>
public sealed partial class MemifTxQueue
{
    // memif has no event for room: the ring is looked at again after so long.
    private const int NextLookMilliseconds = 1;

    /// <summary>
    /// Waits until the ring has room for a packet, by spinning for a while and then by looking once per millisecond: memif has
    /// no event for it. Ends at once when the link goes or the port is closed.
    /// </summary>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    /// <param name="length">The packet's length in bytes, at least 1; it may be longer than one buffer, see <see cref="TrySend"/>.</param>
    /// <returns>
    /// Whether there is room, beside what is reserved. False when the time is over, there is no connection, or the whole ring
    /// would not hold the packet together with what is reserved.
    /// </returns>
    /// <exception cref="InvalidOperationException">Another thread uses this queue.</exception>
    public bool WaitForRoom(TimeSpan timeout, int length = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        long began = Stopwatch.GetTimestamp();
        while (TryEnter(out TxWalk walk))
        {
            bool hasRoom = !walk.IsClosed && walk.HasRoom(length);
            // What this thread has reserved itself is not taken by the peer while it waits here.
            bool isHopeless = walk.IsClosed || walk.IsFullOfReservations || walk.IsTooLong || walk.Violation is not null;
            LeaveIfIdle(walk);
            TimeSpan waited = Stopwatch.GetElapsedTime(began);
            if (hasRoom || isHopeless || (timeout != Timeout.InfiniteTimeSpan && waited >= timeout))
                return hasRoom;
            Pause(waited, timeout);
        }

        return false;
    }

    private static void Pause(TimeSpan waited, TimeSpan timeout)
    {
        if (waited < MemifRxQueue.SpinBudget)
            Thread.SpinWait(8);
        else if (timeout != Timeout.InfiniteTimeSpan && (timeout - waited).TotalMilliseconds < NextLookMilliseconds)
            Thread.Yield();
        else
            Errno.Check(Libc.Poll([], NextLookMilliseconds), "poll of a sender");
    }
}

using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// A thread waits for a datagram, in turn. Where it may, it takes the driver's seat and drains the link itself; otherwise
/// it sleeps until it is served or invited to the seat.
/// </summary>
internal static class BlockingReceive
{
    /// <summary>Waits for a datagram.</summary>
    /// <param name="inbox">The socket's receive buffer.</param>
    /// <param name="seat">Where the thread may drive; null where it may not.</param>
    /// <param name="direct">Who receives, and where to.</param>
    /// <param name="deadline">When to give up.</param>
    internal static SocketError Wait(DatagramInbox inbox, DriverSeat? seat, ref DirectReceive direct, Deadline deadline)
    {
        BlockedReceiver waiter = BlockedReceiver.Begin();
        SocketError error = inbox.TakeOrWait(waiter, out QueuedDatagram datagram);
        if (error == SocketError.WouldBlock)
        {
            direct.Place = waiter;
            error = WaitInTurn(inbox, seat, waiter, ref direct, deadline, out datagram);
            seat?.InviteNext();
        }

        if (error == SocketError.Success && !direct.IsServed)
            DatagramInbox.Serve(ref direct, datagram);
        return error;
    }

    /// <summary>Waits until there is a datagram to be taken, or the socket is closed.</summary>
    /// <param name="inbox">The socket's receive buffer.</param>
    /// <param name="seat">Where the thread may drive; null where it may not.</param>
    /// <param name="sink">The socket.</param>
    /// <param name="deadline">When to give up.</param>
    internal static void WaitReadable(DatagramInbox inbox, DriverSeat? seat, IDatagramSink sink, Deadline deadline)
    {
        BlockedReceiver watcher = BlockedReceiver.Begin();
        if (!inbox.Watch(watcher))
            return;
        DirectReceive look = DirectReceive.Look(sink);
        try
        {
            while (!watcher.IsDone && !deadline.IsOver)
                DriveOrWait(seat, watcher, ref look, deadline);
        }
        finally
        {
            if (!inbox.TryRemoveWatcher(watcher))
                watcher.SpinUntilDone();
            seat?.InviteNext();
        }
    }

    private static SocketError WaitInTurn(
        DatagramInbox inbox, DriverSeat? seat, BlockedReceiver waiter, ref DirectReceive direct, Deadline deadline, out QueuedDatagram datagram)
    {
        try
        {
            while (!waiter.IsDone && !direct.IsServed)
            {
                if (deadline.IsOver && inbox.TryRemove(waiter))
                {
                    datagram = default;
                    return SocketError.TimedOut;
                }

                DriveOrWait(seat, waiter, ref direct, deadline);
            }
        }
        catch (ThreadInterruptedException)
        {
            if (inbox.TryRemove(waiter))
                throw;

            // The datagram must not be lost: it comes first, and the interruption with the thread's next wait.
            waiter.SpinUntilDone();
            Thread.CurrentThread.Interrupt();
        }

        return waiter.GetResult(out datagram);
    }

    private static void DriveOrWait(DriverSeat? seat, BlockedReceiver waiter, ref DirectReceive direct, Deadline deadline)
    {
        if (seat is null)
            waiter.Wait(deadline.Remaining);
        else if (seat.TryTakeAsCaller())
            Drive(seat, waiter, ref direct, deadline);
        else
            StandInLine(seat, waiter, deadline);
    }

    private static void Drive(DriverSeat seat, BlockedReceiver waiter, ref DirectReceive direct, Deadline deadline)
    {
        RxQueue queue = seat.Queue;
        int first = Math.Clamp(direct.Wanted, 1, RxQueue.MostFramesOfABurst);
        int burst = first;
        try
        {
            while (!waiter.IsDone && !direct.IsServed && !queue.IsHeld && !deadline.IsOver)
            {
                direct.GoOn();

                // Who finds only frames for others takes more and more of them at a time.
                int frames = queue.TryDrain(burst, ref direct);
                burst = frames == 0 ? first : Math.Min(2 * burst, RxQueue.MostFramesOfABurst);
                if (frames == 0)
                    waiter.SleepOn(queue, deadline.Remaining);
            }
        }
        finally
        {
            seat.Leave();
        }
    }

    private static void StandInLine(DriverSeat seat, BlockedReceiver waiter, Deadline deadline)
    {
        bool mustWait = seat.Enlist(waiter.Place);
        try
        {
            if (mustWait && !waiter.IsDone)
                waiter.Wait(deadline.Remaining);
        }
        finally
        {
            seat.Delist(waiter.Place);
        }
    }
}

using System.Collections;
using ZMemif.Udp.Sockets;

namespace ZMemif.Udp;

/// <content>Waiting for one of several sockets.</content>
public partial class MemifDatagramSocket
{
    private const int MostSelected = 65_536;

    // A ring has no event that tells of room, so it is looked at again.
    private const int WriteLookMilliseconds = 1;

    /// <summary>
    /// Waits until one of several sockets is ready, and takes out of the lists those that are not. All must be of this class; they may
    /// be of different interfaces.
    /// </summary>
    /// <param name="checkRead">Sockets on which a receive would not wait; may be null.</param>
    /// <param name="checkWrite">Sockets on which a send would not wait; may be null.</param>
    /// <param name="checkError">Sockets that have an error to tell; may be null.</param>
    /// <param name="microSeconds">How long at most; −1 without limit. Rounded up to milliseconds.</param>
    /// <exception cref="ArgumentNullException">There is no socket in any list.</exception>
    /// <exception cref="ArgumentException">Something in a list is no such socket.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A list has more than 65,536 entries.</exception>
    /// <exception cref="ObjectDisposedException">A socket is closed.</exception>
    public static void Select(IList? checkRead, IList? checkWrite, IList? checkError, int microSeconds)
    {
        if (checkRead is not { Count: > 0 } && checkWrite is not { Count: > 0 } && checkError is not { Count: > 0 })
            throw new ArgumentNullException(paramName: null, "There is no socket in any list.");
        MemifDatagramSocket[] readers = SocketsOf(checkRead, nameof(checkRead));
        MemifDatagramSocket[] writers = SocketsOf(checkWrite, nameof(checkWrite));
        MemifDatagramSocket[] failing = SocketsOf(checkError, nameof(checkError));
        WaitForAny(readers, writers, failing, new Deadline(MillisecondsOf(microSeconds)));
        Keep(checkRead, readers, IsReadable);
        Keep(checkWrite, writers, IsWritable);
        Keep(checkError, failing, HasError);
    }

    /// <inheritdoc cref="Select(IList, IList, IList, int)"/>
    /// <param name="checkRead">Sockets on which a receive would not wait; may be null.</param>
    /// <param name="checkWrite">Sockets on which a send would not wait; may be null.</param>
    /// <param name="checkError">Sockets that have an error to tell; may be null.</param>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> without limit.</param>
    public static void Select(IList? checkRead, IList? checkWrite, IList? checkError, TimeSpan timeout) =>
        Select(checkRead, checkWrite, checkError, MicrosecondsOf(timeout));

    private static void WaitForAny(MemifDatagramSocket[] readers, MemifDatagramSocket[] writers, MemifDatagramSocket[] failing, Deadline deadline)
    {
        using var something = new ManualResetEventSlim();
        while (!Array.Exists(readers, IsReadable) && !Array.Exists(writers, IsWritable) && !Array.Exists(failing, HasError))
        {
            if (deadline.IsOver)
                return;
            something.Reset();
            SleepUntilAny([.. readers, .. failing], something, writers.Length == 0 ? deadline.Remaining : TimeSpan.FromMilliseconds(WriteLookMilliseconds));
        }
    }

    private static void SleepUntilAny(MemifDatagramSocket[] sockets, ManualResetEventSlim something, TimeSpan limit)
    {
        var watchers = new SelectWaiter?[sockets.Length];
        bool mustWait = true;
        for (int i = 0; i < sockets.Length && mustWait; i++)
        {
            var watcher = new SelectWaiter(something);
            mustWait = sockets[i]._endpoint.Inbox.Watch(watcher);
            watchers[i] = mustWait ? watcher : null;
        }

        try
        {
            if (mustWait)
                something.Wait(limit);
        }
        finally
        {
            for (int i = 0; i < sockets.Length; i++)
            {
                if (watchers[i] is { } watcher)
                    sockets[i]._endpoint.Inbox.TryRemoveWatcher(watcher);
            }
        }
    }

    private static bool IsReadable(MemifDatagramSocket socket) => socket._endpoint.WaitReadable(0);

    private static bool IsWritable(MemifDatagramSocket socket) => socket._endpoint.WaitWritable(0);

    private static bool HasError(MemifDatagramSocket socket) => socket._endpoint.Inbox.HasFailure;

    private static MemifDatagramSocket[] SocketsOf(IList? socketList, string parameter)
    {
        if (socketList is null)
            return [];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(socketList.Count, MostSelected, parameter);
        var sockets = new MemifDatagramSocket[socketList.Count];
        for (int i = 0; i < sockets.Length; i++)
        {
            sockets[i] = socketList[i] as MemifDatagramSocket
                ?? throw new ArgumentException($"All sockets have to be of the type {nameof(MemifDatagramSocket)}; number {i} is not.", nameof(socketList));
            ObjectDisposedException.ThrowIf(sockets[i].IsDisposed, typeof(System.Net.Sockets.SafeSocketHandle));
        }

        return sockets;
    }

    // In place, with the order and what is there twice.
    private static void Keep(IList? list, MemifDatagramSocket[] sockets, Func<MemifDatagramSocket, bool> isReady)
    {
        if (list is null)
            return;
        bool[] ready = [.. sockets.Select(isReady)];
        if (!Array.Exists(ready, isTrue => isTrue))
        {
            list.Clear(); // of an array, too
            return;
        }

        for (int i = sockets.Length - 1; i >= 0; i--)
        {
            if (!ready[i])
                list.RemoveAt(i);
        }
    }
}

using System.Diagnostics;
using ZMemif.Native;

namespace ZMemif.Control;

/// <summary>
/// Listening on and connecting to a control socket's address, with a sentence for each way in which that fails.
/// </summary>
internal static class ControlAddress
{
    private const int Backlog = 4096;

    // Nobody who is honest keeps the lock for so long; and anybody who may read the directory can keep it.
    private static readonly TimeSpan s_longestLock = TimeSpan.FromSeconds(1);

    /// <summary>Binds and listens. A socket file that nobody listens on any more is replaced (§5.4).</summary>
    /// <param name="address">Where.</param>
    /// <param name="permissions">Mode and owner of the socket file.</param>
    /// <param name="accepted">Gets whoever connects.</param>
    /// <exception cref="MemifException">The address cannot be used; the message says why and what helps.</exception>
    internal static Listener Listen(UnixAddress address, FilePermissions permissions, Action<SeqPacketSocket> accepted)
    {
        if (address.IsAbstract)
            return new Listener(BindAndListen(address, address), path: null, inode: 0, isOurs: true, accepted);

        // From the look to the renaming, so that of two servers that start at once the later one finds the earlier one.
        using FileDescriptor? directory = LockDirectory(address);
        EnsureFree(address);
        UnixAddress temporary = TemporaryName(address);
        FileDescriptor socket = Bind(temporary, address);
        int result = SetPermissions(temporary.Text, permissions);
        if (result >= 0)
            result = Libc.Listen(socket, Backlog);
        if (result >= 0)
            result = Libc.Rename(temporary.Text, address.Text);
        FileStatus status = default;
        if (result >= 0)
            result = Libc.Stat(address.Text, out status);
        if (result >= 0)
            return new Listener(socket, address.Text, status.Inode, isOurs: true, accepted);

        socket.Dispose();
        _ = Libc.Unlink(temporary.Text);
        throw ListenFailure(address, result);
    }

    /// <exception cref="MemifException">Nobody speaks memif there; the message says why and what helps.</exception>
    internal static SeqPacketSocket Connect(UnixAddress address)
    {
        FileDescriptor socket = FileDescriptor.Own(Libc.Socket(), "socket");
        int result = Libc.Connect(socket, address);
        if (result >= 0)
        {
            socket.Risk = ClosingRisk.Channel;
            return new SeqPacketSocket(socket);
        }

        socket.Dispose();
        throw ConnectFailure(address, result);
    }

    // Bound under a name of its own and renamed, so that a stale file is replaced in one step.
    private static UnixAddress TemporaryName(UnixAddress address)
    {
        string suffix = $".{Random.Shared.Next():x8}"; // Process ids may be the same in two containers.
        string name = address.Text + suffix;
        if (System.Text.Encoding.UTF8.GetByteCount(name) > UnixAddress.MaxNameBytes)
            name = Path.Combine(Path.GetDirectoryName(address.Text) ?? "", suffix);
        return UnixAddress.Parse(name);
    }

    // Who may not read the directory, or does not get the lock, goes without: it is there against accidents.
    private static FileDescriptor? LockDirectory(UnixAddress address)
    {
        string? path = Path.GetDirectoryName(address.Text);
        int result = Libc.OpenDirectory(string.IsNullOrEmpty(path) ? "." : path);
        if (result < 0)
            return null;
        var directory = new FileDescriptor(result);
        long began = Stopwatch.GetTimestamp();
        while (Libc.TryLock(directory) == -Errno.EAGAIN && Stopwatch.GetElapsedTime(began) < s_longestLock)
            Errno.Check(Libc.Poll([], 1), "poll");
        return directory;
    }

    private static FileDescriptor BindAndListen(UnixAddress address, UnixAddress shown)
    {
        FileDescriptor socket = Bind(address, shown);
        int result = Libc.Listen(socket, Backlog);
        if (result >= 0)
            return socket;
        socket.Dispose();
        throw ListenFailure(shown, result);
    }

    private static FileDescriptor Bind(UnixAddress address, UnixAddress shown)
    {
        FileDescriptor socket = FileDescriptor.Own(Libc.Socket(), "socket");
        int result = Libc.Bind(socket, address);
        if (result >= 0)
            return socket;
        socket.Dispose();
        throw ListenFailure(shown, result);
    }

    // Before the socket listens, so that nobody gets in by the process's umask.
    private static int SetPermissions(string path, FilePermissions permissions)
    {
        int result = Libc.ChangeMode(path, (int)permissions.Mode);
        if (result < 0 || (permissions.UserId is null && permissions.GroupId is null))
            return result;
        return Libc.ChangeOwner(path, (int?)permissions.UserId ?? -1, (int?)permissions.GroupId ?? -1);
    }

    private static void EnsureFree(UnixAddress address)
    {
        if (Libc.Stat(address.Text, out FileStatus status) < 0)
            return;
        if (!status.IsSocket)
            throw NotASocket(address);

        using FileDescriptor probe = FileDescriptor.Own(Libc.Socket(), "socket");
        int result = Libc.Connect(probe, address);
        if (result == -Errno.ECONNREFUSED)
            return;
        throw result switch
        {
            -Errno.EACCES => ListenFailure(address, result),
            -Errno.EPROTOTYPE => new MemifException(MemifErrorCode.AddressInUse, $"'{address.Text}' is in use by another kind of server, one that is not memif; choose another path."),
            _ => ListenFailure(address, -Errno.EADDRINUSE),
        };
    }

    private static MemifException ListenFailure(UnixAddress address, int result) => result switch
    {
        -Errno.EADDRINUSE => new MemifException(MemifErrorCode.AddressInUse, $"Another memif server already listens on '{address.Text}'; stop it or choose another address."),
        -Errno.ENOENT or -Errno.ENOTDIR => new MemifException(MemifErrorCode.SocketNotFound, $"The directory of '{address.Text}' does not exist; create it, or use an abstract name (@name)."),
        -Errno.EACCES => new MemifException(MemifErrorCode.AccessDenied, $"This user may not create '{address.Text}'; choose a directory that it may write to, or use an abstract name (@name)."),
        _ => new MemifException(MemifErrorCode.SystemError, $"Listening on '{address.Text}' failed: {Errno.Describe(result)}."),
    };

    private static MemifException ConnectFailure(UnixAddress address, int result) => result switch
    {
        -Errno.ENOENT or -Errno.ENOTDIR => new MemifException(
            MemifErrorCode.SocketNotFound,
            $"There is no socket '{address.Text}'; start the memif server first, or, if it listens on an abstract name as DPDK does unless told otherwise, write '@{address.Text}'."),
        -Errno.ECONNREFUSED when address.IsAbstract => new MemifException(
            MemifErrorCode.NobodyListens,
            $"Nobody listens on the abstract name '{address.Text}'; start the memif server first, or, if it listens on a path, leave out the '@'."),
        -Errno.ECONNREFUSED => Refused(address),
        -Errno.EACCES => new MemifException(
            MemifErrorCode.AccessDenied,
            $"This user may not connect to '{address.Text}'; it needs write permission on the socket file and search permission on its directories."),
        -Errno.EPROTOTYPE => new MemifException(
            MemifErrorCode.NotMemif,
            $"Something listens on '{address.Text}' that is not memif (another socket type); check the path."),
        -Errno.EAGAIN => new MemifException(MemifErrorCode.NobodyListens, $"The server on '{address.Text}' does not accept connections at the moment."),
        _ => new MemifException(MemifErrorCode.SystemError, $"Connecting to '{address.Text}' failed: {Errno.Describe(result)}."),
    };

    private static MemifException Refused(UnixAddress address) =>
        Libc.Stat(address.Text, out FileStatus status) >= 0 && !status.IsSocket
            ? NotASocket(address)
            : new MemifException(
                MemifErrorCode.NobodyListens,
                $"'{address.Text}' is the socket of a server that no longer listens; start the memif server, which will replace it.");

    private static MemifException NotASocket(UnixAddress address) => new(
        MemifErrorCode.NotASocket, $"'{address.Text}' exists and is not a socket; remove it or choose another path.");
}

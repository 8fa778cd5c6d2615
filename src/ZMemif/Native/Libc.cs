using System.Runtime.InteropServices;

namespace ZMemif.Native;

/// <summary>
/// The whole of libc that this library uses. One convention: every method returns a result ≥ 0, or −errno as the
/// kernel does; calls that a signal interrupted are repeated. Nothing here throws.
/// </summary>
internal static unsafe partial class Libc
{
    internal const int AF_UNIX = 1;
    internal const int SOCK_SEQPACKET = 5;
    internal const int SOCK_NONBLOCK = 0x800;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int SOL_SOCKET = 1;
    internal const int SCM_RIGHTS = 1;
    internal const int SCM_PIDFD = 4;
    internal const int SHUT_RDWR = 2;
    internal const int SO_LINGER = 13;
    internal const int SO_PASSCRED = 16;
    internal const int MSG_PEEK = 0x2;
    internal const int MSG_CTRUNC = 0x8;
    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int MSG_CMSG_CLOEXEC = 0x40000000;
    internal const int F_GETFL = 3;
    internal const int F_SETFL = 4;
    internal const int F_ADD_SEALS = 1033;
    internal const int F_GET_SEALS = 1034;
    internal const int F_SEAL_SEAL = 1;
    internal const int F_SEAL_SHRINK = 2;
    internal const int F_SEAL_GROW = 4;
    internal const int O_NONBLOCK = 0x800;
    internal const int RWF_NOWAIT = 8;
    internal const short POLLIN = 1;
    internal const short POLLOUT = 4;

    internal const long HUGETLBFS_MAGIC = 0x958458f6;

    private const int F_DUPFD_CLOEXEC = 1030;
    private const int SO_PEERCRED = 17;
    private const int MFD_CLOEXEC = 1;
    private const int MFD_ALLOW_SEALING = 2;
    private const int EFD_CLOEXEC = 0x80000;
    private const int EFD_NONBLOCK = 0x800;
    private const int PROT_READ_WRITE = 3;
    private const int MAP_SHARED = 1;
    private const int RLIMIT_NOFILE = 7;
    private static readonly int O_DIRECTORY = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x4000 : 0x10000;
    private const int O_CLOEXEC = 0x80000;
    private const int LOCK_EX = 2;
    private const int LOCK_NB = 4;
    private const int AT_FDCWD = -100;
    private const int AT_EMPTY_PATH = 0x1000;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;

    internal static int Socket() =>
        Result(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));

    internal static int Bind(FileDescriptor fd, UnixAddress address)
    {
        fixed (byte* bytes = address.Bytes)
            return Result(bind(fd, bytes, address.Bytes.Length));
    }

    internal static int Listen(FileDescriptor fd, int backlog) => Result(listen(fd, backlog));

    internal static int Accept(FileDescriptor fd)
    {
        int result;
        do
            result = Result(accept4(fd, null, null, SOCK_CLOEXEC | SOCK_NONBLOCK));
        while (result == -Errno.EINTR);
        return result;
    }

    internal static int Connect(FileDescriptor fd, UnixAddress address)
    {
        int result;
        fixed (byte* bytes = address.Bytes)
        {
            do
                result = Result(connect(fd, bytes, address.Bytes.Length));
            while (result == -Errno.EINTR);
        }

        return result;
    }

    internal static long SendMessage(FileDescriptor fd, MessageHeader* message)
    {
        long result;
        do
            result = Result(sendmsg(fd, message, MSG_DONTWAIT | MSG_NOSIGNAL));
        while (result == -Errno.EINTR);
        return result;
    }

    internal static long ReceiveMessage(FileDescriptor fd, MessageHeader* message, int flags = 0)
    {
        long result;
        do
            result = Result(recvmsg(fd, message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC | flags));
        while (result == -Errno.EINTR);
        return result;
    }

    /// <summary>Lets the closing of a socket return at once; does nothing with what is no socket.</summary>
    internal static void StopLingering(int fd)
    {
        long off = 0; // struct linger: two integers
        _ = setsockopt(fd, SOL_SOCKET, SO_LINGER, &off, sizeof(long));
    }

    /// <summary>Lets every message, also an empty one, come with the sender's credentials.</summary>
    internal static void PassCredentials(FileDescriptor fd)
    {
        int on = 1;
        _ = setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(int));
    }

    /// <summary>How many descriptors this process may have open.</summary>
    internal static long MostDescriptors()
    {
        ulong* limits = stackalloc ulong[2]; // struct rlimit: the soft one, the hard one
        return getrlimit(RLIMIT_NOFILE, limits) == 0 ? (long)Math.Min(limits[0], long.MaxValue) : long.MaxValue;
    }

    /// <summary>Ends a connection in both directions, or lets a socket listen no more.</summary>
    internal static int Shutdown(FileDescriptor fd) => Result(shutdown(fd, SHUT_RDWR));

    /// <summary>Waits for events; a timeout below 0 waits without limit. An interrupted wait counts as "nothing yet".</summary>
    internal static int Poll(Span<PollFd> fds, int timeoutMilliseconds)
    {
        fixed (PollFd* p = fds)
        {
            int result = Result(poll(p, (nuint)fds.Length, timeoutMilliseconds));
            return result == -Errno.EINTR ? 0 : result;
        }
    }

    internal static int GetPeerCredentials(FileDescriptor fd, out PeerCredentials credentials)
    {
        int length = sizeof(PeerCredentials);
        fixed (PeerCredentials* p = &credentials)
            return Result(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, p, &length));
    }

    internal static int ChangeMode(string path, int mode) => Result(chmod(path, (uint)mode));

    internal static int ChangeOwner(string path, int userId, int groupId) => Result(lchown(path, userId, groupId));

    internal static int Fcntl(FileDescriptor fd, int command, int argument = 0) => Result(fcntl(fd, command, argument));

    internal static int Duplicate(SafeHandle other) => Result(fcntl(other, F_DUPFD_CLOEXEC, 0));

    internal static int CreateMemoryFile(string name) => Result(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));

    internal static int Truncate(FileDescriptor fd, long length) => Result(ftruncate(fd, length));

    internal static int CreateEvent() => Result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));

    internal static long MapShared(FileDescriptor fd, nuint length)
    {
        nint address = mmap(0, length, PROT_READ_WRITE, MAP_SHARED, fd, 0);
        return address == -1 ? -Marshal.GetLastPInvokeError() : address;
    }

    internal static int Unmap(nint address, nuint length) => Result(munmap(address, length));

    internal static int Close(int fd) => Result(close(fd));

    internal static long Write(FileDescriptor fd, ulong value) => Result(write(fd, &value, sizeof(ulong)));

    internal static long Read(FileDescriptor fd, out ulong value)
    {
        ulong buffer = 0;
        long result = Result(read(fd, &buffer, sizeof(ulong)));
        value = buffer;
        return result;
    }

    /// <summary>Reads eight bytes without ever blocking, whatever the descriptor's flags say (they are shared with the peer).</summary>
    internal static long ReadNow(FileDescriptor fd, out ulong value)
    {
        ulong buffer = 0;
        var vector = new IoVector { Base = &buffer, Length = sizeof(ulong) };
        long result = Result(preadv2(fd, &vector, 1, -1, RWF_NOWAIT));
        value = buffer;
        return result;
    }

    /// <summary>Reads from a position in a file.</summary>
    internal static long ReadAt(FileDescriptor fd, Span<byte> bytes, long offset)
    {
        fixed (byte* b = bytes)
            return Result(pread(fd, b, (nuint)bytes.Length, offset));
    }

    internal static int Stat(FileDescriptor fd, out FileStatus status) => Stat(fd, "", AT_EMPTY_PATH, out status);

    /// <summary>Looks at a path without following a symbolic link at its end.</summary>
    internal static int Stat(string path, out FileStatus status)
    {
        fixed (FileStatus* s = &status)
            return Result(statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, FileStatus.Wanted, s));
    }

    /// <summary>What kind of file system a file lies on (statfs(2)).</summary>
    internal static int GetFileSystem(FileDescriptor fd, out long type)
    {
        // struct statfs of 64-bit Linux: 120 bytes, the type first.
        long* status = stackalloc long[16];
        int result = Result(fstatfs(fd, status));
        type = status[0];
        return result;
    }

    internal static int Unlink(string path) => Result(unlink(path));

    /// <summary>A directory, to be locked.</summary>
    internal static int OpenDirectory(string path) => Result(open(path, O_DIRECTORY | O_CLOEXEC));

    /// <summary>Takes the lock of an open file or directory, unless another opening of it has it; gone with the descriptor.</summary>
    internal static int TryLock(FileDescriptor fd) => Result(flock(fd, LOCK_EX | LOCK_NB));

    internal static int Rename(string from, string to) => Result(rename(from, to));

    private static int Stat(FileDescriptor fd, string path, int flags, out FileStatus status)
    {
        fixed (FileStatus* s = &status)
            return Result(statx(fd, path, flags, FileStatus.Wanted, s));
    }

    private static int Result(int result) => result == -1 ? -Marshal.GetLastPInvokeError() : result;

    private static long Result(nint result) => result == -1 ? -Marshal.GetLastPInvokeError() : result;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int bind(FileDescriptor fd, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int listen(FileDescriptor fd, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int accept4(FileDescriptor fd, byte* address, int* length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(FileDescriptor fd, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendmsg(FileDescriptor fd, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(FileDescriptor fd, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int fd, int level, int name, void* value, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(FileDescriptor fd, int level, int name, void* value, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, ulong* limits);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(FileDescriptor fd, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollFd* fds, nuint count, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(FileDescriptor fd, int level, int name, void* value, int* length);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chmod(string path, uint mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, int userId, int groupId);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeHandle fd, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(FileDescriptor fd, int command, int argument);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(FileDescriptor fd, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, FileDescriptor fd, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(nint address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(FileDescriptor fd, void* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(FileDescriptor fd, void* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(FileDescriptor fd, void* buffer, nuint length, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint preadv2(FileDescriptor fd, IoVector* vectors, int count, long offset, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(FileDescriptor directory, string path, int flags, uint mask, FileStatus* status);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, FileStatus* status);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fstatfs(FileDescriptor fd, long* status);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(FileDescriptor fd, int operation);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int unlink(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rename(string from, string to);
}

using Microsoft.Win32.SafeHandles;

namespace ZMemif.Native;

/// <summary>Owns one file descriptor and closes it exactly once.</summary>
internal sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    private readonly bool _mayLinger;

    internal FileDescriptor(int fd)
        : this(fd, mayLinger: false)
    {
    }

    private FileDescriptor(int fd, bool mayLinger)
        : base(ownsHandle: true)
    {
        _mayLinger = mayLinger;
        SetHandle(fd);
    }

    /// <summary>The number, for poll sets and for /proc. Valid only while the owner is alive.</summary>
    internal int Number => (int)handle;

    /// <summary>Takes the result of a <see cref="Libc"/> call that makes a descriptor.</summary>
    internal static FileDescriptor Own(int result, string what) => new(Errno.Check(result, what));

    /// <summary>A descriptor that a peer passed, or a channel to one: to close it may block, so that is the <see cref="Reaper"/>'s.</summary>
    internal static FileDescriptor OfPeer(int fd) => new(fd, mayLinger: true);

    /// <summary>A descriptor of our own for something that somebody else opened; set to non-blocking.</summary>
    internal static FileDescriptor Duplicate(System.Runtime.InteropServices.SafeHandle other)
    {
        FileDescriptor copy = Own(Libc.Duplicate(other), "fcntl(F_DUPFD_CLOEXEC)");
        int flags = Libc.Fcntl(copy, Libc.F_GETFL);
        if (flags >= 0)
            flags = Libc.Fcntl(copy, Libc.F_SETFL, flags | Libc.O_NONBLOCK);
        if (flags >= 0)
            return copy;
        copy.Dispose();
        Errno.Throw(flags, "fcntl");
        return null!;
    }

    protected override bool ReleaseHandle()
    {
        if (!_mayLinger)
            return Libc.Close((int)handle) == 0;
        Reaper.Close((int)handle);
        return true;
    }
}

using Microsoft.Win32.SafeHandles;

namespace ZMemif.Native;

/// <summary>Owns one file descriptor and closes it exactly once.</summary>
internal sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    internal FileDescriptor(int fd)
        : this(fd, ownsHandle: true)
    {
    }

    private FileDescriptor(int fd, bool ownsHandle)
        : base(ownsHandle)
    {
        SetHandle(fd);
    }

    /// <summary>What its closing may lead to. Of a peer's descriptor that has turned out to be a little memory or an event: nothing.</summary>
    internal ClosingRisk Risk { get; set; }

    /// <summary>Whose peer would be to blame for that.</summary>
    internal uint User { get; set; }

    /// <summary>The number, for poll sets and for /proc. Valid only while the owner is alive.</summary>
    internal int Number => (int)handle;

    /// <summary>Takes the result of a <see cref="Libc"/> call that makes a descriptor.</summary>
    internal static FileDescriptor Own(int result, string what) => new(Errno.Check(result, what));

    /// <summary>A descriptor that a peer passed, and of which nothing is known yet.</summary>
    internal static FileDescriptor OfPeer(int fd, uint user) => new(fd) { Risk = ClosingRisk.Unknown, User = user };

    /// <summary>A descriptor that somebody else closes.</summary>
    internal static FileDescriptor Borrow(int fd) => new(fd, ownsHandle: false);

    /// <summary>A channel to a peer, who may have passed what nobody reads.</summary>
    internal static FileDescriptor ChannelTo(int fd) => new(fd) { Risk = ClosingRisk.Channel };

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
        if (Risk == ClosingRisk.None)
            return Libc.Close((int)handle) == 0;
        Reaper.Shared.Close((int)handle, Risk, User);
        return true;
    }
}

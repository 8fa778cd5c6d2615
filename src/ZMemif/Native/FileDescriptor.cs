using Microsoft.Win32.SafeHandles;

namespace ZMemif.Native;

/// <summary>Owns one file descriptor and closes it exactly once.</summary>
internal sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    internal FileDescriptor(int fd)
        : base(ownsHandle: true)
    {
        SetHandle(fd);
    }

    /// <summary>The number, for poll sets and for /proc. Valid only while the owner is alive.</summary>
    internal int Number => (int)handle;

    /// <summary>Takes the result of a <see cref="Libc"/> call that makes a descriptor.</summary>
    internal static FileDescriptor Own(int result, string what) => new(Errno.Check(result, what));

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}

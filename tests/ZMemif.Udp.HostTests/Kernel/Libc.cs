using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ZMemif.Udp.HostTests.Kernel;

/// <summary>The system calls behind namespaces and TAP devices that .NET has no words for.</summary>
internal static class Libc
{
    private const short POLLIN = 1;
    private const int EFD_CLOEXEC = 0x80000;
    private const int CLONE_NEWNET = 0x40000000;
    private const int EINTR = 4;

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Returned;
    }

    /// <summary>Moves the calling thread into a network namespace.</summary>
    internal static void EnterNetworkNamespace(SafeFileHandle network) => Check(setns(network, CLONE_NEWNET), nameof(setns));

    internal static SafeFileHandle CreateEvent()
    {
        int fd = eventfd(0, EFD_CLOEXEC);
        Check(fd, nameof(eventfd));
        return new SafeFileHandle(fd, ownsHandle: true);
    }

    /// <summary>A request that passes a structure both ways.</summary>
    internal static void Control(SafeFileHandle file, nuint request, byte[] argument, string what) =>
        Check(ioctl(file, request, argument), what);

    /// <summary>Reads once.</summary>
    /// <returns>The number of bytes.</returns>
    internal static int Read(SafeFileHandle file, byte[] buffer)
    {
        nint length = read(file, buffer, buffer.Length);
        Check(length, nameof(read));
        return (int)length;
    }

    /// <summary>Writes the first bytes of a buffer at once.</summary>
    internal static void Write(SafeFileHandle file, byte[] buffer, int length) => Check(write(file, buffer, length), nameof(write));

    /// <summary>Waits without limit until one of two files can be read.</summary>
    /// <returns>Whether each can.</returns>
    internal static (bool First, bool Second) WaitReadable(SafeFileHandle first, SafeFileHandle second)
    {
        PollFd[] set =
        [
            new PollFd { Fd = (int)first.DangerousGetHandle(), Events = POLLIN },
            new PollFd { Fd = (int)second.DangerousGetHandle(), Events = POLLIN },
        ];
        int result;
        do
            result = poll(set, (nuint)set.Length, -1);
        while (result < 0 && Marshal.GetLastPInvokeError() == EINTR);
        Check(result, nameof(poll));
        return (set[0].Returned != 0, set[1].Returned != 0);
    }

    private static void Check(nint result, string what)
    {
        if (result < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{what}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int setns(SafeFileHandle fd, int type);

    [DllImport("libc", SetLastError = true)]
    private static extern int eventfd(uint initial, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(SafeFileHandle fd, nuint request, byte[] argument);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(SafeFileHandle fd, byte[] buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(SafeFileHandle fd, byte[] buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll([In, Out] PollFd[] set, nuint count, int milliseconds);
}

using System.Runtime.InteropServices;

namespace ZMemif.Native;

/// <summary>struct pollfd. A negative descriptor is skipped by the kernel.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollFd
{
    internal int Fd;
    internal short Events;
    internal short Returned;
}

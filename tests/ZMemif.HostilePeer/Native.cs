using System.Runtime.InteropServices;
using ZMemif.Native;

namespace ZMemif.HostilePeer;

/// <summary>System calls that the library has no use for and an attacker has.</summary>
internal static class Native
{
    internal const int FSealWrite = 0x8;
    internal const int FSealFutureWrite = 0x10;
    internal const int EfdSemaphore = 1;
    internal const uint MfdHugePages = 4;

    // The function of the C library would change all threads.
    private static readonly nint s_setresuid = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;

    private const int PunchHoleKeepSize = 3;
    private const int EfdNonBlocking = 0x800;
    private const uint MfdAllowSealing = 2;

    internal static FileDescriptor MemoryFile(ulong size, int seals, uint flags = 0)
    {
        FileDescriptor file = FileDescriptor.Own(memfd_create("memif-hostile", MfdAllowSealing | flags), "memfd_create");
        Errno.Check(Libc.Truncate(file, (long)size), "ftruncate");
        Seal(file, seals);
        return file;
    }

    internal static void Seal(FileDescriptor file, int seals)
    {
        if (seals != 0)
            Errno.Check(Libc.Fcntl(file, Libc.F_ADD_SEALS, seals), "sealing");
    }

    internal static FileDescriptor Event(int flags) => FileDescriptor.Own(eventfd(0, EfdNonBlocking | flags), "eventfd");

    /// <summary>The writing end of a pipe whose reading end is closed.</summary>
    internal static FileDescriptor Pipe()
    {
        int[] ends = new int[2];
        Errno.Check(pipe(ends), "pipe");
        Errno.Check(Libc.Close(ends[0]), "close");
        return new FileDescriptor(ends[1]);
    }

    /// <summary>Takes the pages of a range away; what is read there afterwards is zero.</summary>
    internal static void PunchHole(FileDescriptor file, long offset, long length) =>
        Errno.Check(fallocate(file, PunchHoleKeepSize, offset, length), "fallocate");

    /// <summary>Puts pages where there are none.</summary>
    internal static void Fill(FileDescriptor file, long offset, long length) =>
        Errno.Check(fallocate(file, 0, offset, length), "fallocate");

    /// <summary>
    /// Makes the present thread, and no other one, another user's: those to whom it connects are told so. There is no way back.
    /// </summary>
    internal static void BecomeUser(uint user) => Errno.Check((int)syscall(s_setresuid, user, user, user), "setresuid");

    [DllImport("libc", SetLastError = true)]
    private static extern nint syscall(nint number, nuint real, nuint effective, nuint saved);

    [DllImport("libc", SetLastError = true)]
    private static extern int fallocate(FileDescriptor file, int mode, long offset, long length);

    [DllImport("libc", SetLastError = true)]
    private static extern int eventfd(uint initial, int flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int memfd_create(string name, uint flags);

    [DllImport("libc")]
    private static extern int pipe([Out] int[] ends);
}

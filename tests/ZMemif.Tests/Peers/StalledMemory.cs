using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ZMemif.Native;

namespace ZMemif.Tests.Peers;

/// <summary>
/// The first page of a memory file, which is taken away and does not come back before the disposal: whoever touches it in this
/// process, over whatever mapping, waits (userfaultfd(2)). So does the garbage collector, for him; therefore there is none
/// meanwhile, and the memory comes back by itself when a test takes too long. In the collection <see cref="Alone"/> only.
/// </summary>
internal sealed class StalledMemory : IDisposable
{
    private const int PageSize = 4096;
    private const int PunchHoleKeepSize = 3;
    private const int UserModeOnly = 1;
    private const ulong Api = 0xaa;
    private const ulong MissingPages = 1;
    private const nuint Introduce = 0xc018aa3f;
    private const nuint Register = 0xc020aa00;

    private static readonly nint s_userfaultfd = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 282 : 323;

    private readonly Process _holder;

    internal StalledMemory(FileDescriptor file)
    {
        Errno.Check(Libc.Stat(file, out FileStatus status), "statx");
        using FileDescriptor faults = FileDescriptor.Own((int)syscall(s_userfaultfd, UserModeOnly), "userfaultfd");
        Errno.Check(ioctl(faults, Introduce, [Api, 0, 0]), "UFFDIO_API");
        foreach ((ulong begin, ulong end) in MappingsOf(status.Inode))
            Errno.Check(ioctl(faults, Register, [begin, end - begin, MissingPages, 0]), "UFFDIO_REGISTER");

        // Only this other process keeps the descriptor: when it ends, whoever waits finds zeroes.
        _holder = Process.Start("sleep", "10");
        Assert.True(GC.TryStartNoGCRegion(16 << 20));
        Errno.Check(fallocate(file, PunchHoleKeepSize, 0, PageSize), "fallocate");
    }

    /// <summary>Lets everybody go on, who finds zeroes.</summary>
    public void Dispose()
    {
        Assert.False(_holder.HasExited, "The test took so long that the memory came back by itself.");
        _holder.Kill();
        _holder.WaitForExit();
        _holder.Dispose();
        GC.EndNoGCRegion();
    }

    private static (ulong Begin, ulong End)[] MappingsOf(ulong inode) =>
    [
        .. from line in File.ReadLines("/proc/self/maps")
           let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           where fields[4] == inode.ToString(CultureInfo.InvariantCulture) && line.Contains("/memfd:", StringComparison.Ordinal)
           let range = fields[0].Split('-')
           select (Hexadecimal(range[0]), Hexadecimal(range[1])),
    ];

    private static ulong Hexadecimal(string number) => ulong.Parse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [DllImport("libc")]
    private static extern nint syscall(nint number, int flags);

    [DllImport("libc")]
    private static extern int ioctl(FileDescriptor file, nuint request, [In, Out] ulong[] argument);

    [DllImport("libc")]
    private static extern int fallocate(FileDescriptor file, int mode, long offset, long length);
}

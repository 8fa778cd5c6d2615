using System.Runtime.InteropServices;
using ZMemif.Native;

namespace ZMemif.Tests.Peers;

/// <summary>Descriptors of all kinds that a peer could pass. The caller closes them.</summary>
internal static class Descriptors
{
    /// <summary>A memory file of a given size and with given seals.</summary>
    internal static FileDescriptor MemoryFile(long size, int seals, string name = "memif-peer")
    {
        FileDescriptor file = FileDescriptor.Own(Libc.CreateMemoryFile(name), "memfd_create");
        Errno.Check(Libc.Truncate(file, size), "ftruncate");
        if (seals != 0)
            Errno.Check(Libc.Fcntl(file, Libc.F_ADD_SEALS, seals), "sealing");
        return file;
    }

    /// <summary>The reading end of a pipe whose other end is closed.</summary>
    internal static FileDescriptor Pipe()
    {
        int[] ends = new int[2];
        Assert.Equal(0, pipe(ends));
        Errno.Check(Libc.Close(ends[1]), "close");
        return new FileDescriptor(ends[0]);
    }

    internal static FileDescriptor Socket() => FileDescriptor.Own(Libc.Socket(), "socket");

    internal static FileDescriptor Event() => FileDescriptor.Own(Libc.CreateEvent(), "eventfd");

    internal static FileDescriptor Open(string path) => FileDescriptor.Own(open(path, flags: 0), path);

    [DllImport("libc")]
    private static extern int pipe([Out] int[] ends);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int open(string path, int flags);
}

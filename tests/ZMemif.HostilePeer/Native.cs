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

    private const int PunchHoleKeepSize = 3;
    private const int EfdNonBlocking = 0x800;
    private const uint MfdAllowSealing = 2;
    private const int HeaderBytes = 16;

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

    /// <summary>Sends any number of descriptors with one message, of any length.</summary>
    /// <returns>What sendmsg returned; −1 when the other end is gone or full.</returns>
    internal static nint Send(FileDescriptor socket, ReadOnlySpan<byte> message, IReadOnlyList<FileDescriptor> passed)
    {
        int rightsBytes = HeaderBytes + (passed.Count * sizeof(int));
        int controlBytes = (rightsBytes + 7) & ~7;
        nint block = Marshal.AllocHGlobal(message.Length + controlBytes + Marshal.SizeOf<Vector>());
        try
        {
            nint control = block + Marshal.SizeOf<Vector>();
            nint data = control + controlBytes;
            Marshal.StructureToPtr(new Vector { Base = data, Length = (nuint)message.Length }, block, fDeleteOld: false);
            Marshal.WriteInt64(control, rightsBytes);
            Marshal.WriteInt32(control, 8, Libc.SOL_SOCKET);
            Marshal.WriteInt32(control, 12, Libc.SCM_RIGHTS);
            for (int i = 0; i < passed.Count; i++)
                Marshal.WriteInt32(control, HeaderBytes + (i * sizeof(int)), passed[i].Number);
            Marshal.Copy(message.ToArray(), 0, data, message.Length);
            var header = new Header { Vectors = block, VectorCount = 1 };
            if (passed.Count > 0)
                (header.Control, header.ControlLength) = (control, (nuint)controlBytes);
            return sendmsg(socket, ref header, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT);
        }
        finally
        {
            Marshal.FreeHGlobal(block);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern nint sendmsg(FileDescriptor socket, ref Header header, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int fallocate(FileDescriptor file, int mode, long offset, long length);

    [DllImport("libc", SetLastError = true)]
    private static extern int eventfd(uint initial, int flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int memfd_create(string name, uint flags);

    [DllImport("libc")]
    private static extern int pipe([Out] int[] ends);

    [StructLayout(LayoutKind.Sequential)]
    private struct Vector
    {
        internal nint Base;
        internal nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        internal nint Name;
        internal int NameLength;
        internal nint Vectors;
        internal nuint VectorCount;
        internal nint Control;
        internal nuint ControlLength;
        internal int Flags;
    }
}

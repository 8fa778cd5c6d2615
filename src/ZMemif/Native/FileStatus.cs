using System.Runtime.InteropServices;

namespace ZMemif.Native;

/// <summary>The part of struct statx that is used here; unlike struct stat it is the same on every architecture.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct FileStatus
{
    /// <summary>STATX_TYPE | STATX_INO | STATX_SIZE | STATX_BLOCKS.</summary>
    internal const uint Wanted = 0x1 | 0x100 | 0x200 | 0x400;

    private const ulong BlockBytes = 512;

    private const ushort TypeMask = 0xF000;

    [FieldOffset(28)]
    private readonly ushort _mode;

    [FieldOffset(32)]
    internal readonly ulong Inode;

    [FieldOffset(40)]
    internal readonly ulong Size;

    [FieldOffset(48)]
    private readonly ulong _blocks;

    /// <summary>Bytes that the file takes, or may take without growing: pages can lie behind its end, too.</summary>
    internal readonly ulong Extent => Math.Max(Size, _blocks * BlockBytes);

    internal readonly bool IsSocket => (_mode & TypeMask) == 0xC000;

    internal readonly bool IsRegularFile => (_mode & TypeMask) == 0x8000;
}

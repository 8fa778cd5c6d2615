using ZMemif.Native;

namespace ZMemif.Memory;

/// <summary>
/// A mapping of shared memory. Every access goes through a bound check in 64 bits; the peer can write the content at
/// any time. Unmapped by <see cref="Dispose"/>, which only the owning <see cref="Generation"/> calls, when nobody is inside.
/// </summary>
internal sealed unsafe class SharedRegion : IDisposable
{
    /// <summary>Memory that is larger takes so long to be freed that it is not closed where others wait.</summary>
    private const ulong QuicklyClosed = 16 << 20;

    /// <summary>A file's last page may be a huge one.</summary>
    internal const ulong LargestPage = 2 << 20;

    private byte* _base;

    private SharedRegion(FileDescriptor file, byte* address, ulong size)
    {
        File = file;
        _base = address;
        Size = size;
    }

    internal FileDescriptor File { get; }

    /// <summary>Bytes that may be touched; 0 after the unmapping, so that a late view is an exception and no fault.</summary>
    internal ulong Size { get; private set; }

    /// <summary>Bytes of the whole file, of which a peer may announce a part.</summary>
    internal ulong FileBytes { get; private init; }

    /// <summary>Whether nobody can make the file shorter, or take its pages away, any more.</summary>
    internal bool IsSealed { get; private init; }

    /// <summary>Makes a memory file of the given size that cannot shrink or grow any more, and maps it.</summary>
    internal static SharedRegion Create(string name, ulong size)
    {
        FileDescriptor file = FileDescriptor.Own(Libc.CreateMemoryFile(name), "memfd_create");
        try
        {
            Errno.Check(Libc.Truncate(file, (long)size), "ftruncate of a memory file");
            Errno.Check(Libc.Fcntl(file, Libc.F_ADD_SEALS, Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW), "sealing a memory file");
            return new SharedRegion(file, MapFile(file, size), size) { IsSealed = true, FileBytes = size };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether a peer's sealed memory can still grow, and can be kept from it. Most peers seal against shrinking only; and what
    /// lies in a file beside the region makes a touch of the region slow, when holes are punched in gigabytes of it.
    /// </summary>
    internal static bool CanGrow(FileDescriptor file) =>
        Libc.Fcntl(file, Libc.F_GET_SEALS) is >= 0 and var seals && (seals & (Libc.F_SEAL_SHRINK | Libc.F_SEAL_GROW | Libc.F_SEAL_SEAL)) == Libc.F_SEAL_SHRINK;

    /// <summary>
    /// Keeps a peer's memory file from growing. The kernel waits meanwhile for whatever a peer does to the file's size: not
    /// where anybody else waits. That it did not work shows when the file is mapped.
    /// </summary>
    internal static void StopGrowth(FileDescriptor file)
    {
        try
        {
            _ = Libc.Fcntl(file, Libc.F_ADD_SEALS, Libc.F_SEAL_GROW);
        }
        catch (ObjectDisposedException)
        {
            // The connection ended meanwhile, and nobody maps it.
        }
    }

    /// <summary>
    /// Maps a file that a peer announced. It must be a regular file of at least that size, and normally sealed: against
    /// shrinking, because a touch behind the end of a truncated file would kill this process (SIGBUS), and against growing
    /// beyond what is allowed. Takes the descriptor over.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="size">Bytes to map.</param>
    /// <param name="requireSeal">Whether the peer is not trusted.</param>
    /// <param name="maxFileBytes">Bytes that the file of a peer who is not trusted may have in all.</param>
    /// <exception cref="MemifException">The file does not fit; nothing was mapped and the descriptor is closed.</exception>
    internal static SharedRegion Map(FileDescriptor file, ulong size, bool requireSeal, ulong maxFileBytes = MemifLimits.MaxRegionBytes)
    {
        try
        {
            // The seals first: a size that was read before the seal may have shrunk before the seal, too. And only memory
            // has any: every other question might go to a file system of the peer's own, which answers when it likes.
            int seals = Libc.Fcntl(file, Libc.F_GET_SEALS);
            if (requireSeal && seals < 0)
                throw Violation("is not a memory file (memfd)");
            bool isSealed = seals >= 0 && (seals & Libc.F_SEAL_SHRINK) != 0;
            Errno.Check(Libc.Stat(file, out FileStatus status), "statx of a region");
            if (seals >= 0 && status.Extent <= QuicklyClosed)
                file.Risk = ClosingRisk.None;
            if (!status.IsRegularFile)
                throw Violation("is not a memory file");
            if (requireSeal && !isSealed)
                throw Violation("is not sealed against shrinking (F_SEAL_SHRINK); a trusted peer can be let in by the option Seals");

            // A hole punched into huge pages may not be filled again when there are none left, which is SIGBUS, too.
            Errno.Check(Libc.GetFileSystem(file, out long fileSystem), "fstatfs of a region");
            bool isHuge = fileSystem == Libc.HUGETLBFS_MAGIC;
            if (requireSeal && isHuge)
                throw Violation("lies on huge pages, which its owner can take away; a trusted peer can be let in by the option Seals");
            if (requireSeal && (seals & Libc.F_SEAL_GROW) == 0)
                throw Violation("can grow, and cannot be kept from it (F_SEAL_SEAL without F_SEAL_GROW); a trusted peer can be let in by the option Seals");
            if (requireSeal && status.Extent > maxFileBytes + LargestPage)
                throw Violation($"lies in a file over {nameof(MemifPortOptions.MaxRegionBytes)} ({maxFileBytes}): {status.Extent} bytes");
            if (status.Size < size)
                throw Violation($"has {status.Size} bytes, but {size} were announced");
            return new SharedRegion(file, MapFile(file, size), size) { IsSealed = isSealed && !isHuge, FileBytes = status.Extent };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether the range lies inside the region.</summary>
    internal bool Contains(ulong offset, ulong length) => length <= Size && offset <= Size - length;

    /// <summary>A view of the range. Its content is volatile: copy before you parse.</summary>
    /// <exception cref="InvalidOperationException">The range leaves the region. A mistake of ours: peers' values are checked before.</exception>
    internal Span<byte> Slice(uint offset, int length)
    {
        if (!Contains(offset, (uint)length))
            ThrowOutside();
        return new Span<byte>(_base + offset, length);
    }

    /// <summary>Copies a part of the file without touching the mapping.</summary>
    internal bool TryReadFile(uint offset, Span<byte> bytes) => Libc.ReadAt(File, bytes, offset) == bytes.Length;

    /// <summary>The address of a ring's header, after checking that all of the ring is inside.</summary>
    internal byte* AddressOf(uint offset, int length)
    {
        if (!Contains(offset, (uint)length))
            ThrowOutside();
        return _base + offset;
    }

    public void Dispose()
    {
        if (_base != null)
        {
            ulong mapped = Size;
            Size = 0;
            _ = Libc.Unmap((nint)_base, (nuint)mapped);
            _base = null;
        }

        File.Dispose();
    }

    private static byte* MapFile(FileDescriptor file, ulong size)
    {
        long address = Libc.MapShared(file, checked((nuint)size));
        if (address < 0)
            Errno.Throw(address, $"mmap of {size} bytes");
        return (byte*)address;
    }

    private static MemifException Violation(string what) =>
        new(MemifErrorCode.ProtocolViolation, $"A memory region of the peer {what}.");

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowOutside() => throw new InvalidOperationException("A range was used that leaves its shared region.");
}

using System.Runtime.InteropServices;
using ZMemif.Control;
using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Hostile;

/// <summary>Descriptors that look right and are not.</summary>
public sealed class PassedDescriptorTests
{
    private const int SemaphoreNonBlocking = 0x801;
    private const uint HugePagesWithSeals = 0x4 | 0x2 | 0x1;

    [Fact]
    public void Event_ThatCountsDown_IsRefused()
    {
        FileDescriptor semaphore = FileDescriptor.Own(eventfd(1, SemaphoreNonBlocking), "eventfd");

        MemifException e = Assert.Throws<MemifException>(() => EventCounter.Adopt(semaphore));

        Assert.Equal("The interrupt descriptor of a ring is an eventfd that counts down (EFD_SEMAPHORE).", e.Message);
        Assert.True(semaphore.IsClosed);
    }

    [Fact]
    public void Event_FileWhoseNameForgesALine_IsShownHarmless()
    {
        FileDescriptor file = Descriptors.MemoryFile(1, 0, "x\nFATAL: all is lost");

        MemifException e = Assert.Throws<MemifException>(() => EventCounter.Adopt(file));

        Assert.Contains("'/memfd:x?FATAL: all is lost", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Region_OnHugePages_IsRefusedThoughItIsSealed()
    {
        FileDescriptor file = FileDescriptor.Own(memfd_create("memif-huge", HugePagesWithSeals), "memfd_create");
        Errno.Check(Libc.Truncate(file, 1L << 30), "ftruncate");
        Errno.Check(Libc.Fcntl(file, Libc.F_ADD_SEALS, Libc.F_SEAL_SHRINK), "sealing");

        MemifException e = Assert.Throws<MemifException>(() => SharedRegion.Map(file, 4096, requireSeal: true));

        Assert.Equal(
            "A memory region of the peer lies on huge pages, which its owner can take away; a trusted peer can be let in by the option Seals.",
            e.Message);
        Assert.True(file.IsClosed);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int eventfd(uint initial, int flags);

    [DllImport("libc", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int memfd_create(string name, uint flags);
}

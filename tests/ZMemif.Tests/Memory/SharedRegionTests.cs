using ZMemif.Memory;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Memory;

public sealed class SharedRegionTests
{
    [Fact]
    public void Create_TwoMappingsOfTheFile_ShareTheirContent()
    {
        using SharedRegion region = SharedRegion.Create("memif-test", 8192);
        using SharedRegion other = Map(region, 8192);

        region.Slice(5000, 3)[1] = 42;

        Assert.Equal(42, other.Slice(5001, 1)[0]);
    }

    [Fact]
    public void Create_File_CanNeitherShrinkNorGrow()
    {
        using SharedRegion region = SharedRegion.Create("memif-test", 4096);

        Assert.True(Libc.Truncate(region.File, 4095) < 0);
        Assert.True(Libc.Truncate(region.File, 4097) < 0);
    }

    [Theory]
    [InlineData(0, 4096, true)]
    [InlineData(4095, 1, true)]
    [InlineData(4096, 0, true)]
    [InlineData(1, 4096, false)]
    [InlineData(4096, 1, false)]
    [InlineData(0, 4097, false)]
    [InlineData(0xfffffff0, 0x20, false)]
    [InlineData(0xffffffff, 0xffffffff, false)]
    [InlineData(0x20, 0xfffffff0, false)]
    public void Contains_RangesAroundTheEnd_NeverOverflow(uint offset, uint length, bool inside)
    {
        using SharedRegion region = SharedRegion.Create("memif-test", 4096);

        Assert.Equal(inside, region.Contains(offset, length));
        if (!inside && length <= int.MaxValue)
            Assert.Throws<InvalidOperationException>(() => region.Slice(offset, (int)length).Length);
    }

    [Fact]
    public void Map_PeerShrinksAndSealsMeanwhile_NeverMapsAShortFile()
    {
        const int Over = int.MaxValue;
        FileDescriptor? offered = null;
        int round = 0;
        var peer = new Thread(() =>
        {
            for (int mine = 1; ; mine++)
            {
                Await(() => Volatile.Read(ref round) > 0);
                if (Volatile.Read(ref round) == Over)
                    return;
                Thread.SpinWait(mine % 64);
                _ = Libc.Truncate(offered!, 0);
                _ = Libc.Fcntl(offered!, Libc.F_ADD_SEALS, Libc.F_SEAL_SHRINK);
                Volatile.Write(ref round, -mine);
            }
        });
        peer.Start();

        int shortMaps = 0;
        long start = TimeProvider.System.GetTimestamp();
        for (int mine = 1; TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(1.5); mine++)
        {
            offered = Descriptors.MemoryFile(4096, seals: 0);
            using FileDescriptor copy = Duplicate(offered);
            Volatile.Write(ref round, mine);
            shortMaps += MapsShort(copy, 4096) ? 1 : 0;
            Await(() => Volatile.Read(ref round) == -mine);
            offered.Dispose();
        }

        Volatile.Write(ref round, Over);
        peer.Join();
        Assert.Equal(0, shortMaps);
    }

    // Spins, so that both threads come within a microsecond of each other; yields when the other one has no core.
    private static void Await(Func<bool> condition)
    {
        for (int spins = 1; !condition(); spins++)
        {
            if (spins % 1000 == 0)
                Thread.Yield();
        }
    }

    private static bool MapsShort(FileDescriptor file, ulong size)
    {
        try
        {
            SharedRegion.StopGrowth(file);
            using SharedRegion region = SharedRegion.Map(file, size, requireSeal: true);
            Errno.Check(Libc.Stat(region.File, out FileStatus status), "statx");
            return status.Size < size;
        }
        catch (MemifException e) when (e.Code == MemifErrorCode.ProtocolViolation)
        {
            return false;
        }
    }

    private static SharedRegion Map(SharedRegion region, ulong size) => SharedRegion.Map(Duplicate(region.File), size, requireSeal: true);

    private static FileDescriptor Duplicate(FileDescriptor file) => FileDescriptor.Own(Libc.Fcntl(file, command: 0), "dup");
}

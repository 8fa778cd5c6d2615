using System.Runtime.InteropServices;
using ZMemif.Control;
using ZMemif.Native;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Control;

/// <summary>ADD_REGION: order, size, and whether the file is one that can be touched safely (§1.5, §7.2).</summary>
[Collection(nameof(Alone))]
public sealed class ServerRegionTests
{
    private const int Sealed = Libc.F_SEAL_SHRINK;
    private const long FourGiB = 1L << 32;

    // By default.
    private const long Largest = 1L << 28;

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(0xffff)]
    public Task Index_WithAGap_IsRefused(int index) => Refused(
        new AddRegionMessage((ushort)index, 4096), () => Descriptors.MemoryFile(4096, Sealed), $"announced region {index} where 0 is next");

    [Fact]
    public Task Index_Again_IsRefused() => new Offence(
        ClientStage.RegionAdded,
        client => client.Peer.Send(client.Region.ToBytes(), client.Memory.File),
        "announced region 0 where 1 is next").AssertRefusedAsync();

    [Fact]
    public Task Index_After256Regions_IsRefused() => new Offence(
        ClientStage.Introduced,
        client =>
        {
            for (ushort i = 0; i < 256; i++)
                client.Step(new AddRegionMessage(i, 4096).ToBytes(), client.Memory.File);
            client.Peer.Send(new AddRegionMessage(256, 4096).ToBytes(), client.Memory.File);
        },
        "announced more than 256 regions").AssertRefusedAsync();

    [Fact]
    public Task Size_Zero_IsRefused() => Refused(
        new AddRegionMessage(0, 0), () => Descriptors.MemoryFile(4096, Sealed), "announced an empty region");

    [Theory]
    [InlineData(Largest + 1)]
    [InlineData(FourGiB)]
    [InlineData(FourGiB + 1)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public Task Size_MoreThanIsAllowed_IsRefused(long size) => Refused(
        new AddRegionMessage(0, (ulong)size), () => Descriptors.MemoryFile(4096, Sealed), $"announced a region of {(ulong)size} bytes, more than MaxRegionBytes");

    [Fact]
    public Task Size_OfAllRegionsTogetherTooLarge_IsRefused() => new Offence(
        ClientStage.Introduced,
        client =>
        {
            using FileDescriptor sparse = Descriptors.MemoryFile(Largest, Sealed);
            for (ushort i = 0; i < 4; i++)
                client.Step(new AddRegionMessage(i, Largest).ToBytes(), sparse);
            client.Peer.Send(new AddRegionMessage(4, 1).ToBytes(), sparse);
        },
        "announced more in all regions than MaxTotalBytes (1073741824)").AssertRefusedAsync();

    [Theory]
    [InlineData(4096, 4097)]
    [InlineData(0, 1)]
    [InlineData(4096, Largest)]
    public Task Size_LargerThanTheFile_IsRefused(long file, long announced) => Refused(
        new AddRegionMessage(0, (ulong)announced), () => Descriptors.MemoryFile(file, Sealed), $"has {file} bytes, but {announced} were announced");

    [Fact]
    public Task File_Pipe_IsRefused() => Refused(Any, Descriptors.Pipe, "is not a memory file");

    [Fact]
    public Task File_Socket_IsRefused() => Refused(Any, Descriptors.Socket, "is not a memory file");

    [Fact]
    public Task File_Event_IsRefused() => Refused(Any, Descriptors.Event, "is not a memory file");

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/proc")]
    public Task File_DeviceOrDirectory_IsRefused(string path) => Refused(Any, () => Descriptors.Open(path), "is not a memory file");

    [Fact]
    public Task File_OnADisk_IsRefused() => Refused(Any, () => Descriptors.Open(Environment.ProcessPath!), "is not a memory file");

    [Theory]
    [InlineData(0)]
    [InlineData(Libc.F_SEAL_GROW)]
    public Task File_ThatCanShrink_IsRefused(int seals) => Refused(
        Any, () => Descriptors.MemoryFile(4096, seals), "is not sealed against shrinking (F_SEAL_SHRINK)");

    [Fact]
    public Task File_MuchLargerThanTheRegion_IsRefused() => Refused(
        Any, () => Descriptors.MemoryFile(Largest + (3 << 20), Sealed), $"lies in a file over MaxRegionBytes ({Largest}): {Largest + (3 << 20)} bytes");

    [Fact]
    public Task File_MuchLargerThanTheRegionBehindItsEnd_IsRefused() => Refused(
        Any, WithPagesBehindTheEnd, "lies in a file over MaxRegionBytes (1048576)", new MemifPortOptions { MaxRegionBytes = 1 << 20 });

    [Fact]
    public Task Files_LargerTogetherThanIsAllowed_AreRefused() => new Offence(
        ClientStage.Introduced,
        client =>
        {
            using FileDescriptor sparse = Descriptors.MemoryFile(Largest, Sealed);
            for (ushort i = 0; i < 4; i++)
                client.Step(new AddRegionMessage(i, 4096).ToBytes(), sparse);
            client.Peer.Send(new AddRegionMessage(4, 4096).ToBytes(), sparse);
        },
        $"announced files over MaxTotalBytes (1073741824) together: {5 * Largest} bytes").AssertRefusedAsync();

    [Fact]
    public Task File_ThatCannotBeKeptFromGrowing_IsRefused() => Refused(
        Any, () => Descriptors.MemoryFile(4096, Sealed | Libc.F_SEAL_SEAL), "can grow, and cannot be kept from it");

    [Fact]
    public async Task File_SealedAgainstShrinkingOnly_IsAcceptedAndCannotGrowAfterwards()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using RawClient client = server.Client(ClientStage.Introduced);
        using FileDescriptor file = Descriptors.MemoryFile(4096, Sealed);

        client.Step(Any.ToBytes(), file);

        Assert.True(Libc.Truncate(file, 8192) < 0);
    }

    [Fact]
    public async Task File_OfATrustedPeer_MayStillGrow()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(new MemifPortOptions { Seals = MemifSealPolicy.Warn });
        using RawClient client = server.Client(ClientStage.Introduced);
        using FileDescriptor file = Descriptors.MemoryFile(4096, Sealed);

        client.Step(Any.ToBytes(), file);

        Assert.Equal(0, Libc.Truncate(file, 8192));
    }

    [Fact]
    public async Task File_SlowToBeSealed_KeepsNobodyElseWaiting()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        using var mayEnd = new ManualResetEventSlim();
        using RawClient client = server.Client(ClientStage.Introduced);
        using FileDescriptor file = Descriptors.MemoryFile(4096, Sealed);
        Reaper.Shared.Run(mayEnd.Wait, geteuid());
        client.Peer.Send(Any.ToBytes(), file);

        using (RawClient other = RawClient.Connect(server.Address))
            server.AssertHealthy();

        mayEnd.Set();
        client.Peer.Expect(MessageType.Ack);
    }

    [Fact]
    public async Task Connection_EndsWhileItsFileIsSealed_LeavesNothing()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync();
        ProcessCounts before = ProcessCounts.Take();
        var mayEnd = new ManualResetEventSlim(); // not disposed: the wait for it may not have begun yet
        using (RawClient client = server.Client(ClientStage.Introduced))
        using (FileDescriptor file = Descriptors.MemoryFile(4096, Sealed))
        {
            Reaper.Shared.Run(mayEnd.Wait, geteuid());
            client.Peer.Send(Any.ToBytes(), file);
            client.Peer.Send("x"u8);
            server.Target.Disconnect();
            client.Peer.ReadToEnd();
        }

        mayEnd.Set();
        await server.Events.ExpectDownAsync();

        before.AssertAgain();
        server.AssertHealthy();
    }

    // Below the end there is one page.
    private static FileDescriptor WithPagesBehindTheEnd()
    {
        const int KeepSize = 1;
        FileDescriptor file = Descriptors.MemoryFile(4096, Sealed);
        Errno.Check(fallocate(file, KeepSize, 0, 4 << 20), "fallocate");
        return file;
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int fallocate(FileDescriptor file, int mode, long offset, long length);

    [DllImport("libc")]
    private static extern uint geteuid();

    private static AddRegionMessage Any => new(0, 4096);

    private static Task Refused(AddRegionMessage message, Func<FileDescriptor> file, string words, MemifPortOptions? options = null) => new Offence(
        ClientStage.Introduced,
        client =>
        {
            using FileDescriptor passed = file();
            client.Peer.Send(message.ToBytes(), passed);
        },
        words).AssertRefusedAsync(options);
}

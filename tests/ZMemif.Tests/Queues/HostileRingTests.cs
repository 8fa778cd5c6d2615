using ZMemif.Memory;
using ZMemif.Queues;
using ZMemif.Tests.Peers;

namespace ZMemif.Tests.Queues;

/// <summary>
/// The four walks against a peer that writes what it likes into the shared memory (§7.3): the rule that it broke is
/// named, nothing outside the region is touched, and the process lives.
/// </summary>
public sealed class HostileRingTests : IDisposable
{
    private const int Log2 = 3;
    private const int N = 1 << Log2;

    private readonly RingBed _bed = new(Log2);

    /// <summary>Counters that are impossible for a ring of 8 when 3 slots are outstanding.</summary>
    public static TheoryData<int> Jumps => [N + 1, 0x8000, 0x8000 + N, 0xffff];

    [Theory]
    [MemberData(nameof(Jumps))]
    public void ServerReceives_HeadJumps_IsAViolation(int head)
    {
        ServerRxWalk walk = _bed.ServerReceives();
        _bed.Ring.ReleaseHead((ushort)head);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal($"head {head} is {head} slots ahead of 0 on a ring of 8", walk.Violation);
    }

    [Fact]
    public void ServerReceives_HeadGoesBackward_IsAViolation()
    {
        ServerRxWalk walk = _bed.ServerReceives();
        _bed.Publish(head: 0, count: 5);
        Receive(walk, 5);
        _bed.Ring.ReleaseHead(4);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal("head 4 is 65535 slots ahead of 5 on a ring of 8", walk.Violation);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public void ServerSends_HeadJumps_IsAViolation(int head)
    {
        ServerTxWalk walk = _bed.ServerSends();
        _bed.Ring.ReleaseHead((ushort)head);

        Assert.False(walk.TryReserve(1, out _));

        Assert.Equal($"head {head} is {head} slots ahead of 0 on a ring of 8", walk.Violation);
    }

    [Fact]
    public void ServerSends_HeadGoesBackward_IsAViolation()
    {
        ServerTxWalk walk = _bed.ServerSends();
        _bed.Publish(head: 0, count: 2, length: 100);
        Assert.True(walk.TryAdd([1]));
        Assert.True(walk.TryAdd([2]));
        walk.Commit();
        _bed.Ring.ReleaseHead(1);

        Assert.False(walk.TryReserve(1, out _));

        Assert.Equal("head 1 is 65535 slots ahead of 2 on a ring of 8", walk.Violation);
    }

    [Fact]
    public void ServerSends_HeadGoesBehindWhatIsReserved_IsAViolation()
    {
        ServerTxWalk walk = _bed.ServerSends();
        _bed.Publish(head: 0, count: 6, length: 100);
        for (int i = 0; i < 6; i++)
            Assert.True(walk.TryReserve(1, out _));
        _bed.Ring.ReleaseHead(3);

        Assert.False(walk.TryReserve(1, out _));

        Assert.Equal("head went back from 6 to 3", walk.Violation);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public void ClientReceives_TailJumps_IsAViolation(int tail)
    {
        ClientRxWalk walk = _bed.ClientReceives();
        walk.PostAll();
        _bed.Ring.ReleaseTail((ushort)tail);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal($"tail {tail} is {tail} slots ahead of 0, but 8 buffers were posted", walk.Violation);
    }

    [Fact]
    public void ClientReceives_TailGoesBackward_IsAViolation()
    {
        ClientRxWalk walk = _bed.ClientReceives();
        walk.PostAll();
        _bed.Ring.ReleaseTail(3);
        Receive(walk, 3);
        _bed.Ring.ReleaseTail(2);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal("tail 2 is 65535 slots ahead of 3, but 8 buffers were posted", walk.Violation);
    }

    [Theory]
    [InlineData(N + 1)]
    [InlineData(0x8000)]
    [InlineData(0xffff)]
    public void ClientSends_TailPassesHead_IsAViolation(int tail)
    {
        ClientTxWalk walk = _bed.ClientSends();
        Fill(walk, N);
        _bed.Ring.ReleaseTail((ushort)tail);

        Assert.False(walk.TryReserve(1, out _));

        Assert.Equal($"tail went from 0 to {tail}, but head is 8", walk.Violation);
    }

    [Fact]
    public void ClientSends_TailGoesBackward_IsAViolation()
    {
        ClientTxWalk walk = _bed.ClientSends();
        Fill(walk, N);
        _bed.Ring.ReleaseTail(5);
        Fill(walk, 5);
        _bed.Ring.ReleaseTail(4);

        Assert.False(walk.TryReserve(1, out _));

        Assert.Equal("tail went from 5 to 4, but head is 13", walk.Violation);
    }

    [Theory]
    [InlineData(0xffff, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(0, 0xfffffff0, 0x20)]
    [InlineData(0, 0xffffffff, 0xffff)]
    [InlineData(0, 0, RxWalk.MaxPacketLength + 1)]
    [InlineData(0, 0, 0xffffffff)]
    [InlineData(0, 0x20, 0xfffffff0)]
    public void ServerReceives_DescriptorPointsOutside_IsAViolation(int region, uint offset, uint length)
    {
        ServerRxWalk walk = _bed.ServerReceives();
        _bed.Ring.WriteDescriptor(0, new Descriptor { Region = (ushort)region, Offset = offset, Length = length });
        _bed.Ring.ReleaseHead(1);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal($"slot 0 points outside: region {region}, offset {offset}, length {length}", walk.Violation);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void ServerReceives_DescriptorAroundTheEndOfTheRegion_IsTakenOnlyInside(uint beyond, bool taken)
    {
        ServerRxWalk walk = _bed.ServerReceives();
        _bed.Ring.WriteDescriptor(0, new Descriptor { Offset = (uint)_bed.RegionBytes - 10, Length = 10 + beyond });
        _bed.Ring.ReleaseHead(1);

        Assert.Equal(taken ? 1 : 0, walk.Gather(1));
        Assert.Equal(taken, walk.Violation is null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ServerReceives_BadDescriptorInABurst_YieldsWhatCameBeforeAndNothingAfterEvenWhenRepaired(int bad)
    {
        ServerRxWalk walk = _bed.ServerReceives();
        _bed.Publish(head: 0, count: 3);
        _bed.Ring.WriteDescriptor((uint)bad, new Descriptor { Region = 9, Length = 1 });

        Assert.Equal(bad, walk.Gather(100));

        Assert.StartsWith($"slot {bad} points outside", walk.Violation, StringComparison.Ordinal);
        for (int i = 0; i < bad; i++)
            Assert.True(walk.TryRead(out _, out _));
        Assert.False(walk.TryRead(out _, out _));
        walk.Release();
        _bed.Publish(head: 0, count: 3);
        Assert.Equal(0, walk.Gather(100));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ServerReceives_BadDescriptorInAChain_YieldsNothing(int bad)
    {
        ServerRxWalk walk = _bed.ServerReceives();
        for (uint i = 0; i < 3; i++)
            _bed.Write(i, 1, more: i < 2);
        _bed.Ring.WriteDescriptor((uint)bad, new Descriptor { Flags = (ushort)(bad < 2 ? 1 : 0), Region = 9, Length = 1 });
        _bed.Ring.ReleaseHead(3);

        Assert.Equal(0, walk.Gather(100));

        Assert.StartsWith($"slot {bad} points outside", walk.Violation, StringComparison.Ordinal);
        Assert.False(walk.TryRead(out _, out _));
    }

    [Fact]
    public void ServerReceives_ChainThatFillsTheRingWithoutEnd_IsAViolation()
    {
        ServerRxWalk walk = _bed.ServerReceives();
        for (uint i = 0; i < N; i++)
            _bed.Write(i, 1, more: true);
        _bed.Ring.ReleaseHead(N);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal("a chain of 8 descriptors fills the ring and has no end", walk.Violation);
    }

    [Fact]
    public void ServerReceives_ChainThatFillsTheRingExactly_IsAPacket()
    {
        ServerRxWalk walk = _bed.ServerReceives();
        for (uint i = 0; i < N; i++)
            _bed.Write(i, 2, more: i < N - 1);
        _bed.Ring.ReleaseHead(N);

        Assert.Equal(1, walk.Gather(100));

        Assert.True(walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out int length));
        Assert.Equal((N, 2 * N), (segments.Length, length));
    }

    [Fact]
    public void ServerReceives_ChainCutByHead_IsAwaitedAndThenYieldedWhole()
    {
        ServerRxWalk walk = _bed.ServerReceives();
        _bed.Write(0, 1);
        _bed.Write(1, 2, more: true);
        _bed.Write(2, 3, more: true);
        _bed.Ring.ReleaseHead(2);
        Receive(walk, 1);
        Assert.Equal(0, walk.Gather(100));
        _bed.Ring.ReleaseHead(3);
        Assert.Equal(0, walk.Gather(100));
        Assert.Null(walk.Violation);
        _bed.Write(3, 4);
        _bed.Ring.ReleaseHead(4);

        Assert.Equal(1, walk.Gather(100));

        Assert.True(walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out int length));
        Assert.Equal((3, 9), (segments.Length, length));
        walk.Release();
        Assert.Equal(4, _bed.Ring.AcquireTail());
    }

    [Fact]
    public void ServerReceives_ChainCutByHeadBehindAHeldPacket_FillsTheRing_IsAViolationAfterTheRelease()
    {
        ServerRxWalk walk = _bed.ServerReceives();
        _bed.Write(0, 1);
        for (uint i = 1; i < N; i++)
            _bed.Write(i, 1, more: true);
        _bed.Ring.ReleaseHead(N);
        Receive(walk, 1);
        _bed.Write(N, 1, more: true);
        Assert.Equal(0, walk.Gather(100));
        Assert.Null(walk.Violation);
        _bed.Ring.ReleaseHead(N + 1);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal("a chain of 8 descriptors fills the ring and has no end", walk.Violation);
    }

    [Fact]
    public void ServerReceives_ChainLongerThanAPacket_IsAViolation()
    {
        using var bed = new RingBed(log2Size: 10);
        ServerRxWalk walk = bed.ServerReceives();
        for (uint i = 0; i < 1024; i++)
            bed.Write(i, RingBed.BufferSize, more: true);
        bed.Ring.ReleaseHead(1024);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal("a chain is longer than 65553 bytes", walk.Violation);
    }

    [Fact]
    public void ServerReceives_ReservedFlags_SayNothing()
    {
        ServerRxWalk walk = _bed.ServerReceives();
        _bed.Ring.WriteDescriptor(0, new Descriptor { Flags = 0xfffe, Length = 1, Metadata = 0xffffffff });
        _bed.Ring.ReleaseHead(1);

        Assert.Equal(1, walk.Gather(100));
    }

    [Fact]
    public void ServerReceives_OwnTailOverwritten_DoesNotCare()
    {
        ServerRxWalk walk = _bed.ServerReceives();
        _bed.Publish(head: 0, count: 2);
        Receive(walk, 1);
        _bed.Ring.ReleaseTail(0x7777);

        Receive(walk, 1);

        Assert.Equal(2, _bed.Ring.AcquireTail());
        Assert.Null(walk.Violation);
    }

    [Fact]
    public void ServerSends_OwnTailOverwritten_DoesNotCare()
    {
        ServerTxWalk walk = _bed.ServerSends();
        _bed.Publish(head: 0, count: N, length: 100);
        Assert.True(walk.TryAdd([1]));
        walk.Commit();
        _bed.Ring.ReleaseTail(0x7777);

        Assert.True(walk.TryAdd([2]));
        walk.Commit();

        Assert.Equal(2, _bed.Ring.AcquireTail());
        Assert.Equal(2, _bed.Bytes(_bed.BufferOf(1), 1)[0]);
    }

    [Fact]
    public void ClientReceives_OwnHeadOverwritten_DoesNotCare()
    {
        ClientRxWalk walk = _bed.ClientReceives();
        walk.PostAll();
        _bed.Ring.WriteLengthAndFlags(0, 5, 0);
        _bed.Ring.ReleaseTail(1);
        _bed.Ring.ReleaseHead(0x7777);

        Receive(walk, 1);

        Assert.Equal(N + 1, _bed.Ring.AcquireHead());
        Assert.Null(walk.Violation);
    }

    [Fact]
    public void ClientSends_OwnHeadOverwritten_DoesNotCare()
    {
        ClientTxWalk walk = _bed.ClientSends();
        Fill(walk, 1);
        _bed.Ring.ReleaseHead(0x7777);

        Fill(walk, 1);

        Assert.Equal(2, _bed.Ring.AcquireHead());
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0xffff, 0, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(0, 0xfffffff0, 0x20)]
    [InlineData(0, 0, 0xffffffff)]
    public void ServerSends_PostedBufferIsImpossible_IsAViolation(int region, uint offset, uint length)
    {
        ServerTxWalk walk = _bed.ServerSends();
        _bed.Ring.WriteDescriptor(0, new Descriptor { Region = (ushort)region, Offset = offset, Length = length });
        _bed.Ring.ReleaseHead(1);

        Assert.False(walk.TryAdd([1]));

        Assert.Equal($"the buffer posted in slot 0 is impossible: region {region}, offset {offset}, length {length}", walk.Violation);
        Assert.Equal(0, walk.NextBufferLength);
        Assert.Equal(0, _bed.Ring.AcquireTail());
    }

    [Fact]
    public void ServerSends_BadBufferInAChain_SendsNothingOfThePacket()
    {
        ServerTxWalk walk = _bed.ServerSends();
        _bed.Publish(head: 0, count: 3, length: 10);
        _bed.Ring.WriteDescriptor(2, new Descriptor { Region = 7, Length = 10 });

        Assert.False(walk.TryAdd(new byte[25]));

        Assert.False(walk.Commit());
        Assert.Equal(0, _bed.Ring.AcquireTail());
        Assert.StartsWith("the buffer posted in slot 2 is impossible", walk.Violation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RingBed.BufferSize + 1)]
    [InlineData(0x10000)]
    [InlineData(0xffffffff)]
    public void ClientReceives_LengthBeyondTheBuffer_IsAViolation(uint length)
    {
        ClientRxWalk walk = _bed.ClientReceives();
        walk.PostAll();
        _bed.Ring.WriteLengthAndFlags(0, length, 0);
        _bed.Ring.ReleaseTail(1);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal($"slot 0 claims {length} bytes in a buffer of {RingBed.BufferSize}", walk.Violation);
    }

    [Fact]
    public void ClientReceives_RegionAndOffsetRewritten_ReadsItsOwnBuffer()
    {
        ClientRxWalk walk = _bed.ClientReceives();
        walk.PostAll();
        _bed.Ring.WriteDescriptor(0, new Descriptor { Region = 0xffff, Offset = 0xffffffff, Length = 4 });
        _bed.Ring.ReleaseTail(1);

        Assert.Equal(1, walk.Gather(100));
        Assert.True(walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out _));
        Assert.Equal(new PacketSegment(0, _bed.BufferOf(0), 4, More: false), segments[0]);
        walk.Release();

        Descriptor posted = _bed.Ring.ReadDescriptor(0);
        Assert.Equal((0, _bed.BufferOf(0), (uint)RingBed.BufferSize, 0), (posted.Region, posted.Offset, posted.Length, posted.Flags));
    }

    [Fact]
    public void ClientReceives_ChainThatFillsTheRingWithoutEnd_IsAViolation()
    {
        ClientRxWalk walk = _bed.ClientReceives();
        walk.PostAll();
        for (uint i = 0; i < N; i++)
            _bed.Ring.WriteLengthAndFlags(i, 1, Descriptor.Next);
        _bed.Ring.ReleaseTail(N);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal("a chain of 8 descriptors fills the ring and has no end", walk.Violation);
    }

    [Fact]
    public void ClientReceives_ChainCutByTail_IsAwaitedAndThenYieldedWhole()
    {
        ClientRxWalk walk = _bed.ClientReceives();
        walk.PostAll();
        _bed.Ring.WriteLengthAndFlags(0, 2, Descriptor.Next);
        _bed.Ring.ReleaseTail(1);
        Assert.Equal(0, walk.Gather(100));
        Assert.Null(walk.Violation);
        _bed.Ring.WriteLengthAndFlags(1, 3, 0);
        _bed.Ring.ReleaseTail(2);

        Assert.Equal(1, walk.Gather(100));

        Assert.True(walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out int length));
        Assert.Equal((2, 5), (segments.Length, length));
    }

    [Fact]
    public void ClientReceives_ChainLongerThanAPacket_IsAViolation()
    {
        using var bed = new RingBed(log2Size: 10);
        ClientRxWalk walk = bed.ClientReceives();
        walk.PostAll();
        for (uint i = 0; i < 1024; i++)
            bed.Ring.WriteLengthAndFlags(i, RingBed.BufferSize, Descriptor.Next);
        bed.Ring.ReleaseTail(1024);

        Assert.Equal(0, walk.Gather(100));

        Assert.Equal("a chain is longer than 65553 bytes", walk.Violation);
    }

    [Fact]
    public void ServerReceives_DescriptorFlippedWhileItIsRead_NeverLeavesTheRegion()
    {
        ServerRxWalk walk = _bed.ServerReceives(owned: false);
        bool stop = false;
        var flipper = new Thread(() =>
        {
            Descriptor good = new() { Offset = _bed.BufferOf(0), Length = 64 };
            Descriptor bad = new() { Region = 0xffff, Offset = 0xfffffff0, Length = 0xffff };
            while (!Volatile.Read(ref stop))
            {
                _bed.Ring.WriteDescriptor(0, bad);
                _bed.Ring.WriteDescriptor(0, good);
            }
        });
        _bed.Ring.ReleaseHead(1);
        flipper.Start();

        (int taken, int refused) = (0, 0);
        for (int look = 0; look < 200_000 || ((taken == 0 || refused == 0) && look < 20_000_000); look++)
        {
            if (walk.Gather(1) == 1)
            {
                Assert.True(walk.TryRead(out ReadOnlySpan<PacketSegment> segments, out _));
                Touch(_bed.Generation.View(segments[0]));
                taken++;
                continue;
            }

            Assert.StartsWith("slot 0 points outside", walk.Violation, StringComparison.Ordinal);
            walk.Close();
            walk = _bed.ServerReceives(owned: false);
            refused++;
        }

        Volatile.Write(ref stop, true);
        flipper.Join();
        walk.Close();
        Assert.True(taken > 0 && refused > 0, $"{taken} were taken and {refused} refused.");
    }

    public void Dispose() => _bed.Dispose();

    private static void Receive(RxWalk walk, int packets)
    {
        Assert.Equal(packets, walk.Gather(packets));
        while (walk.TryRead(out _, out _))
            packets--;
        Assert.Equal(0, packets);
        walk.Release();
    }

    private static void Fill(ClientTxWalk walk, int packets)
    {
        for (int i = 0; i < packets; i++)
            Assert.True(walk.TryAdd([1]));
        walk.Commit();
    }

    private static void Touch(ReadOnlySpan<byte> bytes)
    {
        int sum = 0;
        foreach (byte b in bytes)
            sum += b;
        Assert.True(sum >= 0);
    }
}

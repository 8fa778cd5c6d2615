using ZMemif.Control;
using ZMemif.HostilePeer.Links;
using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>What can be done to the memory file itself.</summary>
internal static class MemoryAttacks
{
    private const ulong FourGiB = 1UL << 32;

    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("region-unsealed", AttackRoles.Client, attacker => Announce(attacker, Native.MemoryFile(ClientArena.Bytes, 0))),
        new("region-write-sealed", AttackRoles.Client, attacker => Announce(attacker, WriteSealed())),
        new("region-huge-pages", AttackRoles.Client, attacker => Announce(attacker, Native.MemoryFile(1 << 30, Libc.F_SEAL_SHRINK, Native.MfdHugePages))),
        new("region-short", AttackRoles.Client, attacker => Announce(attacker, Native.MemoryFile(ClientArena.Bytes - 1, Libc.F_SEAL_SHRINK))),
        new("shrink-sealed", AttackRoles.Both, ShrinkSealed),
        new("shrink-trusted", AttackRoles.Client, ShrinkTrusted),
        new("grow", AttackRoles.Client, Grow),
        new("punch-buffers", AttackRoles.Both, PunchBuffers),
        new("punch-rings", AttackRoles.Both, PunchRings),
        new("region-too-large", AttackRoles.Client, attacker => Announce(attacker, Native.MemoryFile(FourGiB, Libc.F_SEAL_SHRINK), FourGiB)),
        new("memory-is-large", AttackRoles.Client, MemoryIsLarge),
        new("sparse-region", AttackRoles.Client, SparseRegion),
    ];

    private static void Announce(Attacker attacker, FileDescriptor file, ulong size = ClientArena.Bytes)
    {
        using FileDescriptor passed = file;
        using RawChannel channel = attacker.Open(HandshakeStage.Introduced);
        channel.Send(new AddRegionMessage(0, size).ToBytes(), passed);
        Journal.Say($"told {channel.ReadToEnd()}");
    }

    private static FileDescriptor WriteSealed()
    {
        FileDescriptor file = Native.MemoryFile(ClientArena.Bytes, Libc.F_SEAL_SHRINK);
        Native.Seal(file, Native.FSealFutureWrite);
        return file;
    }

    // Whoever shares a sealed memory can neither shrink it nor take the writing away from those who have it mapped.
    private static void ShrinkSealed(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Behave(link, 20);
        if (Libc.Truncate(link.Region.File, 0) >= 0)
            throw new InvalidOperationException("A sealed file was shrunk.");
        if (Libc.Fcntl(link.Region.File, Libc.F_ADD_SEALS, Native.FSealWrite) >= 0)
            throw new InvalidOperationException("A file that is mapped was sealed against writing.");
        _ = Libc.Fcntl(link.Region.File, Libc.F_ADD_SEALS, Native.FSealFutureWrite);
        Attacker.BehaveForAWhile(link);
    }

    // For a victim that trusts unsealed memory: this is what the seal is for.
    private static void ShrinkTrusted(Attacker attacker)
    {
        HostileClientLink link = attacker.ConnectWith(new ClientArena(Native.MemoryFile(ClientArena.Bytes, 0)));
        link.PostAll();
        Errno.Check(Libc.Truncate(link.Region.File, 0), "ftruncate");
        link.OutEvent.Signal();
        Journal.Say($"told {link.Channel.ReadToEnd()}");
    }

    private static void Grow(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        if (Libc.Truncate(link.Region.File, 1L << 32) >= 0)
            throw new InvalidOperationException("A file was made larger under a link.");
        Attacker.BehaveForAWhile(link);
    }

    private static void PunchBuffers(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        long buffers = (ClientArena.BuffersBegin + 4095) & ~4095;
        for (int round = 0; round < 50; round++)
        {
            Native.PunchHole(link.Region.File, buffers, (long)ClientArena.Bytes - buffers);
            Attacker.Behave(link, 20);
        }
    }

    // The victim finds zeroes where its counters and the attacker's were; the attacker publishes what is left, zero.
    private static void PunchRings(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Behave(link, 20);
        Native.PunchHole(link.Region.File, 0, (long)link.Region.Size);
        link.OutEvent.Signal();
        Attacker.TellEnd(link);
    }

    // Filled, as far as this machine gives it away: a hole takes as long as there are pages, and so does the last closing.
    private static void MemoryIsLarge(Attacker attacker)
    {
        using FileDescriptor file = Native.MemoryFile(FourGiB, Libc.F_SEAL_SHRINK);
        Native.Fill(file, 0, 1L << 30);
        using (RawChannel channel = attacker.Open(HandshakeStage.Introduced))
        {
            channel.Send(new AddRegionMessage(0, ClientArena.Bytes).ToBytes(), file);
            Native.PunchHole(file, 0, 1L << 29);
            Journal.Say($"told {channel.ReadToEnd()}");
        }

        // Here the last one to hold it is the victim.
        FileDescriptor left = Native.MemoryFile(FourGiB, Libc.F_SEAL_SHRINK);
        Native.Fill(left, 0, 1L << 30);
        using RawChannel last = attacker.Open(HandshakeStage.Introduced);
        last.Send(new AddRegionMessage(0, ClientArena.Bytes).ToBytes(), left);
        left.Dispose();
        Journal.Say($"told {last.ReadToEnd()}");
    }

    // Four GiB of nothing, of which the attacker names pieces everywhere; the last ones end with the region.
    private static void SparseRegion(Attacker attacker)
    {
        using FileDescriptor sparse = Native.MemoryFile(FourGiB, Libc.F_SEAL_SHRINK);
        var arena = ClientArena.Sealed();
        using RawChannel channel = ClientSide.Open(attacker.Address, attacker.Id, HandshakeStage.RegionAdded, arena);
        Step(channel, new AddRegionMessage(1, FourGiB).ToBytes(), sparse);
        Step(channel, ClientArena.S2MRing.ToBytes(), arena.S2MEvent.Descriptor);
        Step(channel, ClientArena.M2SRing.ToBytes(), arena.M2SEvent.Descriptor);
        channel.Send(ClientSide.Connect);
        channel.Expect(MessageType.Connected);
        using var link = new HostileClientLink(channel, arena);
        for (int i = 0; i < 500; i++)
        {
            Attacker.Until(() => link.Free > 0, "there is room");
            uint length = (uint)attacker.Random.Next(1, 2048);
            uint offset = i % 2 == 0 ? (uint)(FourGiB - length) : (uint)attacker.Random.NextInt64((long)FourGiB - length);
            link.Out.WriteDescriptor(link.Sent, new Descriptor { Region = 1, Length = length, Offset = offset });
            link.PublishOut(1);
        }

        Attacker.Until(() => link.IsOutEmpty, "the victim has read everything");
    }

    private static void Step(RawChannel channel, byte[] message, FileDescriptor passed)
    {
        channel.Send(message, passed);
        channel.Expect(MessageType.Ack);
    }
}

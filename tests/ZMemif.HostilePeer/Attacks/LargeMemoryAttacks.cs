using ZMemif.HostilePeer.Links;
using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>
/// A region as large as one may be when nothing else is said, rings included, with a page behind every byte: whoever touches
/// what is just being punched out of it waits for all of the hole.
/// </summary>
internal static class LargeMemoryAttacks
{
    private const int Rounds = 5;
    private const uint PageSize = 4096;

    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("largest-region", AttackRoles.Client, LargestRegion),
        new("largest-region-stalls", AttackRoles.Client, LargestRegionStalls),
        new("largest-region-punched", AttackRoles.Client, LargestRegionPunched),
    ];

    private static readonly ulong s_bytes = (ulong)new MemifPortOptions().MaxRegionBytes;

    private static void LargestRegion(Attacker attacker)
    {
        using HostileClientLink link = Connect(attacker);
        Attacker.Behave(link, 20);
        for (int i = 0; i < 500; i++)
            SendFromAnywhere(attacker, link, last: i % 2 == 0);
        Attacker.Until(() => link.IsOutEmpty, "the victim has read everything");
        Attacker.BehaveForAWhile(link);
    }

    // All but the rings is taken away and given back all the time, and the packets lie there.
    private static void LargestRegionStalls(Attacker attacker)
    {
        using HostileClientLink link = Connect(attacker);
        Attacker.Behave(link, 20);
        long rings = (ClientArena.BuffersBegin + PageSize - 1) / PageSize * PageSize;
        int holes = 0;
        Attacker.Race(
            () =>
            {
                Native.PunchHole(link.Region.File, rings, (long)s_bytes - rings);
                Native.Fill(link.Region.File, rings, (long)s_bytes - rings);
                Volatile.Write(ref holes, holes + 1);
            },
            () => Attacker.Until(
                () =>
                {
                    SendFromAnywhere(attacker, link, last: false);
                    return Volatile.Read(ref holes) >= Rounds;
                },
                "holes have been punched"));
        Attacker.Until(() => link.IsOutEmpty, "the victim has read everything");
        Attacker.BehaveForAWhile(link);
    }

    // The rings, too, under whoever uses them.
    private static void LargestRegionPunched(Attacker attacker)
    {
        for (int round = 0; round < Rounds; round++)
        {
            using HostileClientLink link = Connect(attacker);
            Attacker.Behave(link, 20);
            Native.PunchHole(link.Region.File, 0, (long)s_bytes);
            link.OutEvent.Signal();
            Attacker.TellEnd(link);
        }
    }

    private static HostileClientLink Connect(Attacker attacker)
    {
        FileDescriptor file = Native.MemoryFile(s_bytes, Libc.F_SEAL_SHRINK);
        Native.Fill(file, 0, (long)s_bytes);
        HostileClientLink link = attacker.ConnectWith(new ClientArena(file, s_bytes));
        link.PostAll();
        return link;
    }

    private static void SendFromAnywhere(Attacker attacker, HostileClientLink link, bool last)
    {
        Attacker.Until(() => link.Free > 0, "there is room");
        uint length = (uint)attacker.Random.Next(1, 2048);
        uint offset = last ? (uint)(s_bytes - length) : (uint)attacker.Random.NextInt64((long)s_bytes - length);
        link.Out.WriteDescriptor(link.Sent, new Descriptor { Length = length, Offset = offset });
        link.PublishOut(1);
    }
}

using ZMemif.HostilePeer.Links;
using ZMemif.Memory;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>A second thread changes the shared memory while the victim looks at it.</summary>
internal static class RaceAttacks
{
    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("flip-descriptors", AttackRoles.Both, attacker => attacker.Again(FlipSent)),
        new("flip-descriptors-dropped", AttackRoles.Both, attacker => attacker.Again(FlipSent)),
        new("flip-posted", AttackRoles.Client, attacker => attacker.Again(FlipPosted)),
        new("flip-payload", AttackRoles.Both, FlipPayload),
        new("flip-mask", AttackRoles.Both, FlipMask),
        new("scribble-rings", AttackRoles.Both, attacker => attacker.Again(ScribbleRings)),
        new("scribble-everything", AttackRoles.Both, attacker => attacker.Again(ScribbleEverything)),
        new("overwrite-cookies", AttackRoles.Both, OverwriteCookies),
    ];

    // All slots lie published; each is now a packet, now something impossible.
    private static void FlipSent(HostileLink link, Func<bool> goesOn)
    {
        var random = new Random(2);
        Attacker.Race(
            () =>
            {
                ushort slot = (ushort)random.Next(link.Slots);
                bool isGood = random.Next(16) != 0;
                if (link is HostileServerLink)
                    link.WriteOut(slot, isGood ? 64u : uint.MaxValue, (ushort)random.Next(2));
                else
                    link.Out.WriteDescriptor(slot, isGood ? Good(random) : Bad(random));
            },
            () =>
            {
                while (goesOn())
                {
                    if (link.Free > 0)
                        link.PublishOut(1);
                    _ = link.VictimIn;
                    link.ReturnRead();
                }
            });
    }

    private static void FlipPosted(HostileLink link, Func<bool> goesOn)
    {
        var random = new Random(3);
        Attacker.Race(
            () => link.In.WriteDescriptor((uint)random.Next(link.Slots), random.Next(64) != 0 ? Good(random) : Bad(random)),
            () =>
            {
                while (goesOn())
                    link.SetIn((ushort)(link.VictimIn + link.Slots));
            });
    }

    // The bytes change under the reader. What he copied is what counts; here nothing can be verified.
    private static void FlipPayload(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Behave(link, 20);
        long until = Environment.TickCount64 + (long)Attacker.RaceTime.TotalMilliseconds;
        Attacker.Race(
            () => link.OutBuffer((ushort)attacker.Random.Next(link.Slots), 2048).Fill((byte)attacker.Random.Next(256)),
            () =>
            {
                while (Environment.TickCount64 < until)
                {
                    int count = Math.Min(4, link.Free);
                    for (int i = 0; i < count; i++)
                        link.WriteOut((ushort)(link.Sent + i), 2048);
                    link.PublishOut(count);
                }
            });
    }

    // Masks decide about wake-ups only. The victim's receiver is called by an event every time anyway.
    private static void FlipMask(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Race(
            () =>
            {
                link.In.SetMask(Environment.TickCount64 % 2 == 0);
                link.Out.SetMask(Environment.TickCount64 % 3 == 0);
            },
            () => Attacker.BehaveForAWhile(link));
    }

    private static void ScribbleRings(HostileLink link, Func<bool> goesOn) => Scribble(link, (int)ClientArena.BuffersBegin, goesOn);

    private static void ScribbleEverything(HostileLink link, Func<bool> goesOn) => Scribble(link, (int)ClientArena.Bytes, goesOn);

    private static void Scribble(HostileLink link, int bytes, Func<bool> goesOn)
    {
        var random = new Random(5);
        while (goesOn())
        {
            int offset = random.Next(bytes - 64);
            random.NextBytes(link.Region.Slice((uint)offset, random.Next(1, 64)));
            link.OutEvent.Signal();
        }
    }

    private static void OverwriteCookies(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        link.Region.Slice(0, 4).Clear();
        link.Region.Slice(ClientArena.BuffersBegin / 2, 4).Fill(0xff);
        Attacker.BehaveForAWhile(link);
    }

    private static Descriptor Good(Random random) => new()
    {
        Flags = (ushort)random.Next(2),
        Length = (uint)random.Next(1, 2048),
        Offset = ClientArena.BuffersBegin + (uint)random.Next(64 * 2048),
    };

    private static Descriptor Bad(Random random) => new()
    {
        Flags = (ushort)random.Next(2),
        Region = (ushort)random.Next(0x10000),
        Length = uint.MaxValue - (uint)random.Next(100_000),
        Offset = uint.MaxValue - (uint)random.Next(100_000),
    };
}

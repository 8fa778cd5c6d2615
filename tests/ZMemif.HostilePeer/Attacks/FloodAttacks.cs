using ZMemif.Control;
using ZMemif.HostilePeer.Links;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>More connections than anybody needs.</summary>
internal static class FloodAttacks
{
    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("connect-flood", AttackRoles.Client, ConnectFlood),
        new("half-open", AttackRoles.Client, HalfOpen),
        new("connect-and-hold", AttackRoles.Client, ConnectAndHold),
    ];

    // Connections that are closed as soon as they are made, as fast as it goes, while somebody else wants a link.
    private static void ConnectFlood(Attacker attacker) => Attacker.Race(
        () => Attacker.Ignore(() => RawChannel.Connect(attacker.Address).Dispose()), () => MakeLinks(attacker));

    // Several hundred are open at any time. Whoever is turned away comes again at once.
    private static void ConnectAndHold(Attacker attacker)
    {
        Queue<RawChannel> held = new();
        Attacker.Race(
            () =>
            {
                Attacker.Ignore(() => held.Enqueue(RawChannel.Connect(attacker.Address)));
                if (held.Count > 500)
                    held.Dequeue().Dispose();
            },
            () => MakeLinks(attacker));
        Journal.Say($"told {held.Count} held");
        foreach (RawChannel channel in held)
            channel.Dispose();
    }

    private static void MakeLinks(Attacker attacker)
    {
        long until = Environment.TickCount64 + (long)Attacker.RaceTime.TotalMilliseconds;
        int links = 0;
        while (Environment.TickCount64 < until || links == 0)
        {
            Attacker.Ignore(() =>
            {
                using HostileLink link = attacker.Connect();
                Attacker.Behave(link, 20);
                links++;
            });
        }

        Journal.Say($"told {links} links");
    }

    // More than the victim keeps at once; those that it keeps are dropped at the deadline.
    private static void HalfOpen(Attacker attacker)
    {
        List<RawChannel> silent = [];
        for (int i = 0; i < 200; i++)
            Attacker.Ignore(() => silent.Add(RawChannel.Connect(attacker.Address)));
        string?[] reasons = [.. silent.Select(channel => channel.ReadToEnd())];
        Journal.Say($"told {reasons.Count(reason => reason is null)} turned away, then: {reasons.First(reason => reason is not null)}");
        silent.ForEach(channel => channel.Dispose());
    }
}

using ZMemif.Control;
using ZMemif.HostilePeer.Links;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>More connections than anybody needs.</summary>
internal static class FloodAttacks
{
    private const uint Nobody = 65534;

    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("connect-flood", AttackRoles.Client, ConnectFlood),
        new("half-open", AttackRoles.Client, HalfOpen),
        new("connect-and-hold", AttackRoles.Client, ConnectAndHold),
        new("flood-of-another-user", AttackRoles.Client, FloodOfAnotherUser),
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

    // The one who floods is another user, as the kernel tells the victim. No handshake that is begun meanwhile is refused.
    private static void FloodOfAnotherUser(Attacker attacker)
    {
        Queue<RawChannel> held = new();
        int opened = 0;
        Attacker.Race(
            () =>
            {
                if (opened == 0)
                    Native.BecomeUser(Nobody);
                Attacker.Ignore(() => held.Enqueue(RawChannel.Connect(attacker.Address)));
                Volatile.Write(ref opened, opened + 1);
                if (held.Count > 500)
                    held.Dequeue().Dispose();
            },
            () => MakeLinksUnrefused(attacker, () => Volatile.Read(ref opened)));
        Journal.Say($"told {held.Count} held by user {Nobody}");
        foreach (RawChannel channel in held)
            channel.Dispose();
    }

    private static void MakeLinksUnrefused(Attacker attacker, Func<int> flooded)
    {
        long longest = 0;
        for (int links = 0; links < 20; links++)
        {
            // So many come between HELLO and INIT that this would be the oldest one, were there not the users.
            using (RawChannel slow = Knock(() => attacker.Open(HandshakeStage.Greeted)))
            {
                int before = flooded();
                Attacker.Until(() => flooded() - before > 100, "others connect");
                slow.Send(ClientSide.Init(attacker.Id));
                slow.Expect(MessageType.Ack);
            }

            long began = Environment.TickCount64;
            using HostileLink link = Knock(attacker.Connect);
            longest = Math.Max(longest, Environment.TickCount64 - began);
            Attacker.Behave(link, 20);
        }

        Journal.Say($"told {longest} ms for the slowest link");
    }

    // The kernel's queue of those who want to connect is everybody's, and may be full: that is no answer of the victim's.
    private static T Knock<T>(Func<T> connect)
        where T : class
    {
        T? connected = null;
        Attacker.Until(
            () =>
            {
                try
                {
                    connected = connect();
                }
                catch (MemifException e) when (e.Code == MemifErrorCode.NobodyListens)
                {
                    return false;
                }

                return true;
            },
            "the victim accepts");
        return connected!;
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

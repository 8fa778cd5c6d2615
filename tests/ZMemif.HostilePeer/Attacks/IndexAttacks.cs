using ZMemif.HostilePeer.Links;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>Counters that jump: the attacker's own, on both rings.</summary>
internal static class IndexAttacks
{
    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("publish-jump", AttackRoles.Both, attacker => Publish(attacker, link => link.Slots + 1)),
        new("publish-half", AttackRoles.Both, attacker => Publish(attacker, _ => 0x8000)),
        new("publish-backward", AttackRoles.Both, attacker => Publish(attacker, _ => -1)),
        new("return-jump", AttackRoles.Both, attacker => Return(attacker, link => link.Slots + 1)),
        new("return-half", AttackRoles.Both, attacker => Return(attacker, _ => 0x8000)),
        new("return-backward", AttackRoles.Both, attacker => Return(attacker, _ => -1)),
        new("overwrite-counters", AttackRoles.Both, OverwriteCounters),
    ];

    private static void Publish(Attacker attacker, Func<HostileLink, int> jump)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Behave(link, 20);
        link.SetOut((ushort)(link.Sent + jump(link)));
        Attacker.TellEnd(link);
    }

    // First the victim has filled the ring, so that it looks at the counter whenever it wants to send.
    private static void Return(Attacker attacker, Func<HostileLink, int> jump)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Behave(link, 20);
        Attacker.Until(() => (ushort)(link.VictimIn - link.Read) == link.Slots, "the victim fills the ring");

        link.SetIn((ushort)(link.Returned + jump(link)));
        Attacker.TellEnd(link);
    }

    // Between two rounds, when both know where they are; the victim's next store makes its counters true again.
    private static void OverwriteCounters(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        for (int round = 0; round < 100; round++)
        {
            Attacker.Behave(link, 20);
            link.StoreVictim(link.Out, (ushort)(link.Sent + 0x4000 + attacker.Random.Next(0x4000)));
            link.StoreVictim(link.In, (ushort)(link.Read + 0x4000 + attacker.Random.Next(0x4000)));
        }
    }
}

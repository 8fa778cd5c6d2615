using System.Diagnostics;
using ZMemif.HostilePeer.Links;
using ZMemif.Memory;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>Slots with impossible contents, correctly published.</summary>
internal static class DescriptorAttacks
{
    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("region-ffff", AttackRoles.Client, attacker => Sent(attacker, new Descriptor { Region = 0xffff, Length = 64 })),
        new("offset-overflow", AttackRoles.Client, attacker => Sent(attacker, new Descriptor { Offset = 0xffff_fff0, Length = 0xffff_ffff })),
        new("offset-past-end", AttackRoles.Client, attacker => Sent(attacker, new Descriptor { Offset = (uint)ClientArena.Bytes - 63, Length = 64 })),
        new("length-max", AttackRoles.Both, attacker => Length(attacker, uint.MaxValue)),
        new("length-over", AttackRoles.Server, attacker => Length(attacker, 2049)),
        new("chain-endless", AttackRoles.Both, attacker => Chain(attacker, link => link.Slots, length: 1)),
        new("chain-too-long", AttackRoles.Both, attacker => Chain(attacker, _ => 40, length: 2000)),
        new("chain-unfinished", AttackRoles.Both, Unfinished),
        new("posted-region-ffff", AttackRoles.Client, attacker => Posted(attacker, new Descriptor { Region = 0xffff, Length = 2048 })),
        new("posted-offset-overflow", AttackRoles.Client, attacker => Posted(attacker, new Descriptor { Offset = 0xffff_fff0, Length = 0xffff_ffff })),
        new("posted-empty", AttackRoles.Client, attacker => Posted(attacker, new Descriptor { Offset = ClientArena.BuffersBegin })),
        new("posted-over-rings", AttackRoles.Client, PostedOverRings),
        new("malformed-dropped", AttackRoles.Both, MalformedAmongGood),
    ];

    private static void Sent(Attacker attacker, Descriptor descriptor)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Behave(link, 20);
        link.Out.WriteDescriptor(link.Sent, descriptor);
        link.PublishOut(1);
        Attacker.TellEnd(link);
    }

    private static void Length(Attacker attacker, uint length)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Behave(link, 20);
        link.WriteOut(link.Sent, length);
        link.PublishOut(1);
        Attacker.TellEnd(link);
    }

    private static void Chain(Attacker attacker, Func<HostileLink, int> pieces, uint length)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Behave(link, 20);
        Attacker.Until(() => link.Free == link.Slots, "the victim has returned every slot");
        for (int i = 0; i < pieces(link); i++)
            link.WriteOut((ushort)(link.Sent + i), length, Descriptor.Next);
        link.PublishOut(pieces(link));
        Attacker.TellEnd(link);
    }

    // Half a packet, for a while; then its other half, as if nothing had been.
    private static void Unfinished(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Behave(link, 20);
        link.WriteOut(link.Sent, length: 1, Descriptor.Next);
        link.PublishOut(1);
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Attacker.RaceTime)
            link.ReceiveHonest();

        link.WriteOut(link.Sent, length: 1);
        link.PublishOut(1);
        Attacker.Behave(link, 20);
    }

    private static void Posted(Attacker attacker, Descriptor buffer)
    {
        using HostileClientLink link = attacker.ConnectWith(ClientArena.Sealed());
        link.In.WriteDescriptor(0, buffer);
        link.SetIn(1);
        Attacker.TellEnd(link);
    }

    // The victim writes its packets over its own rings: whatever comes of that, it checks every index again.
    private static void PostedOverRings(Attacker attacker)
    {
        using HostileClientLink link = attacker.ConnectWith(ClientArena.Sealed());
        for (ushort i = 0; i < link.Slots; i++)
            link.In.WriteDescriptor(i, new Descriptor { Length = ClientArena.BuffersBegin - (16u * i), Offset = 16u * i });
        link.SetIn((ushort)link.Slots);
        Attacker.TellEnd(link);
    }

    // For a victim that drops malformed packets and goes on.
    private static void MalformedAmongGood(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        for (int round = 0; round < 100; round++)
        {
            Attacker.Behave(link, 5);
            if (attacker.IsClient)
                link.Out.WriteDescriptor(link.Sent, new Descriptor { Region = (ushort)(1 + round), Offset = uint.MaxValue, Length = 64 });
            else
                link.WriteOut(link.Sent, 0x10000u + (uint)round);
            link.PublishOut(1);
        }

        Attacker.Behave(link, 20);
    }
}

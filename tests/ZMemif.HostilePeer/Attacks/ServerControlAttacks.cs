using ZMemif.Control;
using ZMemif.HostilePeer.Links;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>Handshakes that go wrong, as a server; the victim comes again by itself, ever more slowly.</summary>
internal static class ServerControlAttacks
{
    private static readonly HandshakeStage[] s_stages = Enum.GetValues<HandshakeStage>();

    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("eof-at-each-step", AttackRoles.Server, attacker => AtEachStep(attacker, _ => { })),
        new("disconnect-at-each-step", AttackRoles.Server, attacker => AtEachStep(
            attacker, channel => channel.Send(new DisconnectMessage(uint.MaxValue, "bye\nfor good").ToBytes()))),
        new("silent-at-each-step", AttackRoles.Server, attacker => AtEachStep(
            attacker, channel => Journal.Say($"told {channel.ReadToEnd()}"), last: HandshakeStage.RingsAdded)),
        new("message-fuzz", AttackRoles.Server, Fuzz),
        new("hello-zeroes", AttackRoles.Server, attacker => Greet(attacker, ServerSide.Hello with
        {
            MaxRegion = 0, MaxM2SRing = 0, MaxS2MRing = 0, MaxLog2RingSize = 0,
        })),
        new("hello-maxima", AttackRoles.Server, attacker => Greet(attacker, ServerSide.Hello with
        {
            MinVersion = 0, MaxVersion = 0xffff, MaxRegion = 0xffff, MaxM2SRing = 0xffff, MaxS2MRing = 0xffff, MaxLog2RingSize = 0xff,
        })),
    ];

    private static void AtEachStep(Attacker attacker, Action<RawChannel> end, HandshakeStage last = HandshakeStage.Up)
    {
        foreach (HandshakeStage stage in s_stages.Where(stage => stage <= last))
        {
            using RawChannel channel = attacker.Open(stage);
            end(channel);
        }
    }

    private static void Fuzz(Attacker attacker)
    {
        foreach (HandshakeStage stage in s_stages)
        {
            using RawChannel channel = attacker.Open(stage);
            for (int i = 0; i < 5; i++)
                ClientControlAttacks.SendAnything(attacker, channel);
            channel.ReadToEnd();
        }
    }

    private static void Greet(Attacker attacker, HelloMessage hello)
    {
        using HostileServerLink link = attacker.Server.Open(HandshakeStage.Up, hello).Link!;
        Journal.Say($"told {link.Slots} slots");
        Attacker.Behave(link, 50);
    }
}

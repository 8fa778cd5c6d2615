using ZMemif.Control;
using ZMemif.HostilePeer.Links;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>Handshakes that go wrong, as a client, in quick succession.</summary>
internal static class ClientControlAttacks
{
    private static readonly HandshakeStage[] s_stages = Enum.GetValues<HandshakeStage>();

    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("eof-at-each-step", AttackRoles.Client, attacker => AtEachStep(attacker, rounds: 20, _ => { })),
        new("disconnect-at-each-step", AttackRoles.Client, attacker => AtEachStep(
            attacker, rounds: 20, channel => channel.Send(new DisconnectMessage(uint.MaxValue, "bye\nfor good").ToBytes()))),
        new("silent-at-each-step", AttackRoles.Client, attacker => AtEachStep(attacker, rounds: 1, channel =>
        {
            if (channel.ReadToEnd() is { } reason)
                Journal.Say($"told {reason}");
        }, last: HandshakeStage.RingsAdded)),
        new("message-fuzz", AttackRoles.Client, Fuzz),
        new("rights-253", AttackRoles.Client, TooManyRights),
        new("hijack", AttackRoles.Client, Hijack),
        new("impatient", AttackRoles.Client, Impatient),
        new("link-cycle", AttackRoles.Client, attacker => attacker.Again((link, _) =>
        {
            link.SetOut(0x8000);
            link.Channel.ReadToEnd();
        })),
    ];

    private static void AtEachStep(Attacker attacker, int rounds, Action<RawChannel> end, HandshakeStage last = HandshakeStage.Up)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (HandshakeStage stage in s_stages.Where(stage => stage <= last))
            {
                using RawChannel channel = OpenWhenFree(attacker, stage);
                end(channel);
            }
        }
    }

    // The victim may not have noticed yet that the one before is gone.
    private static RawChannel OpenWhenFree(Attacker attacker, HandshakeStage stage)
    {
        RawChannel? channel = null;
        Attacker.Until(
            () =>
            {
                Attacker.Ignore(() => channel = attacker.Open(stage));
                return channel is not null;
            },
            $"the port is free for {stage}");
        return channel!;
    }

    /// <summary>Any message, of any length, with any descriptors, at any time.</summary>
    private static void Fuzz(Attacker attacker)
    {
        long until = Environment.TickCount64 + (long)Attacker.RaceTime.TotalMilliseconds;
        while (Environment.TickCount64 < until)
        {
            using RawChannel channel = OpenWhenFree(attacker, s_stages[attacker.Random.Next(s_stages.Length)]);
            for (int i = 0; i < 5; i++)
                SendAnything(attacker, channel);
        }
    }

    internal static void SendAnything(Attacker attacker, RawChannel channel)
    {
        byte[] message = new byte[attacker.Random.Next(4) == 0 ? attacker.Random.Next(1, 300) : ControlMessage.Bytes];
        attacker.Random.NextBytes(message);
        if (message.Length > 1)
            (message[0], message[1]) = ((byte)attacker.Random.Next(10), (byte)(attacker.Random.Next(8) == 0 ? 1 : 0));
        FileDescriptor[] passed = Attacker.AnyDescriptors(attacker.Random.Next(3) == 0 ? attacker.Random.Next(11) : 1);
        channel.TrySend(message, passed);
        foreach (FileDescriptor descriptor in passed)
            descriptor.Dispose();
    }

    // As many as the kernel allows in one message; the victim has room for fewer, and gets only those.
    private static void TooManyRights(Attacker attacker)
    {
        var arena = ClientArena.Sealed();
        FileDescriptor[] many = [.. Enumerable.Repeat(arena.Region.File, 253)];
        for (int round = 0; round < 20; round++)
        {
            using RawChannel channel = OpenWhenFree(attacker, HandshakeStage.Introduced);
            channel.TrySend(arena.RegionMessage.ToBytes(), many);
            Journal.Say($"told {channel.ReadToEnd()}");
        }
    }

    // While one link is up, another peer wants the same id, and is refused; the link does not notice.
    private static void Hijack(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        for (int round = 0; round < 50; round++)
        {
            Attacker.Behave(link, 20);
            using RawChannel second = attacker.Open(HandshakeStage.Greeted);
            second.Send(ClientSide.Init(attacker.Id));
            if (round == 0)
                Journal.Say($"told {second.ReadToEnd()}");
        }
    }

    // All messages at once, without a look at the answers.
    private static void Impatient(Attacker attacker)
    {
        var arena = ClientArena.Sealed();
        using RawChannel channel = RawChannel.Connect(attacker.Address);
        channel.Send(ClientSide.Init(attacker.Id));
        channel.Send(arena.RegionMessage.ToBytes(), arena.Region.File);
        channel.Send(ClientArena.S2MRing.ToBytes(), arena.S2MEvent.Descriptor);
        channel.Send(ClientArena.M2SRing.ToBytes(), arena.M2SEvent.Descriptor);
        channel.Send(ClientSide.Connect);
        using var link = new HostileClientLink(channel, arena);
        foreach (MessageType answer in (MessageType[])[MessageType.Hello, MessageType.Ack, MessageType.Ack, MessageType.Ack, MessageType.Ack, MessageType.Connected])
            channel.Expect(answer);
        link.PostAll();
        Attacker.Behave(link, 100);
    }
}

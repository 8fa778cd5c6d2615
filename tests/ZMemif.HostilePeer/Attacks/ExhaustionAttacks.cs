using System.Diagnostics;
using ZMemif.Control;
using ZMemif.HostilePeer.Links;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>
/// The victim has eight descriptors left, however that came. A peer passes more, and such whose closing blocks if the kernel
/// has to do it for want of room; then it wants more connections, or a link, than there are descriptors for.
/// </summary>
internal static class ExhaustionAttacks
{
    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("no-descriptors", AttackRoles.Client, AsClient),
        new("no-descriptors", AttackRoles.Server, AsServer),
    ];

    private const int TooMany = 20;

    private static void AsClient(Attacker attacker)
    {
        using (RawChannel channel = RawChannel.Connect(attacker.Address))
        {
            channel.Expect(MessageType.Hello);
            PassTooMany(channel, ControlMessage.Ack());
        }

        // The first ones are accepted, the others wait until there is a descriptor for them.
        List<RawChannel> held = [];
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Attacker.RaceTime)
        {
            Attacker.Ignore(() => held.Add(RawChannel.Connect(attacker.Address)));
            if (held.Count > TooMany)
                TakeFirst(held).Dispose();
        }

        held.ForEach(channel => channel.Dispose());
    }

    private static void AsServer(Attacker attacker)
    {
        // The victim may have come before, and be gone or about to give up.
        Attacker.Until(
            () =>
            {
                using RawChannel channel = attacker.Server.Accept();
                return PassTooMany(channel, ServerSide.Hello.ToBytes()).Contains("no file descriptors left", StringComparison.Ordinal);
            },
            "the victim has no room for what was passed");

        // It has several queues, and may have as many rings; for the events of all there is no room either.
        Attacker.Until(
            () =>
            {
                using RawChannel channel = attacker.Server.Accept();
                channel.Send((ServerSide.Hello with { MaxM2SRing = 255, MaxS2MRing = 255 }).ToBytes());
                return channel.ReadToEnd()?.Contains("Too many open files", StringComparison.Ordinal) == true;
            },
            "the victim cannot make its memory");
    }

    private static string PassTooMany(RawChannel channel, byte[] message)
    {
        LingeringSocket[] lingering = [.. Enumerable.Range(0, TooMany).Select(_ => new LingeringSocket())];
        channel.TrySend(message, [.. lingering.Select(socket => socket.Passed)]);
        Array.ForEach(lingering, socket => socket.LetGo());
        string told = channel.ReadToEnd() ?? "";
        Journal.Say($"told {told}");
        Array.ForEach(lingering, socket => socket.Dispose());
        return told;
    }

    private static RawChannel TakeFirst(List<RawChannel> channels)
    {
        RawChannel first = channels[0];
        channels.RemoveAt(0);
        return first;
    }
}

using System.Diagnostics;
using ZMemif.HostilePeer.Links;
using ZMemif.Memory;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>What can be done with the events, whose counter and flags both ends share.</summary>
internal static class EventAttacks
{
    internal static IReadOnlyList<Attack> All { get; } =
    [
        new("event-pipe", AttackRoles.Client, attacker => Announce(attacker, Native.Pipe())),
        new("event-semaphore", AttackRoles.Client, attacker => Announce(attacker, Native.Event(Native.EfdSemaphore))),
        new("event-saturated", AttackRoles.Both, Saturated),
        new("event-storm", AttackRoles.Both, Storm),
        new("event-blocking", AttackRoles.Both, Blocking),
        new("event-blocking-fought-for", AttackRoles.Both, BlockingFoughtFor),
        new("event-blocking-and-gone", AttackRoles.Both, BlockingAndGone),
        new("event-toggled", AttackRoles.Both, attacker => attacker.Again(Toggled)),
    ];

    private static void Announce(Attacker attacker, FileDescriptor descriptor)
    {
        using FileDescriptor passed = descriptor;
        using RawChannel channel = attacker.Open(HandshakeStage.RegionAdded);
        channel.Send(ClientArena.S2MRing.ToBytes(), passed);
        Journal.Say($"told {channel.ReadToEnd()}");
    }

    private static void Saturated(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        link.In.SetMask(false);
        Attacker.Race(
            () =>
            {
                Fill(link.InEvent);
                Fill(link.OutEvent);
                Thread.SpinWait(1000);
            },
            () => Attacker.BehaveForAWhile(link));
    }

    private static void Storm(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Attacker.RaceTime)
            link.OutEvent.Signal();
        Attacker.Behave(link, 20);
    }

    private static void Blocking(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        Block(link);
        Attacker.TellEnd(link);
    }

    // Whenever the victim's control thread empties the counter, it is full again at once.
    private static void BlockingFoughtFor(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        Attacker.Race(
            () => Block(link),
            () =>
            {
                while (!link.HasEnded)
                    link.ReceiveHonest();
            });
        Attacker.TellEnd(link);
    }

    // Nobody but the victim holds the event any more.
    private static void BlockingAndGone(Attacker attacker)
    {
        using HostileLink link = attacker.Connect();
        Block(link);
        Attacker.Until(() => link.VictimIn != link.Read, "the victim has sent, and is in the middle of its write");
    }

    // Both events block and do not, by turns, while ours is full and theirs is emptied under a reader who was told of it.
    private static void Toggled(HostileLink link, Func<bool> goesOn)
    {
        link.In.SetMask(false);
        Attacker.Race(
            () =>
            {
                Fill(link.InEvent);
                SetFlags(link, 0);
                Thread.SpinWait(100);
                SetFlags(link, Libc.O_NONBLOCK);
                link.OutEvent.Drain();
            },
            () =>
            {
                ulong number = 0;
                while (goesOn())
                {
                    link.SendHonest(4, ref number);
                    _ = link.VictimIn;
                    link.ReturnRead();
                }
            });
    }

    private static void SetFlags(HostileLink link, int flags)
    {
        _ = Libc.Fcntl(link.InEvent.Descriptor, Libc.F_SETFL, flags);
        _ = Libc.Fcntl(link.OutEvent.Descriptor, Libc.F_SETFL, flags);
    }

    private static void Block(HostileLink link)
    {
        link.In.SetMask(false);
        _ = Libc.Fcntl(link.InEvent.Descriptor, Libc.F_SETFL, Libc.O_NONBLOCK);
        Fill(link.InEvent);
        _ = Libc.Fcntl(link.InEvent.Descriptor, Libc.F_SETFL, 0);
    }

    // To the brim, whatever is in it already: a write that would be too much does nothing.
    private static void Fill(EventCounter @event)
    {
        if (Libc.Write(@event.Descriptor, ulong.MaxValue - 1) > 0)
            return;
        for (int bit = 63; bit >= 0; bit--)
            _ = Libc.Write(@event.Descriptor, 1UL << bit);
    }
}

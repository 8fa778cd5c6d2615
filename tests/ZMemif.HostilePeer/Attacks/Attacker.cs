using System.Diagnostics;
using ZMemif.HostilePeer.Links;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>What an attack works with: whom it attacks and as what, and how to get a link with him.</summary>
internal sealed class Attacker(AttackRoles role, string address, uint id, ServerSide? server)
{
    /// <summary>How long attacks go on that have no end of their own.</summary>
    internal static readonly TimeSpan RaceTime = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    internal bool IsClient => role == AttackRoles.Client;

    internal string Address => address;

    internal uint Id => id;

    internal ServerSide Server => server ?? throw new InvalidOperationException("Only a server listens.");

    internal Random Random { get; } = new(4711);

    /// <summary>A link that has come up correctly, with both directions moving.</summary>
    internal HostileLink Connect()
    {
        HostileLink link = IsClient ? ConnectWith(ClientArena.Sealed()) : Server.Open(HandshakeStage.Up).Link!;
        if (link is HostileClientLink client)
            client.PostAll();
        return link;
    }

    /// <summary>The same with a memory of one's own; nothing is posted yet.</summary>
    internal HostileClientLink ConnectWith(ClientArena arena) =>
        new(ClientSide.Open(address, id, HandshakeStage.Up, arena), arena);

    /// <summary>A channel that has come correctly to a stage; what belongs to it goes with the process.</summary>
    internal RawChannel Open(HandshakeStage stage) =>
        IsClient ? ClientSide.Open(address, id, stage, ClientArena.Sealed()) : Server.Open(stage).Channel;

    /// <summary>Sends and receives correctly for a while, while something else may be going on.</summary>
    internal static void Behave(HostileLink link, int packets)
    {
        ulong number = link.Sent;
        int sent = 0;
        int received = 0;
        Until(
            () =>
            {
                sent += link.SendHonest(Math.Min(8, packets - sent), ref number);
                received += link.ReceiveHonest();
                if (link.HasEnded)
                    throw new InvalidOperationException($"The victim ended a link that behaved: {link.Channel.ReadToEnd()}");
                return sent >= packets && received >= packets && link.IsOutEmpty;
            },
            $"{packets} packets go each way; {link.Slots} slots");
    }

    /// <summary>Behaves until the time of a race is over.</summary>
    internal static void BehaveForAWhile(HostileLink link)
    {
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < RaceTime)
            Behave(link, 20);
    }

    /// <summary>Reads what the victim says about the end of the link, and passes it on.</summary>
    internal static void TellEnd(HostileLink link) => Journal.Say($"told {link.Channel.ReadToEnd()}");

    internal static void Until(Func<bool> condition, string what)
    {
        long began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(began) > s_patience)
                throw new TimeoutException($"Not within {s_patience.TotalSeconds} s: {what}.");
            Thread.Yield();
        }
    }

    /// <summary>Does something again and again on another thread until the race is over.</summary>
    internal static void Race(Action again, Action meanwhile)
    {
        bool isOver = false;
        var thread = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
                again();
        });
        thread.Start();
        try
        {
            meanwhile();
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            thread.Join();
        }
    }

    /// <summary>Makes a link again and again, as often as the victim ends it, until the time of a race is over.</summary>
    internal void Again(Action<HostileLink, Func<bool>> attack)
    {
        long began = Stopwatch.GetTimestamp();
        bool GoesOn() => Stopwatch.GetElapsedTime(began) < RaceTime;
        int links = 0;
        while (GoesOn())
        {
            using HostileLink link = Connect();
            attack(link, () => GoesOn() && !link.HasEnded);
            links++;
        }

        Journal.Say($"told {links} links");
    }

    /// <summary>After the attack: an honest link over the same port works.</summary>
    internal void Recover()
    {
        using HostileLink link = Connect();
        Behave(link, 100);
    }

    internal static void Ignore(Action action)
    {
        try
        {
            action();
        }
        catch (MemifException)
        {
            // The victim has ended the connection, as it should.
        }
    }

    internal static FileDescriptor[] AnyDescriptors(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (i % 3) switch
        {
            0 => Native.Pipe(),
            1 => Native.Event(0),
            _ => Native.MemoryFile(4096, 0),
        })];
}

using System.Diagnostics;
using ZMemif.Control;
using ZMemif.HostilePeer.Links;
using ZMemif.Native;

namespace ZMemif.HostilePeer.Attacks;

/// <summary>
/// Descriptors whose last closing blocks, and it is the victim who closes them last: twenty in a message, as the last of so
/// many as a message carries, and in a message that is never read.
/// </summary>
internal static class LingerAttacks
{
    internal static IReadOnlyList<Attack> All { get; } = [new("linger", AttackRoles.Both, Linger)];

    private const int Each = 20;

    private static void Linger(Attacker attacker)
    {
        Action<RawChannel, FileDescriptor[]>[] ways = [PassAlone, PassAsTheLastOfMany, PassUnread];
        List<LingeringSocket> sockets = [];
        try
        {
            foreach (Action<RawChannel, FileDescriptor[]> pass in ways)
            {
                LingeringSocket[] lingering = [.. Enumerable.Range(0, Each).Select(_ => new LingeringSocket())];
                sockets.AddRange(lingering);
                using RawChannel channel = attacker.Open(attacker.IsClient ? HandshakeStage.Greeted : HandshakeStage.Silent);
                pass(channel, [.. lingering.Select(socket => socket.Passed)]);
                Array.ForEach(lingering, socket => socket.LetGo());
                channel.ReadToEnd();
            }

            Journal.Say($"told {MillisecondsToALink(attacker)} ms");
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static void PassAlone(RawChannel channel, FileDescriptor[] lingering) => channel.TrySend(ControlMessage.Ack(), lingering);

    private static void PassAsTheLastOfMany(RawChannel channel, FileDescriptor[] lingering)
    {
        using FileDescriptor other = Native.Event(0);
        channel.TrySend(ControlMessage.Ack(), [.. Enumerable.Repeat(other, 253 - Each), .. lingering]);
    }

    // Both lie on the channel before the victim looks: the first makes it end the connection.
    private static void PassUnread(RawChannel channel, FileDescriptor[] lingering)
    {
        channel.Send("x"u8);
        channel.TrySend(ControlMessage.Ack(), lingering);
    }

    private static long MillisecondsToALink(Attacker attacker)
    {
        long began = Stopwatch.GetTimestamp();
        using HostileLink link = attacker.Connect();
        Attacker.Behave(link, 20);
        return (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}

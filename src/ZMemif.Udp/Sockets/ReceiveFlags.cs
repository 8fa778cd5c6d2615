using System.Net.Sockets;

namespace ZMemif.Udp.Sockets;

/// <summary>What flags of a receive mean on Linux (recv(2)).</summary>
internal static class ReceiveFlags
{
    private const SocketFlags Known =
        SocketFlags.OutOfBand | SocketFlags.Peek | SocketFlags.DontRoute | SocketFlags.Truncated | SocketFlags.ControlDataTruncated;

    /// <summary>Whether a receive may be given these; some of them change nothing.</summary>
    internal static bool AreKnown(SocketFlags flags) => (flags & ~Known) == SocketFlags.None;

    /// <summary>Whether the datagram stays: it is only looked at, or there is no room for any of it.</summary>
    internal static bool LeavesIt(SocketFlags flags, int room) => (flags & SocketFlags.Peek) != SocketFlags.None || room == 0;

    /// <summary>The number that the caller gets: what was written, or on demand what there was.</summary>
    internal static int CountOf(int length, int room, SocketFlags flags) =>
        (flags & SocketFlags.Truncated) != SocketFlags.None && room > 0 ? length : Math.Min(length, room);

    /// <summary>What a caller that can be told is told.</summary>
    internal static SocketFlags Told(int length, int room) => length > room && room > 0 ? SocketFlags.Truncated : SocketFlags.None;
}

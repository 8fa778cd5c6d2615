using System.Net.Sockets;

namespace ZMemif.Udp.Sockets;

/// <summary>One socket option with a number for its value.</summary>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Changes it, or says why not.</param>
internal sealed record SocketOption(Func<UdpEndpoint, int> Get, Func<UdpEndpoint, int, SocketError> Set)
{
    /// <summary>One that is on or off, whatever the number.</summary>
    internal static SocketOption Flag(Func<UdpEndpoint, bool> get, Action<UdpEndpoint, bool> set) => new(
        socket => get(socket) ? 1 : 0,
        (socket, value) =>
        {
            set(socket, value != 0);
            return SocketError.Success;
        });

    /// <summary>One that only keeps what it is given.</summary>
    internal static SocketOption Stored(Func<SocketSettings, int> get, Action<SocketSettings, int> set) => new(
        socket => get(socket.Settings),
        (socket, value) =>
        {
            set(socket.Settings, value == 0 ? 0 : 1);
            return SocketError.Success;
        });

    /// <summary>One that cannot be changed.</summary>
    internal static SocketOption ReadOnly(Func<UdpEndpoint, int> get) => new(get, (_, _) => SocketError.ProtocolOption);
}

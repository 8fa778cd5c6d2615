using System.Net.Sockets;
using ZMemif.Udp.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Tests.Sockets;

/// <summary>Sends with the options that the socket has.</summary>
internal static class EndpointDriver
{
    /// <summary>Sends if there is room at once.</summary>
    internal static SocketError TrySend(this UdpEndpoint socket, UdpPeer to, ReadOnlySpan<byte> payload) => socket.Send(to, payload, 0);

    /// <summary>Sends, waiting for room for so many milliseconds.</summary>
    internal static SocketError Send(this UdpEndpoint socket, UdpPeer to, ReadOnlySpan<byte> payload, int milliseconds) =>
        socket.Send(to, payload, socket.Options, milliseconds);

    /// <summary>Sends, pending while there is no room.</summary>
    internal static ValueTask<SocketError> SendAsync(
        this UdpEndpoint socket, UdpPeer to, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        socket.SendAsync(to, payload, socket.Options, cancellationToken);
}

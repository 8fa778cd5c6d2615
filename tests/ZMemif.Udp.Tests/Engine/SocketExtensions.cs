using System.Net;

namespace ZMemif.Udp.Tests.Engine;

internal static class SocketExtensions
{
    /// <summary>Where the socket is reached from outside.</summary>
    internal static IPEndPoint LocalEndPointOf(this MemifDatagramSocket socket, MemifInterface memifInterface) =>
        new(memifInterface.Address, ((IPEndPoint)socket.LocalEndPoint!).Port);
}

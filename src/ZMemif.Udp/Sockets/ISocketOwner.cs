using System.Net.Sockets;

namespace ZMemif.Udp.Sockets;

/// <summary>The socket object of an endpoint, for an operation that is pending and keeps it alive meanwhile.</summary>
internal interface ISocketOwner
{
    /// <summary>The exception for a failed operation, which may change how the socket looks.</summary>
    SocketException Failure(SocketError error);
}

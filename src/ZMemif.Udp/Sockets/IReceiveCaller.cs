using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>Who is told the outcome of an <see cref="EventReceive"/> that had to wait.</summary>
internal interface IReceiveCaller
{
    /// <summary>The receive is over, and may be used again. Called on the thread pool.</summary>
    /// <param name="error">What went wrong.</param>
    /// <param name="direct">The datagram, on success; its payload is where it was wanted.</param>
    void Received(SocketError error, in DirectReceive direct);
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ZMemif.Udp.Sockets;

/// <summary>For whom an asynchronous receive is, and where its datagram goes.</summary>
/// <param name="Owner">The socket; null for nobody.</param>
/// <param name="Buffer">Where the payload goes; what does not fit is cut.</param>
/// <param name="Flags">What the caller asked for.</param>
/// <param name="Address">Where the sender's address goes; null if it is wanted otherwise, or not at all.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ReceiveTarget(ISocketOwner? Owner, Memory<byte> Buffer, SocketFlags Flags, SocketAddress? Address)
{
    /// <summary>The number that the caller gets for a datagram of this length.</summary>
    internal int CountOf(int length) => ReceiveFlags.CountOf(length, Buffer.Length, Flags);
}

using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>
/// Somebody who waits for a datagram, in a FIFO that belongs to a <see cref="DatagramInbox"/>. Exactly one of
/// <see cref="Complete"/> and <see cref="Fail"/> is called, by whoever took the waiter out of the list, outside the
/// inbox's lock.
/// </summary>
internal abstract class ReceiveWaiter
{
    /// <summary>Neighbors in the FIFO; under the inbox's lock.</summary>
    internal ReceiveWaiter? Previous { get; set; }

    internal ReceiveWaiter? Next { get; set; }

    /// <summary>Whether the waiter is in the FIFO; under the inbox's lock.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>What the socket's closing means for this kind of waiter.</summary>
    internal abstract SocketError ClosedError { get; }

    /// <summary>Whether it has no thread that could take frames off the link.</summary>
    internal abstract bool NeedsLoop { get; }

    /// <summary>Hands the datagram over.</summary>
    internal abstract void Complete(QueuedDatagram datagram);

    internal abstract void Fail(SocketError error);
}

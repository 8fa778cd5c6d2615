using System.Net.Sockets;
using ZMemif.Udp.Stack;

namespace ZMemif.Udp.Sockets;

/// <summary>Watches one of several sockets for a thread that waits for any of them.</summary>
/// <param name="event">Set when there is something to look at.</param>
internal sealed class SelectWaiter(ManualResetEventSlim @event) : ReceiveWaiter
{
    internal override SocketError ClosedError => SocketError.Interrupted;

    // The thread that waits can sleep on one link only, and there may be several.
    internal override bool NeedsLoop => true;

    internal override void Complete(QueuedDatagram datagram) => @event.Set();

    internal override void Fail(SocketError error) => @event.Set();
}

using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>Who receives the datagrams of a port: a socket.</summary>
internal interface IDatagramSink
{
    /// <summary>The bound address; any for all.</summary>
    Ipv4Address LocalAddress { get; }

    /// <summary>The connected peer, or null: then from everybody. A peer port of 0 stands for every port.</summary>
    UdpPeer? Peer { get; }

    /// <summary>The socket shares its port with others that do, too (SO_REUSEADDR and SO_REUSEPORT, which .NET sets together).</summary>
    bool SharesPort { get; }

    /// <summary>The receive buffer is full, and senders wait until it has room (<see cref="MemifOverflow.Hold"/>).</summary>
    bool HoldsBack { get; }

    /// <summary>
    /// Takes a datagram: copies the payload once, and verifies the checksum over that copy.
    /// </summary>
    /// <param name="datagram">The parsed headers.</param>
    /// <param name="payload">The payload, possibly in volatile memory: every byte may be read once.</param>
    /// <param name="direct">A call that may take it at once, if it is one of this socket.</param>
    /// <returns>Null when it was taken, else why not.</returns>
    MemifDropReason? Deliver(scoped in ReceivedDatagram datagram, scoped ReadOnlySpan<byte> payload, ref DirectReceive direct);

    /// <summary>Somebody on the way complains of a datagram that the socket has sent.</summary>
    void Fail(IcmpError error);
}

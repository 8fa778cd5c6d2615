namespace ZMemif.Udp.Sockets;

/// <summary>
/// What a program has chosen for one socket by its options (socket(7), ip(7)), as far as it is not kept where it takes effect. The
/// defaults are Linux's. Each value is read and written as a whole; several together are not one step.
/// </summary>
internal sealed class SocketSettings
{
    /// <summary>Linux' net.core.wmem_default.</summary>
    internal const int DefaultSendBuffer = 212_992;

    /// <summary>Datagrams may be sent to broadcast addresses (SO_BROADCAST).</summary>
    internal bool AllowsBroadcast { get; set; }

    /// <summary>SO_REUSEADDR: shares its port with others that do, too.</summary>
    internal bool ReusesAddress { get; set; }

    /// <summary>SO_REUSEPORT: the same.</summary>
    internal bool ReusesPort { get; set; }

    /// <summary>How long a synchronous receive waits, in milliseconds; 0 without limit (SO_RCVTIMEO).</summary>
    internal int ReceiveTimeout { get; set; }

    /// <summary>How long a synchronous send waits for room, in milliseconds; 0 without limit (SO_SNDTIMEO).</summary>
    internal int SendTimeout { get; set; }

    /// <summary>The longest datagram in bytes, and the bytes of asynchronous sends that may pend (SO_SNDBUF).</summary>
    internal int SendBuffer { get; set; } = DefaultSendBuffer;

    /// <summary>Hears of errors without a peer as well, and of passing ones (IP_RECVERR).</summary>
    internal bool WantsAllErrors { get; set; }

    /// <summary>The address that IP_MULTICAST_IF was given; 0.0.0.0 for none. There is but one interface.</summary>
    internal int MulticastInterface { get; set; }

    // What Linux stores for a socket of datagrams, and never looks at.

    /// <summary>SO_DEBUG.</summary>
    internal int Debug { get; set; }

    /// <summary>SO_KEEPALIVE.</summary>
    internal int KeepAlive { get; set; }

    /// <summary>SO_OOBINLINE.</summary>
    internal int OutOfBandInline { get; set; }

    /// <summary>UDP_GRO: a permission to hand over several datagrams as one, of which no use is made here.</summary>
    internal int MayMerge { get; set; }

    /// <summary>SO_RCVLOWAT.</summary>
    internal int ReceiveLowWater { get; set; } = 1;

    /// <summary>SO_LINGER: whether, and for how many seconds.</summary>
    internal (bool IsOn, int Seconds) Linger { get; set; }
}

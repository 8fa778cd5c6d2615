using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// A receive call that takes frames off the link itself: the first datagram for its socket goes straight where the caller
/// wants it, without a copy in between. The default stands for nobody.
/// </summary>
internal ref struct DirectReceive
{
    private readonly bool _wantsArray;

    private DirectReceive(IDatagramSink? sink, Span<byte> buffer, bool wantsArray)
    {
        Sink = sink;
        Buffer = buffer;
        _wantsArray = wantsArray;
    }

    /// <summary>Whose datagram is wanted.</summary>
    internal IDatagramSink? Sink { get; }

    /// <summary>Where the payload goes; what does not fit is cut.</summary>
    internal Span<byte> Buffer { get; }

    /// <summary>The caller's place in the line of those who wait; null while it does not stand there. Who lost the place is being served otherwise.</summary>
    internal object? Place { get; set; }

    /// <summary>The payload, if it was wanted as an array of its own length.</summary>
    internal byte[]? Array { get; private set; }

    /// <summary>The datagram's whole length in bytes; more than the buffer's when it was cut.</summary>
    internal int Length { get; private set; }

    /// <summary>Who sent it.</summary>
    internal UdpPeer Source { get; private set; }

    /// <summary>To which of the own addresses, or to which group.</summary>
    internal Ipv4Address Destination { get; private set; }

    /// <summary>The caller has his datagram.</summary>
    internal bool IsServed { get; private set; }

    /// <summary>Nothing more has to be taken off the link for the caller, at least until he has looked.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>A call that has a buffer.</summary>
    internal static DirectReceive Into(IDatagramSink? sink, Span<byte> buffer) => new(sink, buffer, wantsArray: false);

    /// <summary>A call that wants an array of the datagram's length.</summary>
    internal static DirectReceive IntoArray(IDatagramSink? sink) => new(sink, default, wantsArray: true);

    /// <summary>A call that only looks: what comes goes into the socket's receive buffer.</summary>
    internal static DirectReceive Look(IDatagramSink sink) => new(sink, default, wantsArray: false);

    /// <summary>Lends memory for a whole payload.</summary>
    /// <returns>False when the caller has no room for all of it.</returns>
    internal bool TryLend(int length, out Span<byte> memory)
    {
        if (_wantsArray)
            Array = length == 0 ? [] : GC.AllocateUninitializedArray<byte>(length);
        bool fits = _wantsArray || (length <= Buffer.Length && length > 0);
        memory = !fits ? default : _wantsArray ? Array : Buffer[..length];
        return fits;
    }

    /// <summary>The memory that was lent holds the datagram, and it is the caller's.</summary>
    internal void Serve(scoped in ReceivedDatagram datagram, int length)
    {
        Length = length;
        Source = new UdpPeer(datagram.Source, datagram.SourcePort);
        Destination = datagram.Destination;
        IsServed = IsOver = true;
    }

    /// <summary>A datagram is copied from private memory, and cut if need be.</summary>
    internal void Serve(scoped ReadOnlySpan<byte> payload, UdpPeer source, Ipv4Address destination)
    {
        if (_wantsArray)
            Array = payload.ToArray();
        else
            payload[..Math.Min(payload.Length, Buffer.Length)].CopyTo(Buffer);
        Length = payload.Length;
        Source = source;
        Destination = destination;
        IsServed = IsOver = true;
    }

    /// <summary>A datagram for the caller's socket has come, but into its receive buffer or for another caller.</summary>
    internal void Notice() => IsOver = true;

    /// <summary>The caller has looked, and wants more.</summary>
    internal void GoOn() => IsOver = IsServed;
}

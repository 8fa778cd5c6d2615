using System.Runtime.InteropServices;
using ZMemif.Udp.Wire;

namespace ZMemif.Udp.Stack;

/// <summary>
/// A receive call that takes frames off the link itself: the first datagram for its socket, or the first few, go straight where
/// the caller wants them, without a copy in between. The default stands for nobody.
/// </summary>
internal ref struct DirectReceive
{
    private readonly Span<MemifDatagram> _batch;
    private readonly bool _wantsArray;

    private DirectReceive(IDatagramSink? sink, Span<byte> buffer, bool wantsArray, Span<MemifDatagram> batch)
    {
        Sink = sink;
        Buffer = buffer;
        _wantsArray = wantsArray;
        _batch = batch;
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

    /// <summary>To which port.</summary>
    internal ushort DestinationPort { get; private set; }

    /// <summary>How many routers it might have passed still.</summary>
    internal byte TimeToLive { get; private set; }

    /// <summary>Its differentiated services field.</summary>
    internal byte TypeOfService { get; private set; }

    /// <summary>On which interface it came; 0 if nobody wanted to know it then.</summary>
    internal int InterfaceIndex { get; private set; }

    /// <summary>How many datagrams the caller has.</summary>
    internal int Count { get; private set; }

    /// <summary>How many more the caller has room for.</summary>
    internal readonly int Wanted => Math.Max(_batch.Length, 1) - Count;

    /// <summary>The caller has a datagram.</summary>
    internal readonly bool IsServed => Count > 0;

    /// <summary>Nothing more has to be taken off the link for the caller, at least until he has looked.</summary>
    internal bool IsOver { get; private set; }

    /// <summary>A call that has a buffer.</summary>
    internal static DirectReceive Into(IDatagramSink? sink, Span<byte> buffer) => new(sink, buffer, wantsArray: false, default);

    /// <summary>A call that wants an array of the datagram's length.</summary>
    internal static DirectReceive IntoArray(IDatagramSink? sink) => new(sink, default, wantsArray: true, default);

    /// <summary>A call that has room for several datagrams.</summary>
    internal static DirectReceive IntoBatch(IDatagramSink sink, Span<MemifDatagram> batch) => new(sink, default, wantsArray: false, batch);

    /// <summary>A call that only looks: what comes goes into the socket's receive buffer.</summary>
    internal static DirectReceive Look(IDatagramSink sink) => new(sink, default, wantsArray: false, default);

    /// <summary>Lends memory for a whole payload.</summary>
    /// <returns>False when the caller has no room for all of it.</returns>
    internal bool TryLend(int length, out Span<byte> memory)
    {
        if (!_batch.IsEmpty)
            return TryLendNext(length, out memory);
        if (_wantsArray)
            Array = length == 0 ? [] : GC.AllocateUninitializedArray<byte>(length);
        bool fits = _wantsArray || (length <= Buffer.Length && length > 0);
        memory = !fits ? default : _wantsArray ? Array : Buffer[..length];
        return fits;
    }

    /// <summary>The memory that was lent holds the datagram, and it is the caller's.</summary>
    internal void Serve(scoped in ReceivedDatagram datagram, int length, int interfaceIndex)
    {
        InterfaceIndex = interfaceIndex;
        var source = new UdpPeer(datagram.Source, datagram.SourcePort);
        if (_batch.IsEmpty)
            Note(length, source, datagram.Destination, datagram.DestinationPort, datagram.TimeToLive, datagram.TypeOfService);
        else
            Fill(length, source, datagram.Destination, datagram.DestinationPort, datagram.TimeToLive, datagram.TypeOfService);
        Finish();
    }

    /// <summary>A datagram is copied from private memory, and cut if need be.</summary>
    internal void Serve(scoped in QueuedDatagram datagram)
    {
        InterfaceIndex = datagram.InterfaceIndex;
        if (!_batch.IsEmpty)
        {
            Span<byte> room = _batch[Count].Buffer.Span;
            datagram.Payload[..Math.Min(datagram.Length, room.Length)].CopyTo(room);
            Fill(datagram.Length, datagram.Sender, datagram.Destination, datagram.DestinationPort, datagram.TimeToLive, datagram.TypeOfService);
        }
        else
        {
            if (_wantsArray)
                Array = datagram.Payload.ToArray();
            else
                datagram.Payload[..Math.Min(datagram.Length, Buffer.Length)].CopyTo(Buffer);
            Note(datagram.Length, datagram.Sender, datagram.Destination, datagram.DestinationPort, datagram.TimeToLive, datagram.TypeOfService);
        }

        Finish();
    }

    /// <summary>A datagram for the caller's socket has come, but into its receive buffer or for another caller.</summary>
    internal void Notice() => IsOver = true;

    /// <summary>The caller has looked, and wants more.</summary>
    internal void GoOn() => IsOver = IsServed;

    /// <summary>The caller has looked, and wants to have all that he has room for.</summary>
    internal void LookOn() => IsOver = Wanted <= 0;

    // Memory that is no array belongs to code of the user's, which must not run here: it is served from the receive buffer.
    private readonly bool TryLendNext(int length, out Span<byte> memory)
    {
        bool fits = MemoryMarshal.TryGetArray(_batch[Count].Buffer, out ArraySegment<byte> room) && length <= room.Count;
        memory = fits ? room.AsSpan(0, length) : default;
        return fits;
    }

    private void Note(int length, UdpPeer source, Ipv4Address destination, ushort port, byte timeToLive, byte typeOfService)
    {
        Length = length;
        Source = source;
        (Destination, DestinationPort) = (destination, port);
        (TimeToLive, TypeOfService) = (timeToLive, typeOfService);
    }

    private readonly void Fill(int length, UdpPeer source, Ipv4Address destination, ushort port, byte timeToLive, byte typeOfService)
    {
        ref MemifDatagram datagram = ref _batch[Count];
        datagram.Length = Math.Min(length, datagram.Buffer.Length);
        datagram.IsTruncated = length > datagram.Buffer.Length;
        datagram.RemoteEndPoint = new MemifEndPoint(source);
        datagram.LocalEndPoint = new MemifEndPoint(new UdpPeer(destination, port));
        datagram.TimeToLive = timeToLive;
        datagram.TypeOfService = typeOfService;
    }

    // Who is served has left the line.
    private void Finish()
    {
        Count++;
        Place = null;
        IsOver = Wanted <= 0;
    }
}

namespace ZMemif.Udp.Diagnostics;

/// <summary>
/// What happened on an interface, by name. Any thread may count; the balances that tests assert:
/// <c>frames received = consumed + answered + delivered + Σ drops on receipt</c>, and
/// <c>datagrams sent = transmitted + looped back + parked + Σ drops on transmit</c>.
/// </summary>
internal sealed class InterfaceCounters
{
    private static readonly int s_reasons = Enum.GetValues<MemifDropReason>().Length;

    private readonly long[] _drops = new long[s_reasons];
    private long _framesReceived;
    private long _framesConsumed;
    private long _datagramsDelivered;
    private long _datagramsSent;
    private long _datagramsLooped;

    internal long FramesReceived => Volatile.Read(ref _framesReceived);

    /// <summary>Frames that a protocol of this host used up: ARP, answered echo requests.</summary>
    internal long FramesConsumed => Volatile.Read(ref _framesConsumed);

    internal long DatagramsDelivered => Volatile.Read(ref _datagramsDelivered);

    internal long DatagramsSent => Volatile.Read(ref _datagramsSent);

    internal long DatagramsLooped => Volatile.Read(ref _datagramsLooped);

    internal void Drop(MemifDropReason reason) => Interlocked.Increment(ref _drops[(int)reason]);

    internal long Drops(MemifDropReason reason) => Volatile.Read(ref _drops[(int)reason]);

    internal void FrameReceived() => Interlocked.Increment(ref _framesReceived);

    internal void FrameConsumed() => Interlocked.Increment(ref _framesConsumed);

    internal void DatagramDelivered() => Interlocked.Increment(ref _datagramsDelivered);

    internal void DatagramSent() => Interlocked.Increment(ref _datagramsSent);

    internal void DatagramLooped() => Interlocked.Increment(ref _datagramsLooped);
}

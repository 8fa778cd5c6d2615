using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>
/// Receiving side of a ring: gathers validated private copies of the next descriptors, and gives the slots back once
/// their packets have been read. Only whole packets are yielded.
/// </summary>
internal abstract class RxWalk : QueueWalk
{
    /// <summary>The longest packet: 65,535 bytes of IP with an Ethernet header and a VLAN tag.</summary>
    internal const int MaxPacketLength = 65535 + 18;

    private readonly PacketSegment[] _segments;
    private int _complete;
    private int _pending;
    private int _pendingBytes;
    private int _read;

    protected RxWalk(Generation generation, Ring ring, QueueSignal signal)
        : base(generation, ring, signal)
    {
        _segments = new PacketSegment[ring.Slots];
    }

    /// <summary>Free-running index of the first slot that has not been given back.</summary>
    protected ushort Next { get; private set; }

    /// <summary>Whether the peer has published something behind <see cref="Next"/>; an acquiring look at the ring.</summary>
    internal abstract bool HasPackets { get; }

    /// <summary>Looks for packets, at most so many.</summary>
    /// <returns>How many whole packets <see cref="TryRead"/> will yield.</returns>
    internal int Gather(int maxPackets)
    {
        _complete = _pending = _pendingBytes = _read = 0;
        return Violation is null ? GatherCore(maxPackets) : 0;
    }

    /// <summary>The segments of the next whole packet that was gathered, and their bytes together.</summary>
    internal bool TryRead(out ReadOnlySpan<PacketSegment> segments, out int length)
    {
        int first = _read;
        if (first == _complete)
        {
            segments = default;
            length = 0;
            return false;
        }

        int last = first;
        length = _segments[first].Length;
        while (_segments[last].More)
            length += _segments[++last].Length;
        _read = last + 1;
        segments = _segments.AsSpan(first, last - first + 1);
        return true;
    }

    /// <summary>Gives the slots of all packets that were read back to the peer; the others will be gathered again.</summary>
    internal void Release()
    {
        if (_read == 0)
            return;
        ushort next = (ushort)(Next + _read);
        Return(Next, _read);
        Next = next;
        _complete = _read = 0;
    }

    protected abstract int GatherCore(int maxPackets);

    /// <summary>Hands <paramref name="count"/> slots from <paramref name="first"/> on back to the peer.</summary>
    protected abstract void Return(ushort first, int count);

    /// <summary>Appends one validated segment.</summary>
    /// <returns>False when the chain has become longer than a packet may be.</returns>
    protected bool Append(in PacketSegment segment)
    {
        _segments[_complete + _pending++] = segment;
        _pendingBytes += segment.Length;
        if (_pendingBytes > MaxPacketLength)
            return false;
        if (!segment.More)
        {
            _complete += _pending;
            _pending = _pendingBytes = 0;
        }

        return true;
    }

    /// <summary>
    /// What a chain without end means: the rest may still come, unless the ring is full and nothing in it is complete.
    /// </summary>
    protected void CheckOpenChain(int available)
    {
        if (_pending == available && available == Ring.Slots)
            Fail($"a chain of {available} descriptors fills the ring and has no end");
    }
}

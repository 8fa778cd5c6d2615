using ZMemif.Memory;

namespace ZMemif.Queues;

/// <summary>
/// Receiving side of a ring: gathers validated private copies of the next descriptors, and gives the slots back once
/// their packets have been read, or their loans have ended. Only whole packets are yielded.
/// </summary>
internal abstract partial class RxWalk : QueueWalk
{
    /// <summary>The longest packet: 65,535 bytes of IP with an Ethernet header and a VLAN tag.</summary>
    internal const int MaxPacketLength = 65535 + 18;

    // No counter has this value.
    private const int None = -1;

    private readonly PacketSegment[] _segments;
    private readonly bool _dropsMalformed;
    private readonly ulong[] _dropped = new ulong[(int)Malformation.TooLong + 1];
    private ushort _published;
    private volatile bool _isRetired;
    private bool _hasLookedLast;
    private int _fruitless = None;
    private int _complete;
    private int _read;

    protected RxWalk(Generation generation, Ring ring, QueueSignal signal, MemifMalformedPolicy malformed)
        : base(generation, ring, signal)
    {
        _segments = new PacketSegment[ring.Slots];
        _dropsMalformed = malformed == MemifMalformedPolicy.Drop;
    }

    /// <summary>Whether its connection is gone.</summary>
    internal bool IsRetired => _isRetired;

    /// <summary>For whoever is inside: the connection is gone, and all that it brought has been read.</summary>
    internal bool IsExhausted => _isRetired && (Violation is not null || (_hasLookedLast && _published == Next));

    /// <summary>
    /// Whether the peer has published something that has not been read; an acquiring look at the ring. Half a packet is
    /// nothing, once it has been looked at, until the peer publishes more. May be asked while somebody else is inside.
    /// </summary>
    internal bool HasPackets
    {
        get
        {
            ushort published = AcquirePublished();
            return published != Next && published != Volatile.Read(ref _fruitless);
        }
    }

    /// <summary>Slots that the peer has published and that have not been read; an acquiring look at the ring.</summary>
    internal int Occupancy => Math.Min((ushort)(AcquirePublished() - Next), Ring.Slots);

    /// <summary>Free-running index of the first slot that has not been read.</summary>
    protected ushort Next { get; private set; }

    /// <summary>
    /// The connection is gone: of the peer's counter one more look is taken, so that what it published can be read, and not
    /// what somebody may go on writing. Thread-safe.
    /// </summary>
    internal void Retire() => _isRetired = true;

    /// <summary>Ends a walk that has been retired, if it has nothing to yield. Thread-safe.</summary>
    internal void CloseIfEmpty()
    {
        if (!TryHold())
            return;
        if (Violation is not null || AcquirePublished() == Next)
            Close();
        Generation.Release();
    }

    /// <summary>Looks for packets, at most so many.</summary>
    /// <returns>How many whole packets <see cref="TryRead"/> will yield.</returns>
    internal int Gather(int maxPackets)
    {
        _complete = _read = 0;
        int available = Violation is null ? Available() : 0;
        int packets = GatherSlots(available, maxPackets);
        if (packets == 0 && available > 0)
            LookForTheRest(available);
        return packets;
    }

    /// <summary>The segments of the next whole packet that was gathered, and their bytes together.</summary>
    internal bool TryRead(out ReadOnlySpan<PacketSegment> segments, out int length)
    {
        while (_read < _complete)
        {
            int first = _read;
            int last = first;
            length = _segments[first].Length;
            while (_segments[last].More)
                length += _segments[++last].Length;
            _read = last + 1;
            segments = _segments.AsSpan(first, last - first + 1);
            if (segments[0].Length >= 0)
                return true;
            _dropped[-segments[0].Length]++;
            HasDropped = true;
        }

        segments = default;
        length = 0;
        return false;
    }

    /// <summary>Gives the slots of all packets that were read back to the peer; the others will be gathered again.</summary>
    internal void Release()
    {
        if (_read == 0)
            return;
        GiveBack(Next, _read);
        Advance();
    }

    /// <summary>Whether packets were dropped as malformed that nobody has taken account of.</summary>
    internal bool HasDropped { get; private set; }

    /// <summary>How many packets were dropped for one reason since the last call.</summary>
    internal ulong TakeDropped(Malformation reason)
    {
        HasDropped = false;
        ulong dropped = _dropped[(int)reason];
        _dropped[(int)reason] = 0;
        return dropped;
    }

    /// <summary>The counter by which the peer publishes packets on this ring.</summary>
    protected abstract ushort AcquirePublished();

    /// <summary>Hands <paramref name="count"/> slots from <paramref name="first"/> on back to the peer.</summary>
    protected abstract void Return(ushort first, int count);

    /// <summary>Checks one descriptor.</summary>
    /// <param name="index">Free-running index of its slot.</param>
    /// <param name="descriptor">A private copy.</param>
    /// <param name="offset">Where the data lies in <paramref name="region"/>.</param>
    /// <param name="region">Index of the region.</param>
    /// <returns>What makes it impossible.</returns>
    protected abstract Malformation Locate(ushort index, in Descriptor descriptor, out ushort region, out uint offset);

    /// <summary>What to say of a descriptor that cannot be located.</summary>
    protected abstract string DescribeImpossible(ushort index, in Descriptor descriptor);

    /// <summary>What to say of a published counter that cannot be.</summary>
    protected abstract string DescribeJump(ushort published, int available);

    private int Available()
    {
        int available = (ushort)(_published - Next);
        if (available > 0)
            return available;
        if (_hasLookedLast)
            return 0;
        _hasLookedLast = _isRetired;
        _published = AcquirePublished();
        available = (ushort)(_published - Next);
        if (FitsBesideLoans(available))
            return available;
        Fail(DescribeJump(_published, available));
        _published = Next;
        return 0;
    }

    private int GatherSlots(int available, int maxPackets)
    {
        int packets = 0;
        int length = 0;
        Malformation malformation = Malformation.None;
        for (int i = 0; i < available && packets < maxPackets; i++)
        {
            ushort index = (ushort)(Next + i);
            Descriptor descriptor = Ring.ReadDescriptor(index);
            bool more = (descriptor.Flags & Descriptor.Next) != 0;
            Malformation wrong = Locate(index, descriptor, out ushort region, out uint offset);
            if (wrong == Malformation.None && length + (long)descriptor.Length > MaxPacketLength)
                wrong = Malformation.TooLong;
            if (wrong == Malformation.None)
            {
                length += (int)descriptor.Length;
            }
            else if (_dropsMalformed)
            {
                malformation = malformation == Malformation.None ? wrong : malformation;
            }
            else
            {
                Fail(wrong == Malformation.TooLong ? $"a chain is longer than {MaxPacketLength} bytes" : DescribeImpossible(index, descriptor));
                return packets;
            }

            _segments[i] = new PacketSegment(region, offset, (int)descriptor.Length, more);
            if (more)
                continue;
            if (malformation != Malformation.None)
                MarkMalformed(_complete, i, malformation);
            else
                packets++;
            _complete = i + 1;
            length = 0;
            malformation = Malformation.None;
        }

        return packets;
    }

    // The slots of the packet stay in order, so that they can go back; its pieces are never looked at. No length is negative.
    private void MarkMalformed(int first, int last, Malformation malformation)
    {
        for (int i = first; i <= last; i++)
            _segments[i] = _segments[i] with { Region = 0, Offset = 0, Length = i == first ? -(int)malformation : 0 };
    }

    /// <summary>
    /// Nothing can be yielded though something is there: what was malformed goes back at once, and a chain whose end has
    /// not come makes the next look read the ring again, which is not worth it before the counter is another one. A ring
    /// that is full of one endless chain will never yield.
    /// </summary>
    private void LookForTheRest(int available)
    {
        if (_complete > 0)
        {
            _ = TryRead(out _, out _);
            Release();
            return;
        }

        if (available == Ring.Slots)
            Fail($"a chain of {available} descriptors fills the ring and has no end");
        Volatile.Write(ref _fruitless, _published);
        _published = Next;
    }

    private void Advance()
    {
        Next = (ushort)(Next + _read);
        Volatile.Write(ref _fruitless, None);
        _complete = _read = 0;
    }
}
